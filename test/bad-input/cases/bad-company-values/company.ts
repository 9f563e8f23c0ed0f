import { allow, company, external, service, zones } from 'netwright'
import { dataCentre, office, wan } from 'netwright/standards'
import { depot } from './standards/depot.ts'

const zone = zones({ users: {}, voice: {}, guest: {}, web: {}, things: {}, balancers: {}, management: {} })

company('Acme', {
  domain: 'Acme Example',
  zones: zone,
  addressing: { v4: ['10.0.0.1/8'], v6: ['10.0.0.0/8'], reserved: ['10.1'], asns: [65534, 64512] },
  standards: [office, dataCentre, wan, depot],
  teams: { network: {} },
  externals: { internet: { kind: 'internet', prefixes: ['203.0.113.1/24'], traffic: { up: '25 kbps', down: 'much' } } },
})

allow({ from: zone.users, to: service('intranet'), why: 'everyone reads it', owner: 'network' })
allow({ from: zone.guest, to: external('internet'), ports: ['443/tcp'], why: 'guests get nothing else', owner: 'network' })
