/** The roles that built-in standards give devices, each with its platform and its usual device type. A company overrides either in `company.ts`. */

/** What is usual for a role. */
export interface Role {
  /** The targets that together configure it. */
  readonly platform: readonly string[]
  /** Slug of a device type. */
  readonly model: string
}

/** What every device is run with: its clock, its log, monitoring and log-in. */
const RUN = ['chrony', 'rsyslog', 'snmpd', 'sshd'] as const

/** What a router or firewall may be told: links and tunnels, routes, the filter and its state, shared gateways, addresses for hosts. */
const GATEWAY = ['linux', 'wireguard', 'frr', 'nftables', 'conntrackd', 'keepalived', 'kea'] as const

/** By name of the role. */
export const ROLES: Readonly<Record<string, Role>> = {
  spine: { platform: ['linux', 'frr', 'nftables', ...RUN], model: 'edgecore/as7712-32x' },
  leaf: { platform: ['linux', 'frr', 'nftables', ...RUN], model: 'edgecore/as7326-56x' },
  firewall: { platform: [...GATEWAY, ...RUN], model: 'dell/poweredge-r650-8x25g' },
  'edge-router': { platform: [...GATEWAY, ...RUN], model: 'dell/poweredge-r650-8x25g' },
  'management-router': { platform: [...GATEWAY, ...RUN], model: 'edgecore/as4630-54pe' },
  'management-switch': { platform: ['linux', 'nftables', ...RUN], model: 'edgecore/as4630-54pe' },
  'access-switch': { platform: ['linux', 'hostapd', 'nftables', ...RUN], model: 'edgecore/as4630-54pe' },
  'distribution-switch': { platform: ['linux', ...RUN], model: 'edgecore/as7326-56x' },
  balancer: { platform: ['linux', 'frr', 'haproxy', ...RUN], model: 'dell/poweredge-r650-2x25g' },
  server: { platform: ['linux', 'frr', 'unbound'], model: 'dell/poweredge-r650-2x25g' },
}
