/**
 * data-centre@1: a leaf-spine pod (RFC 7938: eBGP, an AS number a leaf, one for all spines), a leaf a rack, a segment a rack and zone, a VRF a zone over EVPN/VXLAN
 * (RFC 7432, RFC 9136 §4.4.1). Zones meet only at a firewall pair behind two border leaves, even where two of them share a leaf. Edges beyond the firewalls hold the circuits.
 */
import { fact } from '#model/fact.ts'
import { standard } from '../authoring/standard.ts'

/** bit/s between leaves and spines. */
const FABRIC = 100e9

/** bit/s to hosts, firewalls and edges. */
const ACCESS = 25e9

/** Addresses kept for the hosts of one zone in one rack and for the service addresses that they hold. */
const ADDRESSES_PER_RACK_AND_ZONE = 48

/** A hub ends a circuit or two of every site: a server has too few ports for that. */
const EDGE_MODEL = 'edgecore/as7326-56x'

/** Units of a rack that does not say otherwise. */
const RACK_UNITS = 42

const Rack = fact.object({
  units: fact.integer().optional().describe('42 if not said'),
  role: fact.oneOf(['compute', 'network']).optional().describe('network: spines, border leaves, firewalls and edges; compute if not said'),
  hosts: fact.mapOf(fact.integer(), 'zone').optional().describe('number of hosts by zone'),
  model: fact.text().optional().describe('device type of its hosts'),
})

export const dataCentre1 = standard('data-centre', 1, {
  kind: 'data-centre',
  facts: {
    racks: fact.mapOf(Rack),
    spines: fact.integer().optional().describe('2 if not said'),
    rooms: fact.list(fact.object({ name: fact.name(), size: fact.area() })).optional(),
  },
  zones: [],
  lessons: ['1: zones of one rack meet at the firewalls and not in the leaf: a filter on each leaf was never the same filter twice'],
  design(site, ask) {
    const racks = Object.entries(site.racks).map(([name, facts]) => ({ name, facts, rack: ask.rack(name, { units: facts.units ?? RACK_UNITS }) }))
    const network = racks.filter(({ facts }) => facts.role === 'network').map(({ rack }) => rack)
    if (network.length === 0) ask.refuse('no rack has the role network, so spines and firewalls have no place', site.racks)
    /** Members of a group take turns over the network racks, so that losing one rack loses no whole group. */
    const spread = (name: string, options: Parameters<typeof ask.device>[1], count: number, standby: boolean) =>
      ask.devices(name, { ...options, count, rack: network, from: 'top', active: standby ? 'first' : 'all' })

    const zones = [...new Set(racks.flatMap(({ facts }) => Object.keys(facts.hosts ?? {})))].sort()
    const spines = spread('spine', { role: 'spine', asn: 'shared' }, site.spines ?? 2, false)
    const borders = spread('border', { role: 'leaf', asn: 'own' }, 2, false)
    const firewalls = spread('fw', { role: 'firewall', asn: 'own' }, 2, true)
    const edges = spread('edge', { role: 'edge-router', asn: 'own', model: EDGE_MODEL }, 2, true)
    ask.fabric(borders, spines, { speed: FABRIC })
    ask.handoff(borders, firewalls, { speed: ACCESS, zones })
    ask.filter(firewalls)
    ask.route(firewalls, edges, { speed: ACCESS, a: { announce: ['site'], accept: 'foreign' }, b: { announce: ['learned'], accept: 'their-site' } })
    ask.route(edges, edges, { speed: ACCESS, a: { announce: ['learned'], accept: 'foreign' }, b: { announce: ['learned'], accept: 'foreign' } })

    for (const { name, facts, rack } of racks) {
      const hosts = Object.entries(facts.hosts ?? {})
      if (hosts.length === 0) continue
      const leaf = ask.device(`leaf-${name}`, { role: 'leaf', rack, from: 'top', asn: 'own' })
      ask.fabric(leaf, spines, { speed: FABRIC })
      for (const [zone, count] of hosts) {
        const segment = ask.segment(`${name}-${zone}`, { zone, hosts: ADDRESSES_PER_RACK_AND_ZONE, gateway: leaf, vrf: true })
        const servers = ask.devices(`${name}-${zone}-host`, { count, role: 'server', rack, zone, ...(facts.model ? { model: facts.model } : {}) })
        for (const server of servers) ask.host(server, leaf, { speed: ACCESS, segment })
      }
    }
    ask.attach('wan', { devices: edges, circuits: site.circuits ?? [], hub: true })
  },
})
