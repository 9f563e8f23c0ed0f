/** The Debian packages that the tests drive: the engines that the printed configs are for. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** A package, a program (by name, or by path where it is not in everyone's) or other file by which it is known to be there, and what it is for. */
interface DebianPackage {
  readonly name: string
  readonly program: string
  readonly reason: string
}

const PACKAGES: readonly DebianPackage[] = [
  { name: 'frr', program: 'vtysh', reason: 'loads the printed routing configs, and routes' },
  { name: 'nftables', program: 'nft', reason: 'loads the printed filters' },
  { name: 'frr-pythontools', program: '/usr/lib/frr/frr-reload.py', reason: 'says what a reload of a printed routing config would change' },
  { name: 'haproxy', program: 'haproxy', reason: 'balances by the printed configs' },
  { name: 'kea-dhcp4-server', program: 'kea-dhcp4', reason: 'hands out IPv4 addresses by the printed configs' },
  { name: 'kea-dhcp6-server', program: 'kea-dhcp6', reason: 'hands out IPv6 addresses by the printed configs' },
  { name: 'isc-dhcp-client', program: 'dhclient', reason: 'asks for those addresses' },
  { name: 'keepalived', program: 'keepalived', reason: 'shares gateway addresses by the printed configs' },
  { name: 'conntrackd', program: 'conntrackd', reason: 'keeps firewalls in step by the printed configs' },
  { name: 'conntrack', program: 'conntrack', reason: 'shows which connections a firewall knows' },
  { name: 'wireguard-tools', program: 'wg', reason: 'reads the printed tunnels' },
  { name: 'wireguard-go', program: 'wireguard-go', reason: 'runs tunnels where the kernel has none' },
  { name: 'unbound', program: 'unbound', reason: 'answers names by the printed configs' },
  { name: 'bind9-dnsutils', program: 'dig', reason: 'asks for them' },
  { name: 'dns-root-data', program: '/usr/share/dns/root.key', reason: 'is the key that names of others are believed by' },
  { name: 'hostapd', program: 'hostapd', reason: 'lets hosts in by the printed configs' },
  { name: 'wpasupplicant', program: 'wpa_supplicant', reason: 'asks to be let in' },
  { name: 'chrony', program: 'chronyd', reason: 'reads the printed clocks' },
  { name: 'rsyslog', program: 'rsyslogd', reason: 'reads the printed logs' },
  { name: 'snmpd', program: 'snmpd', reason: 'answers by the printed monitoring configs' },
  { name: 'snmp', program: 'snmpget', reason: 'asks it' },
  { name: 'openssh-server', program: 'sshd', reason: 'reads the printed log-in configs' },
  { name: 'openssh-client', program: 'ssh', reason: 'logs in' },
  { name: 'ndisc6', program: 'rdisc6', reason: 'listens to router advertisements' },
  { name: 'socat', program: 'socat', reason: 'asks the balancer for its state' },
  { name: 'openssl', program: 'openssl', reason: 'makes certificates for tests' },
  { name: 'procps', program: 'sysctl', reason: 'sets the printed kernel parameters' },
  { name: 'iproute2', program: 'ip', reason: 'makes the namespaces and links that configs are loaded in' },
  { name: 'iputils-ping', program: 'ping', reason: 'sends packets through what was loaded' },
]

/** Where Debian has programs; not all of it is in everyone's PATH. */
export const PROGRAM_FOLDERS = ['/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** Installs what is missing where it can (as root, on Debian and its kin); else says what is missing and why. */
export function ensurePackages(): void {
  const there = (program: string) => (program.startsWith('/') ? existsSync(program) : PROGRAM_FOLDERS.some((folder) => existsSync(`${folder}/${program}`)))
  const missing = PACKAGES.filter(({ program }) => !there(program))
  if (missing.length === 0) return
  const names = missing.map(({ name }) => name)
  for (const { name, reason } of missing) console.log(`Missing: ${name}, which ${reason}.`)
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.log(`For the tests that need them: sudo apt-get install ${names.join(' ')}`)
    return
  }
  console.log(`Installing ${names.join(' ')} (apt-get) ...`)
  if (!aptGet('install', ...names) && !(aptGet('update') && aptGet('install', ...names)))
    console.log('apt-get failed. The tests that need them will fail or skip themselves.')
}

/** Installs without starting what is installed: the tests start daemons of their own, in namespaces. */
function aptGet(...args: string[]): boolean {
  const done = spawnSync('apt-get', ['-y', '-qq', '--no-install-recommends', ...args], {
    // The variable is that of invoke-rc.d: in runlevel 1 no service is started.
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return done.status === 0
}
