/**
 * data-centre@1: a leaf-spine pod (RFC 7938: eBGP, an AS number a leaf, one for all spines), two leaves a rack, a VRF a zone over EVPN/VXLAN (RFC 7432, RFC 9136 §4.4.1). Hosts route: each
 * has a link to both leaves of its rack and says its own addresses, so there is no broadcast domain, no bond and no pair of switches that must agree. Zones meet only at a firewall pair behind
 * two border leaves, even where two of them share a leaf. A pair of balancers stands beside the borders; edges beyond the firewalls hold the circuits.
 *
 * Devices are run over their management ports, by a network apart: a switch a rack and a pair of routers that reach the company through the firewalls, and without them over a circuit of their own.
 */
import { sortedBy } from '#base/order.ts'
import { fact } from '#model/fact.ts'
import type { DeviceRef } from '../authoring/site-asking.ts'
import { standard } from '../authoring/standard.ts'

/** bit/s between leaves and spines. */
const FABRIC = 100e9

/** bit/s to hosts, firewalls and edges. */
const ACCESS = 25e9

/** How much more a leaf's hosts may send than its uplinks carry (3:1, Lyons and Zolotow, IBM; common for anything but storage). */
const OVERSUBSCRIPTION = 3

/** With one spine lost there is one left. */
const LEAST_SPINES = 2

/** Spines by their ports: one for each leaf. */
const SPINES = [
  { model: 'edgecore/as7712-32x', ports: 32 },
  { model: 'edgecore/as7816-64x', ports: 64 },
] as const

/** Addresses kept for the hosts of one zone in one rack and for the replicas that they hold. */
const ADDRESSES_PER_RACK_AND_ZONE = 48

/** Addresses of services that are balanced here. */
const SERVICE_ADDRESSES = 120

/** Addresses of the balancers themselves, and as many to grow. */
const BALANCERS = 2

/** Addresses for what is run in a rack: management ports, and the controllers of its hosts. */
const MANAGED_PER_SWITCH = 56

/** bit/s between management switches and routers. */
const MANAGEMENT = 1e9

/** bit/s between firewalls and management routers: over fibre, since a server has two copper ports and needs one to be managed. */
const TO_MANAGEMENT = 10e9

/** A hub ends a circuit or two of every site: a server has too few ports for that. */
const EDGE_MODEL = 'edgecore/as7326-56x'

/** Units of a rack that does not say otherwise. */
const RACK_UNITS = 42

const Rack = fact.object({
  units: fact.integer().optional().describe('42 if not said'),
  role: fact.oneOf(['compute', 'network']).optional().describe('network: spines, border leaves, firewalls, balancers and edges; compute if not said'),
  hosts: fact.mapOf(fact.integer(), 'zone').optional().describe('number of hosts by zone'),
  model: fact.text().optional().describe('device type of its hosts'),
})

export const dataCentre1 = standard('data-centre', 1, {
  kind: 'data-centre',
  facts: {
    racks: fact.mapOf(Rack),
    spines: fact.integer().optional().describe('2 if not said'),
    hub: fact.boolean().optional().describe('other sites reach the company through it'),
    room: fact.area().optional().describe('floor area of the room'),
    rooms: fact.list(fact.object({ name: fact.name(), size: fact.area() })).optional(),
  },
  zones: ['balancers', 'management'],
  lessons: ['1: zones of one rack meet at the firewalls and not in the leaf: a filter on each leaf was never the same filter twice'],
  design(site, ask) {
    // In the order of their names: in which order they are written says nothing.
    const racks = sortedBy(Object.entries(site.racks), ([name]) => name).map(([name, facts]) => ({
      name,
      facts,
      rack: ask.rack(name, { units: facts.units ?? RACK_UNITS }),
    }))
    const network = racks.filter(({ facts }) => facts.role === 'network').map(({ rack }) => rack)
    if (network.length === 0) ask.refuse('no rack has the role network, so spines and firewalls have no place', site.racks)
    const compute = racks.filter(({ facts }) => Object.values(facts.hosts ?? {}).some((count) => count > 0))

    const count = site.spines ?? 2
    const leaves = 2 * compute.length + 2
    const model = SPINES.find(({ ports }) => ports >= leaves)?.model
    const most = SPINES.at(-1)!.ports
    if (model === undefined)
      ask.refuse(
        `${compute.length} racks have ${leaves} leaves with the borders, and a spine has ${most} ports: a pod has up to ${(most - 2) / 2} racks`,
        site.racks,
      )
    const busiest = Math.max(0, ...compute.map(({ facts }) => Object.values(facts.hosts ?? {}).reduce((sum, hosts) => sum + hosts, 0)))
    const enough = Math.max(LEAST_SPINES, Math.ceil((busiest * ACCESS) / (OVERSUBSCRIPTION * FABRIC)))
    if (count < LEAST_SPINES) ask.refuse(`${count} spine leaves none when one is lost: it takes ${enough}`, site.racks)
    if (count < enough)
      ask.refuse(`${busiest} hosts at 25 Gbps on one leaf over ${count} × 100 Gbps exceed ${OVERSUBSCRIPTION}:1: it takes ${enough} spines`, site.racks)

    /** Members of a group take turns over the network racks, so that losing one rack loses no whole group. */
    const spread = (name: string, options: Parameters<typeof ask.device>[1], count: number, standby: boolean) =>
      ask.devices(name, { ...options, count, rack: network, from: 'top', active: standby ? 'first' : 'all' })
    const zones = [...new Set(['balancers', ...compute.flatMap(({ facts }) => Object.keys(facts.hosts ?? {}))])].sort()
    const spines = spread('spine', { role: 'spine', asn: 'shared', ...(model ? { model } : {}) }, count, false)
    const borders = spread('border', { role: 'leaf', asn: 'own' }, 2, false)
    const firewalls = spread('fw', { role: 'firewall', asn: 'own' }, 2, true)
    const edges = spread('edge', { role: 'edge-router', asn: 'own', model: EDGE_MODEL }, 2, true)
    ask.fabric(borders, spines, { speed: FABRIC })
    ask.handoff(borders, firewalls, { speed: ACCESS, zones })
    ask.sync(firewalls, { speed: ACCESS })
    ask.filter(firewalls)
    ask.route(firewalls, edges, { speed: ACCESS, a: { announce: ['site'], accept: 'foreign' }, b: { announce: ['learned'], accept: 'their-site' } })
    ask.route(edges, edges, { speed: ACCESS, a: { announce: ['learned'], accept: 'foreign' }, b: { announce: ['learned'], accept: 'foreign' } })

    const balancers = spread('lb', { role: 'balancer', asn: { shared: 'hosts' }, zone: 'balancers' }, BALANCERS, true)
    const own = ask.pool('lb-hosts', { zone: 'balancers', addresses: BALANCERS })
    for (const balancer of balancers) ask.homed(balancer, borders, { speed: ACCESS, pool: own })
    ask.balance(balancers, { pool: ask.pool('service-addresses', { zone: 'balancers', addresses: SERVICE_ADDRESSES }) })

    for (const { name, facts, rack } of compute) {
      const pair = ask.devices(`leaf-${name}`, { count: 2, role: 'leaf', rack, from: 'top', asn: 'own' })
      ask.fabric(pair, spines, { speed: FABRIC })
      for (const [zone, count] of Object.entries(facts.hosts ?? {})) {
        const pool = ask.pool(`${name}-${zone}`, { zone, addresses: ADDRESSES_PER_RACK_AND_ZONE })
        const options = { role: 'server', rack, zone, asn: { shared: 'hosts' }, ...(facts.model ? { model: facts.model } : {}) }
        for (const host of ask.devices(`${name}-${zone}-host`, { count, ...options })) ask.homed(host, pair, { speed: ACCESS, pool })
      }
    }
    const oob = spread('oob', { role: 'management-router', asn: 'own' }, 2, true)
    ask.filter(oob)
    ask.sync(oob, { speed: MANAGEMENT })
    ask.route(oob, oob, { speed: MANAGEMENT, a: { announce: ['inside'] }, b: { announce: ['inside'] } })
    ask.route(firewalls, oob, {
      speed: TO_MANAGEMENT,
      zone: 'management',
      a: { announce: ['company', 'default'], accept: 'inside' },
      b: { announce: ['inside'], accept: 'foreign' },
    })
    /** Devices are run from a switch, in a segment that is on no other: two switches with one would make a loop. */
    const manage = (name: string, by: DeviceRef, devices: readonly DeviceRef[], controllers: number) => {
      const segment = ask.segment(`management-${name}`, { zone: 'management', hosts: MANAGED_PER_SWITCH, gateway: oob, dhcp: true })
      ask.trunk(by, oob, { speed: MANAGEMENT, segments: [segment] })
      ask.manage(devices, { segment, on: by })
      ask.manage(by, { segment })
      ask.ports(by, 'controller', { count: controllers, speed: MANAGEMENT, segment })
      return segment
    }
    for (const { name, facts, rack } of compute) {
      const hosts = Object.values(facts.hosts ?? {}).reduce((sum, count) => sum + count, 0)
      const by = ask.device(`mgmt-${name}`, { role: 'management-switch', rack })
      manage(name, by, [{ device: `leaf-${name}-a` }, { device: `leaf-${name}-b` }], hosts)
    }
    // What belongs to the whole pod has two switches, and members of a group are run from them in turn: no switch has all of them, and a further rack moves none.
    const groups = [spines, borders, firewalls, edges, balancers]
    const [first] = spread('mgmt-pod', { role: 'management-switch' }, 2, false).map((by, turn) => {
      const devices = groups.flatMap((group) => group.filter((_, index) => index % 2 === turn))
      return manage(by.device.slice('mgmt-'.length), by, devices, 0)
    })
    ask.manage(oob, { segment: first! })
    const circuits = site.circuits ?? []
    const apart = circuits.filter(({ use }) => use === 'out-of-band')
    ask.require(
      'out-of-band',
      apart.length > 0,
      'no circuit is used out-of-band, so nobody reaches its devices when the firewalls or the fabric are down',
      circuits,
    )
    ask.attach('wan', { devices: edges, circuits: circuits.filter(({ use }) => use !== 'out-of-band'), hub: site.hub ?? false })
    ask.attach('out-of-band', { devices: oob, circuits: apart, hub: site.hub ?? false })
  },
})
