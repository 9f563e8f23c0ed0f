/** Writes the tree as `sshd_config`: where it listens and for whom, who it says it is, whom it believes, how a session goes. */
import { secretPath } from '#design/device.ts'
import type { Line, PrintedFile, Rule } from '../target.ts'
import { rules } from './rules.ts'
import type { SshdTree } from './tree.ts'

/** The key that Debian's package makes when it is installed; it never leaves the device. */
export const HOST_KEY = '/etc/ssh/ssh_host_ed25519_key'

/** The constant lines, as `parse` insists on them. */
export const CONSTANTS: readonly (readonly [text: string, rule: Rule])[] = [
  [`HostKey ${HOST_KEY}`, rules.hostKey],
  // Where `ssh-keygen -s` puts it.
  [`HostCertificate ${HOST_KEY}-cert.pub`, rules.hostCertificate],
  [`TrustedUserCAKeys ${secretPath('ssh-user-ca')}`, rules.userCa],
  ['AuthorizedKeysFile none', rules.noKeys],
  ['AuthenticationMethods publickey', rules.noPasswords],
  ['KexAlgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256', rules.keyExchange],
  ['Ciphers aes256-gcm@openssh.com,aes128-gcm@openssh.com', rules.ciphers],
  ['LoginGraceTime 30', rules.grace],
  ['ClientAliveInterval 60', rules.alive],
  ['DisableForwarding yes', rules.noForwarding],
  ['UsePAM yes', rules.pam],
  ['LogLevel VERBOSE', rules.log],
  ['Subsystem sftp internal-sftp', rules.files],
]

function reason(rule: Rule): Line {
  return { text: `# ${rule.reason}`, why: [rule.origin] }
}

// Made once: they are the same lines on every device.
const ADDRESSES = reason(rules.addresses)
const DEVICE = reason(rules.device)
const FROM = reason(rules.from)
const CONSTANT_LINES: readonly Line[] = CONSTANTS.flatMap(([text, rule]) => [reason(rule), { text, why: [rule.origin] }])

/** The one file. */
export function print({ addresses, device, from, why }: SshdTree): readonly PrintedFile[] {
  const domain = device === undefined ? '' : ` rdomain ${device}`
  const listening = [...why, rules.addresses.origin, ...(device === undefined ? [] : [rules.device.origin])]
  const allowed = [...why, rules.from.origin]
  const lines: Line[] = [
    ADDRESSES,
    ...(device === undefined ? [] : [DEVICE]),
    ...addresses.map((address) => ({ text: `ListenAddress ${address}${domain}`, why: listening })),
    FROM,
    ...from.map((prefix) => ({ text: `AllowUsers *@${prefix}`, why: allowed })),
    ...CONSTANT_LINES,
  ]
  return [{ path: 'sshd_config', lines }]
}
