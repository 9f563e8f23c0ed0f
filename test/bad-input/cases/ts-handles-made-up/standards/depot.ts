import { fact, standard } from 'netwright'

export const depot = standard('depot', 1, {
  kind: 'warehouse',
  facts: { area: fact.area(), gates: fact.integer() },
  zones: ['users'],
  lessons: ['1: a gate has a scanner and a printer'],
  design(site, ask) {
    const rack = ask.rack('cabinet', { units: 12 })
    const edge = ask.device('edge', { role: 'edge-router', rack, asn: 'own' })
    const access = ask.device('access', { role: 'access-switch', rack: { rack: 'cellar' } })
    const gates = ask.segment('gates', { zone: 'users', hosts: site.gates * 2, gateway: { device: 'router' } })
    ask.filter({ device: 'firewall' })
    ask.trunk({ device: 'switch' }, edge, { speed: 10e9, segments: [{ segment: 'yards' }] })
    ask.ports({ device: 'switch' }, 'desk', { count: site.gates * 2, speed: 1e9, segment: gates })
    ask.attach('wan', { devices: { device: 'router' }, circuits: site.circuits ?? [] })
  },
})
