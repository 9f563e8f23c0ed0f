/**
 * The closed list of what is done otherwise than printed, because kernels for containers and small machines have neither VLAN nor VRF devices. The files go in as they are
 * printed; where the kernel has the real thing, its lines are given to it unchanged.
 */
import type { Kernel } from './kernel.ts'

/** Every translation, in words. Those that a kernel may have are made only where it lacks the kind of link; the others stand for hardware, and for what a machine of its own has. */
export const TRANSLATIONS = {
  port: 'a port is one end of a veth; without a cable, its other end is down',
  place:
    'a machine is a namespace with folders /dev, /etc, /run and /var of its own, and no system log; FRR has its sockets in the folder of the machine, and options that say so',
  secrets: 'key pairs of tunnels follow from a seed that anybody may know, certificates are signed by nobody, pass phrases are the names of their secrets',
  services: 'what services listen on is answered by a small responder on each host',
  admission: 'hosts are let in by their MAC addresses, as 802.1X lets in who has said who it is; nobody asks them',
  baseline: 'chrony, rsyslog, snmpd and sshd are not started: clock and log are those of the machine that boots',
  bfd: 'BFD asks every 3 s and gives up after 3: with more than 60 routers, asking as often as is printed takes all that two processors have',
  sysctl: 'keys of the whole kernel (neighbour table sizes) are not there in a namespace, and sysctl -e passes over them',
  vlan: 'no VLAN devices: each VLAN of a cable is a veth of its own, with the names that the VLAN has at either end',
  vrf: 'no VRF devices: each VRF is a namespace that holds its links and gets sysctl.conf and nftables.conf too; zebra runs with -n; rules.ip is not needed',
  wireguard: 'no WireGuard devices: wireguard-go makes each, as a process of the machine',
} as const

/** A link that somebody else makes: a port, or a VLAN that becomes a veth. */
export interface Outside {
  readonly name: string
  /** The VRF whose namespace it is in; empty for the main one. */
  readonly vrf: string
}

/** A VLAN that becomes a veth. */
export interface Vlan extends Outside {
  readonly parent: string
  readonly vid: number
}

/** A network.ip as it is given to namespaces. */
export interface Translated {
  /** VRFs that become namespaces. */
  readonly vrfs: readonly string[]
  /** Ports of the hardware, which are there before anything is told. */
  readonly ports: readonly Outside[]
  readonly vlans: readonly Vlan[]
  /** Tunnels that a process makes, between the two steps. */
  readonly tunnels: readonly string[]
  /** Commands in two steps, making links and telling them, each by VRF: the main namespace first, since a VXLAN is made there and then moved. */
  readonly steps: readonly ReadonlyMap<string, readonly string[]>[]
}

/** Translates a network.ip. `namespaceOf` names the namespace of a VRF. Throws on a line that no rule here knows. */
export function translate(text: string, kernel: Kernel, namespaceOf: (vrf: string) => string): Translated {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const pick = (pattern: RegExp) => lines.flatMap((line) => (pattern.exec(line) ? [pattern.exec(line)!.slice(1) as [string, string]] : []))

  const vrfs = kernel.vrf ? [] : pick(/^link add name (\S+) type vrf /).map(([name]) => name)
  const masters = new Map(pick(/^link set dev (\S+) master (\S+)$/))
  const vrfOf = (name: string): string => (vrfs.includes(name) ? name : masters.has(name) ? vrfOf(masters.get(name)!) : '')

  const making = new Map(['', ...vrfs].map((vrf) => [vrf, [] as string[]]))
  const telling = new Map(['', ...vrfs].map((vrf) => [vrf, [] as string[]]))
  const vlans: Vlan[] = []
  const tunnels: string[] = []
  const made = new Set(['lo'])
  for (const line of lines) {
    const [, parent, name = '', kind = '', more] = /^link add (?:link (\S+) )?name (\S+)(?: address \S+)? type (\S+) ?(.*)$/.exec(line) ?? []
    if (name !== '') {
      made.add(name)
      if (kind === 'vrf' && !kernel.vrf) continue
      if (kind === 'vlan' && !kernel.vlan) {
        vlans.push({ name, vrf: vrfOf(name), parent: parent!, vid: Number(/^id (\d+)$/.exec(more!)![1]) })
        continue
      }
      if (kind === 'wireguard' && !kernel.wireguard) {
        tunnels.push(name)
        continue
      }
      // A bridge can't be moved; a VXLAN sends through the namespace that it was made in, a VLAN through its parent, wherever they are moved to.
      const birthplace = kind === 'bridge' ? vrfOf(name) : parent ? vrfOf(parent) : ''
      making.get(birthplace)!.push(line)
      if (birthplace !== vrfOf(name)) making.get(birthplace)!.push(`link set dev ${name} netns ${namespaceOf(vrfOf(name))}`)
      continue
    }
    const dev = /^(?:link set|address add \S+) dev (\S+)/.exec(line)?.[1]
    const route = /^route add (?:vrf (\S+) )?(.*)$/.exec(line)
    if (dev !== undefined && vrfs.includes(dev)) {
      if (line !== `link set dev ${dev} up`) throw new Error(`no translation for a VRF that is told: ${line}`)
      telling.get(dev)!.push('link set dev lo up')
    } else if (dev !== undefined) {
      if (!vrfs.includes(masters.get(dev) ?? '') || !line.includes(' master ')) telling.get(vrfOf(dev))!.push(line)
    } else if (route) {
      const vrf = kernel.vrf ? '' : (route[1] ?? '')
      telling.get(vrf)!.push(vrf === '' ? line : `route add ${route[2]}`)
    } else throw new Error(`no translation for: ${line}`)
  }
  const ports = pick(/^link set dev (\S+) up$/).flatMap(([name]) => (made.has(name) ? [] : [{ name, vrf: vrfOf(name) }]))
  return { vrfs, ports, vlans, tunnels, steps: [making, telling] }
}
