import { fact, standard } from 'netwright'

const facts = { area: fact.area(), gates: fact.integer() }

export const depot = standard('depot', 1, {
  kind: 'warehouse',
  facts,
  zones: ['users'],
  lessons: ['1: a gate has a scanner and a printer'],
  design(site, ask) {
    const rack = ask.rack('cabinet', { units: 12 })
    const edge = ask.device('edge', { role: 'edge-router', rack, asn: 'own' })
    const access = ask.device('access', { role: 'access-switch', rack })
    const gates = ask.segment('gates', { zone: 'users', hosts: site.gates * 2, gateway: edge })
    ask.filter(edge)
    ask.trunk(access, edge, { speed: 10e9, segments: [gates] })
    ask.ports(access, 'desk', { count: site.gates * 2, speed: 1e9, segment: gates })
    ask.attach('wan', { devices: edge, circuits: site.circuits ?? [] })
  },
})

export const depot2 = standard('depot', 2, {
  kind: 'warehouse',
  facts,
  zones: ['users'],
  lessons: ['1→2: gates are docks now'],
  design(site, ask) {
    const rack = ask.rack('cabinet', { units: 12 })
    const edge = ask.device('edge', { role: 'edge-router', rack, asn: 'own' })
    const access = ask.device('access', { role: 'access-switch', rack })
    const gates = ask.segment('docks', { zone: 'users', hosts: site.gates * 2, gateway: edge })
    ask.filter(edge)
    ask.trunk(access, edge, { speed: 10e9, segments: [gates] })
    ask.ports(access, 'desk', { count: site.gates * 2, speed: 1e9, segment: gates })
    ask.attach('wan', { devices: edge, circuits: site.circuits ?? [] })
  },
})
