/**
 * The devices whose whole configurations are beside this file: a spine (out of use for maintenance) and a border leaf of a data centre, the firewall between its
 * zones, and the edge router of an office, which is also the router of its hosts. Only what FRR reads is filled in.
 */
import type { BfdProfile, BgpFamily, BgpInstance, BgpNeighbor, PrefixList, RoutePolicy, Routing } from '#design/routing.ts'
import type { Device, Vrf } from '#design/device.ts'
import type { Interface, RouterAdvertisement } from '#design/interface.ts'

const FABRIC = 'ask bos1 fabric underlay'

function device(id: string, role: string, vrfs: readonly Vrf[], routing: Routing, interfaces: readonly Interface[] = []): Device {
  const [site = '', name = ''] = id.split('/')
  return {
    kind: 'device',
    id,
    site,
    name,
    role,
    model: 'server',
    platform: ['linux', 'frr'],
    status: 'active',
    hostname: `${name}.${site}.harborpine.example`,
    forwards: true,
    interfaces,
    vrfs,
    routing,
    why: [`ask ${site} devices ${name}`],
  }
}

/** Failures inside the fabric are seen at FRR's own timers; across a carrier's network packets come late more often. */
const FABRIC_BFD: BfdProfile = { name: 'fabric', intervalMs: 300, multiplier: 3, why: [FABRIC] }
const WAN_BFD: BfdProfile = { name: 'wan', intervalMs: 1000, multiplier: 5, why: ['ask company wan routes'] }

/** A VLAN in which this device is the router of the hosts. */
function hosts(name: string, vid: number, addresses: readonly string[], told: Partial<RouterAdvertisement>, vrf?: string): Interface {
  const why = [`ask segment ${name}`]
  return {
    kind: 'vlan',
    name,
    id: name,
    description: `hosts of ${name}`,
    mtu: 1500,
    ...(vrf === undefined ? {} : { vrf }),
    parent: 'bond0',
    vid,
    addresses: addresses.map((address) => ({ address, why })),
    advertises: { managed: false, preference: 'medium', intervalSeconds: 600, lifetimeSeconds: 1800, resolvers: [], why, ...told },
    why,
  }
}

/** A neighbour without policies, as inside a fabric. */
function neighbor(address: string, asn: number, description: string, families: BgpNeighbor['families'], more: Partial<BgpNeighbor> = {}): BgpNeighbor {
  return { address, asn, description, families, originateDefault: false, why: [FABRIC, `node link ${description}`], ...more }
}

/** A family that announces these prefixes and installs up to `maximumPaths` next hops. */
function family(maximumPaths: number, networks: readonly string[] = [], more: Partial<BgpFamily> = {}): BgpFamily {
  return { networks: networks.map((prefix) => ({ prefix, why: [`ledger ${prefix}`] })), aggregates: [], maximumPaths, ...more }
}

/** A policy of one entry for each family, over the lists of the same name. */
function policy(name: string, why: string, set: RoutePolicy['entries'][number]['set'] = {}): RoutePolicy {
  return {
    name,
    entries: [
      { sequence: 10, action: 'permit', match: { prefixList4: `${name}-4` }, set, why: [why] },
      { sequence: 20, action: 'permit', match: { prefixList6: `${name}-6` }, set, why: [why] },
    ],
    why: [why],
  }
}

/** A prefix list of each family, each line written as `PREFIX` or `PREFIX le N`. */
function lists(name: string, why: string, lines4: readonly string[], lines6: readonly string[]): PrefixList[] {
  const list = (family: 4 | 6, lines: readonly string[]): PrefixList => ({
    name: `${name}-${family}`,
    family,
    entries: lines.map((line, index) => {
      const [prefix = '', , le] = line.split(' ')
      return { sequence: 5 * (index + 1), action: 'permit', prefix, ...(le ? { le: Number(le) } : {}), why: [why] }
    }),
    why: [why],
  })
  return [list(4, lines4), list(6, lines6)]
}

const spine = device('bos1/spine-1', 'spine', [], {
  bfd: [FABRIC_BFD],
  statics: [],
  prefixLists: [],
  policies: [],
  bgp: [
    {
      asn: 4200000100,
      routerId: '10.1.255.1',
      gracefulShutdown: true,
      neighbors: [
        neighbor('10.1.128.1', 4200000111, 'leaf-1 swp49', ['ipv4', 'evpn'], { bfd: 'fabric' }),
        neighbor('2001:db8:1:8000::1', 4200000111, 'leaf-1 swp49', ['ipv6'], { bfd: 'fabric' }),
        neighbor('10.1.128.3', 4200000112, 'border-1 swp49', ['ipv4', 'evpn'], { bfd: 'fabric' }),
        neighbor('2001:db8:1:8000::3', 4200000112, 'border-1 swp49', ['ipv6'], { bfd: 'fabric' }),
      ],
      ipv4: family(64, ['10.1.255.1/32']),
      ipv6: family(64, ['2001:db8:1:ff::1/128']),
      why: [FABRIC],
    },
  ],
})

/** One zone of the border leaf: its VRF, and BGP with the firewall over the zone's VLAN. */
function zone(name: string, vni: number, vlan: number): { vrf: Vrf; instance: BgpInstance } {
  const why = [`zone ${name}`]
  const handoff = (address: string, family: 'ipv4' | 'ipv6') =>
    neighbor(address, 4200000199, `fw-a ${name}`, [family], { why: [`zone ${name}`, 'ask bos1 handoff firewall'] })
  const connected = { redistributeConnected: { policy: 'connected', why } }
  return {
    vrf: { name, table: vni, vni, why },
    instance: {
      vrf: name,
      asn: 4200000112,
      routerId: '10.1.255.12',
      neighbors: [handoff(`10.1.${vlan}.1`, 'ipv4'), handoff(`2001:db8:1:${vlan}::1`, 'ipv6')],
      ipv4: family(64, [], connected),
      ipv6: family(64, [], connected),
      evpn: { kind: 'vrf', distinguisher: `10.1.255.12:${vni}`, target: `65001:${vni}`, why: [`ledger bos1/vni/${name}`] },
      why,
    },
  }
}

const web = zone('web', 4001, 201)
const db = zone('db', 4002, 202)

const borderLeaf = device(
  'bos1/border-1',
  'border-leaf',
  [web.vrf, db.vrf],
  {
    bfd: [FABRIC_BFD],
    statics: [{ prefix: '10.1.80.0/20', vrf: 'db', via: 'discard', why: ['ledger bos1/db'] }],
    prefixLists: lists('connected', 'ask bos1 fabric connected', ['10.1.0.0/16 le 32'], ['2001:db8:1::/48 le 128']),
    policies: [policy('connected', 'ask bos1 fabric connected')],
    bgp: [
      {
        asn: 4200000112,
        routerId: '10.1.255.12',
        neighbors: [
          neighbor('10.1.128.2', 4200000100, 'spine-1 swp2', ['ipv4', 'evpn'], { bfd: 'fabric' }),
          neighbor('2001:db8:1:8000::2', 4200000100, 'spine-1 swp2', ['ipv6'], { bfd: 'fabric' }),
        ],
        ipv4: family(64, ['10.1.255.12/32']),
        ipv6: family(64, ['2001:db8:1:ff::12/128']),
        evpn: { kind: 'underlay', why: [FABRIC] },
        why: [FABRIC],
      },
      web.instance,
      db.instance,
    ],
  },
  [hosts('web-1', 301, ['10.1.64.1/24', '2001:db8:1:4000::1/64'], { resolvers: ['10.1.80.53', '2001:db8:1:5000::53'] }, 'web')],
)

/** What the firewall hears from a zone, and the default it answers with. */
function zoneSide(name: string, vlan: number): BgpNeighbor[] {
  const towards = { importPolicy: `from-${name}`, exportPolicy: 'default-only', originateDefault: true, why: [`zone ${name}`, 'ask bos1 handoff firewall'] }
  return [
    neighbor(`10.1.${vlan}.0`, 4200000112, `border-1 ${name}`, ['ipv4'], towards),
    neighbor(`2001:db8:1:${vlan}::`, 4200000112, `border-1 ${name}`, ['ipv6'], towards),
  ]
}

const firewall = device('bos1/fw-a', 'firewall', [], {
  statics: [
    { prefix: '0.0.0.0/0', via: { address: '10.1.200.1' }, why: ['ask bos1 transit internet'] },
    { prefix: '::/0', via: { address: '2001:db8:1:200::1' }, why: ['ask bos1 transit internet'] },
  ],
  prefixLists: [
    ...lists('from-web', 'zone web', ['10.1.64.0/20 le 24', '10.1.201.0/31'], ['2001:db8:1:4000::/52 le 64', '2001:db8:1:201::/127']),
    ...lists('from-db', 'zone db', ['10.1.80.0/20 le 24', '10.1.202.0/31'], ['2001:db8:1:5000::/52 le 64', '2001:db8:1:202::/127']),
    ...lists('default-only', 'ask bos1 handoff firewall', ['0.0.0.0/0'], ['::/0']),
  ],
  policies: [policy('from-web', 'zone web'), policy('from-db', 'zone db'), policy('default-only', 'ask bos1 handoff firewall')],
  bgp: [
    {
      asn: 4200000199,
      routerId: '10.1.255.21',
      neighbors: [...zoneSide('web', 201), ...zoneSide('db', 202)],
      ipv4: family(2),
      ipv6: family(2),
      why: ['ask bos1 devices fw-a'],
    },
  ],
})

/** A circuit of the office: its own prefixes out, the company's in. */
function circuit(name: string, addresses: readonly [four: string, six: string], asn: number, out: string, more: Partial<BgpNeighbor> = {}): BgpNeighbor[] {
  const towards = {
    importPolicy: 'company-in',
    exportPolicy: out,
    bfd: 'wan',
    maximumPrefixes: 1000,
    ...more,
    why: [`fact sites/ber-office.yaml#/circuits/${name}`],
  }
  return [neighbor(addresses[0], asn, `circuit ${name}`, ['ipv4'], towards), neighbor(addresses[1], asn, `circuit ${name}`, ['ipv6'], towards)]
}

const COMPANY_IN = policy('company-in', 'ask company wan routes', { localPreference: 200, largeCommunities: ['4200003201:1:4', '4200003201:2:32'] })

const officeEdge = device(
  'ber-office/edge-a',
  'edge-router',
  [],
  {
    bfd: [WAN_BFD],
    statics: [
      { prefix: '10.32.16.0/20', via: 'discard', why: ['ledger ber-office/block'] },
      { prefix: '2001:db8:20::/48', via: 'discard', why: ['ledger ber-office/block6'] },
      { prefix: '0.0.0.0/0', via: { address: '192.0.2.5' }, distance: 250, why: ['ask ber-office circuits backup'] },
      { prefix: '10.0.0.0/8', via: 'discard', distance: 254, why: ['ask company wan routes'] },
      { prefix: '::/0', via: { address: '2001:db8:ffff:2::1' }, distance: 250, why: ['ask ber-office circuits backup'] },
    ],
    prefixLists: [
      ...lists('company-in', 'ask company wan routes', ['0.0.0.0/0', '10.0.0.0/8 le 24'], ['::/0', '2001:db8::/32 le 48']),
      ...lists('site-out', 'ledger ber-office/block', ['10.32.16.0/20'], ['2001:db8:20::/48']),
      ...lists('site-out-backup', 'ledger ber-office/block', ['10.32.16.0/20'], ['2001:db8:20::/48']),
    ],
    communityLists: [{ name: 'by-tunnel', communities: ['65000:2:170', '65000:3:1'], why: ['ask company wan routes'] }],
    policies: [
      {
        ...COMPANY_IN,
        entries: [
          { sequence: 5, action: 'permit', match: { communityList: 'by-tunnel' }, set: { localPreference: 170 }, why: ['ask company wan routes'] },
          ...COMPANY_IN.entries,
        ],
      },
      policy('site-out', 'ledger ber-office/block'),
      policy('site-out-backup', 'ask ber-office circuits backup', { prepend: 2 }),
    ],
    bgp: [
      {
        asn: 4200003201,
        routerId: '10.32.31.1',
        neighbors: [
          ...circuit('colt-mpls', ['192.0.2.1', '2001:db8:ffff:1::1'], 4200000010, 'site-out'),
          ...circuit('dtag-dia', ['192.0.2.5', '2001:db8:ffff:2::1'], 4200000020, 'site-out-backup', { removePrivateAsns: true }),
          neighbor('10.32.31.3', 4200003201, 'edge-b ge-0/0/3', ['ipv4'], { why: ['ask ber-office devices edge'] }),
          neighbor('2001:db8:20:ff::3', 4200003201, 'edge-b ge-0/0/3', ['ipv6'], { why: ['ask ber-office devices edge'] }),
        ],
        ipv4: family(2, ['10.32.16.0/20']),
        ipv6: family(2, ['2001:db8:20::/48']),
        why: ['ask ber-office devices edge'],
      },
    ],
  },
  [
    hosts('desks', 10, ['10.32.16.2/23', '2001:db8:20:10::2/64', 'fe80::2/64'], {
      managed: true,
      preference: 'high',
      intervalSeconds: 30,
      lifetimeSeconds: 90,
      resolvers: ['10.32.18.53', '2001:db8:20:20::53', '2001:db8:20:20::54'],
    }),
    hosts('printers', 20, ['10.32.18.2/24', '2001:db8:20:20::2/64'], { managed: true, preference: 'low' }),
  ],
)

/** The cases, by the name of their files. */
export const cases: Readonly<Record<string, Device>> = { spine, 'border-leaf': borderLeaf, firewall, 'office-edge': officeEdge }
