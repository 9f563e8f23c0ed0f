/** The roles that built-in standards give devices, each with its platform and its usual device type. A company overrides either in `company.ts`. */

/** What is usual for a role. */
export interface Role {
  /** The targets that together configure it. */
  readonly platform: readonly string[]
  /** Slug of a device type. */
  readonly model: string
}

/** By name of the role. */
export const ROLES: Readonly<Record<string, Role>> = {
  spine: { platform: ['linux', 'frr'], model: 'edgecore/as7712-32x' },
  leaf: { platform: ['linux', 'frr'], model: 'edgecore/as7326-56x' },
  firewall: { platform: ['linux', 'frr', 'nftables'], model: 'dell/poweredge-r650-8x25g' },
  'edge-router': { platform: ['linux', 'frr', 'nftables'], model: 'dell/poweredge-r650-8x25g' },
  'access-switch': { platform: ['linux'], model: 'edgecore/as4630-54pe' },
  server: { platform: ['linux'], model: 'dell/poweredge-r650-2x25g' },
}
