import { allow, company, expect, external, forbid, reach, service, zones } from 'netwright'
import { dataCentre, office, wan } from 'netwright/standards'

const zone = zones({
  users: { title: 'desks' },
  voice: { title: 'telephones' },
  guest: { title: 'visitors' },
  things: { title: 'printers and cameras' },
  web: { title: 'what users and customers reach' },
  db: { title: 'databases' },
  balancers: { title: 'what takes connections for services' },
  management: { title: 'what devices are run by' },
})

company('Acme', {
  domain: 'acme.example',
  people: 190,
  zones: zone,
  addressing: { v4: ['10.0.0.0/8'], v6: ['2001:db8::/32'] },
  standards: [office, dataCentre, wan],
  teams: {
    network: { contact: 'noc@acme.example' },
    'web-operations': { contact: 'web@acme.example' },
    'data-platform': { contact: 'data@acme.example' },
  },
  externals: { internet: { kind: 'internet', prefixes: [], traffic: { up: '25 kbps', down: '250 kbps' } } }, // who browses takes 1 Mbps (FCC, Broadband Speed Guide), one in four at a time
})

allow({ from: zone.users, to: service('orders-map'), why: 'everyone follows the orders', owner: 'web-operations' })
allow({ from: zone.users, to: external('internet'), ports: ['80/tcp', '443/tcp'], why: 'staff work on the web', owner: 'network' })
allow({ from: zone.guest, to: external('internet'), ports: ['80/tcp', '443/tcp', '53/udp'], why: 'guests get the internet and nothing else', owner: 'network' })
allow({ from: zone.voice, to: zone.voice, ports: ['5060/udp', '16384-32767/udp'], why: 'telephones call each other', owner: 'network' })

forbid({ from: zone.guest, to: zone.inside, why: 'guests are strangers' })
forbid({ from: zone.users, to: zone.db, why: 'people reach databases through applications' })
expect(reach('ber-office/users-3', service('orders-map')).through('firewall'))
expect(reach(service('orders-map'), service('orders-db')).ways(64), { why: 'leaves, spines and borders each carry their share', owner: 'network' })
