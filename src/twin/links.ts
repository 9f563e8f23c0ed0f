/** Pulling cables. */
import { UNPLUGGED } from './boot.ts'
import type { Lab } from './lab.ts'
import { ipBatch, run } from './run.ts'

/** Ports of a machine, all of them if none are named, with the VLANs on them: a veth for each VLAN stands for one cable. */
export interface Ports {
  readonly machine: string
  readonly ports?: readonly string[]
}

/** Takes carrier from ports, at both ends, or gives it back. */
export function setPorts({ machine, ports }: Ports, state: 'down' | 'up', vrfs: readonly string[], lab: Lab): void {
  for (const namespace of ['', ...vrfs].map((vrf) => lab.namespaceOf(machine, vrf))) {
    const found = JSON.parse(run('ip', ['-n', namespace, '-j', '-d', 'link', 'show'])) as { ifname: string; linkinfo?: { info_kind?: string } }[]
    const isPort = (name: string) => !name.endsWith(UNPLUGGED) && (!ports || ports.includes(name.split('.')[0]!))
    const veths = found.filter(({ linkinfo, ifname }) => linkinfo?.info_kind === 'veth' && isPort(ifname))
    ipBatch(
      veths.map(({ ifname }) => `link set dev ${ifname} ${state}`),
      namespace,
    )
  }
}
