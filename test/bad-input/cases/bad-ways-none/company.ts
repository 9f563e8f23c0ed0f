import { allow, company, expect, external, reach, service, zones } from 'netwright'
import { dataCentre, office, wan } from 'netwright/standards'
import { depot } from './standards/depot.ts'

const zone = zones({ users: {}, voice: {}, guest: {}, web: {}, things: {}, balancers: {}, management: {} })

company('Acme', {
  domain: 'acme.example',
  zones: zone,
  addressing: { v4: ['10.0.0.0/8'], v6: ['2001:db8::/32'] },
  standards: [office, dataCentre, wan, depot],
  teams: { network: {} },
  externals: { internet: { kind: 'internet', prefixes: [] } },
})

allow({ from: zone.users, to: service('intranet'), why: 'everyone reads it', owner: 'network' })
allow({ from: zone.guest, to: external('internet'), ports: ['443/tcp'], why: 'guests get nothing else', owner: 'network' })
expect(reach(zone.users, service('intranet')).ways(0))
