/** The Debian packages that the tests drive: the engines that the printed configs are for. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** A package, a program by which it is known to be there, and what it is for. */
interface DebianPackage {
  readonly name: string
  readonly program: string
  readonly reason: string
}

const PACKAGES: readonly DebianPackage[] = [
  { name: 'frr', program: 'vtysh', reason: 'loads the printed routing configs, and routes' },
  { name: 'nftables', program: 'nft', reason: 'loads the printed filters' },
  { name: 'iproute2', program: 'ip', reason: 'makes the namespaces and links that configs are loaded in' },
  { name: 'iputils-ping', program: 'ping', reason: 'sends packets through what was loaded' },
]

/** Where Debian has programs; not all of it is in everyone's PATH. */
export const PROGRAM_FOLDERS = ['/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** Installs what is missing where it can (as root, on Debian and its kin); else says what is missing and why. */
export function ensurePackages(): void {
  const missing = PACKAGES.filter(({ program }) => !PROGRAM_FOLDERS.some((folder) => existsSync(`${folder}/${program}`)))
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

function aptGet(...args: string[]): boolean {
  const done = spawnSync('apt-get', ['-y', '-qq', '--no-install-recommends', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return done.status === 0
}
