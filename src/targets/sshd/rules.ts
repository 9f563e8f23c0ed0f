/** The constant choices of the sshd target, each with its reason, which is also the comment above the line. */
import { rule } from '../rule.ts'

/** Every constant choice, by name. */
export const rules = {
  addresses: rule('sshd', 'addresses', 'the management addresses and no other; by default every address of the device takes log-ins'),
  device: rule('sshd', 'device', 'rdomain is the management VRF: the socket is bound to it, and answers go back in it'),
  from: rule('sshd', 'from', 'the filter says from where as well; while a filter is out of order its device is not open to everyone'),
  hostKey: rule(
    'sshd',
    'host-key',
    'one key, of a kind that clients know since 2014; by default a device has three, and shows a client that knows one of them another',
  ),
  hostCertificate: rule(
    'sshd',
    'host-certificate',
    'who trusts the CA of hosts knows each device at the first log-in; until the certificate is there, which is public, a client asks whether to trust the key',
  ),
  userCa: rule('sshd', 'user-ca', 'in comes who has a certificate of this CA that names the account: it ends by itself, and the log says whose it was'),
  noKeys: rule('sshd', 'no-keys', 'a key that was left in a home directory would let its owner in for ever'),
  noPasswords: rule('sshd', 'no-passwords', 'a certificate and nothing else: no password, by whatever way PAM would ask for it'),
  keyExchange: rule(
    'sshd',
    'key-exchange',
    'X25519, also with a part that a quantum computer does not break (RFC 8731; OpenSSH 9.0 release notes); no NIST curves, no groups of primes',
  ),
  ciphers: rule(
    'sshd',
    'ciphers',
    'AES-GCM (RFC 5647) needs no MAC and is not open to Terrapin, as ChaCha20 is with a client that was not mended (CVE-2023-48795)',
  ),
  grace: rule(
    'sshd',
    'grace',
    'who says nothing is cut off after 30 s, not 120: while ten such connections are open, others are turned away by chance (MaxStartups)',
  ),
  alive: rule('sshd', 'alive', 'a session whose other end is gone ends after 3 minutes; by default it stays, with the files that it has locked'),
  noForwarding: rule('sshd', 'no-forwarding', 'a device stands in many networks, and a log-in to it must be no way into them past the filter'),
  pam: rule('sshd', 'pam', 'without PAM an account with a locked password, as that of root should be, takes no certificate either'),
  log: rule('sshd', 'log', 'a certificate that was refused is logged with its name; the default level says that a connection was closed'),
  files: rule('sshd', 'files', 'scp speaks SFTP since OpenSSH 9.0: without it no file gets to the device'),
} as const
