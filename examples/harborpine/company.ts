import { company, waive } from 'netwright'
import { callCentre, dataCentre, office, wan, warehouse } from 'netwright/standards'
import './claims.ts'
import './policies.ts'
import { zone } from './zones.ts'

company('Harborpine', {
  domain: 'harborpine.example',
  zones: zone,
  addressing: {
    v4: ['10.0.0.0/8'],
    v6: ['2001:db8::/32'],
    regions: {
      us: { v4: ['10.0.0.0/9'], v6: ['2001:db8::/33'] },
      eu: { v4: ['10.128.0.0/9'], v6: ['2001:db8:8000::/33'] },
    },
  },
  standards: [office, warehouse, callCentre, dataCentre, wan],
  teams: {
    network: { contact: 'noc@harborpine.example' },
    operations: { contact: 'operations@harborpine.example' },
    security: { contact: 'security@harborpine.example' },
    identity: { contact: 'identity@harborpine.example' },
    workplace: { contact: 'workplace@harborpine.example' },
    commerce: { contact: 'shop@harborpine.example' },
    logistics: { contact: 'logistics@harborpine.example' },
    'customer-care': { contact: 'care@harborpine.example' },
    'data-platform': { contact: 'data@harborpine.example' },
    'finance-systems': { contact: 'erp@harborpine.example' },
    media: { contact: 'media@harborpine.example' },
  },
  externals: {
    internet: { kind: 'internet', prefixes: [], traffic: { up: '25 kbps', down: '250 kbps' } }, // who browses takes 1 Mbps (FCC, Broadband Speed Guide), one in four at a time
    'mail-filter': { kind: 'saas', prefixes: ['192.0.2.0/28', '3fff:300:1::/64'], contact: 'support@mail-filter.example' },
    'object-store': { kind: 'saas', prefixes: ['192.0.2.16/28', '3fff:300:2::/64'], contact: 'support@object-store.example' },
    'card-acquirer': { kind: 'partner', prefixes: ['192.0.2.32/28', '3fff:300:3::/64'], contact: 'operations@acquirer.example' },
    haulier: { kind: 'partner', prefixes: ['192.0.2.48/28', '3fff:300:4::/64'], contact: 'it@haulier.example' },
    telephony: { kind: 'partner', prefixes: ['192.0.2.64/28', '3fff:300:5::/64'], contact: 'noc@telephony.example' },
  },
  baseline: {
    owner: 'network',
    resolvers: 'dns',
    strangersResolvers: ['192.0.2.80', '3fff:300:6::80'],
    clocks: 'ntp',
    logs: 'logs',
    authenticators: 'radius',
    monitors: 'monitoring',
    bastions: 'bastion',
  },
  totals: {
    people: 6800,
    locations: 25,
    dataCentres: 4,
    countries: 4,
    racks: 92,
    growthLocations: 18,
    growthSeats: 2770,
    growthWarehouseSqft: 4_400_000,
  },
})

waive({
  site: 'lej-office',
  requirement: 'two-circuits',
  why: 'the city lets nobody dig in this street before spring; the second circuit is ordered',
  owner: 'network',
  until: '2027-06-30',
})
