import { zones } from 'netwright'

export const zone = zones({
  // Where people are.
  users: { title: 'desks in offices and warehouses' },
  agents: { title: 'desks in call centres', why: 'customer data is on them and not on others' },
  voice: { title: 'telephones' },
  guest: { title: 'visitors' },
  things: { title: 'printers and cameras' },
  scanners: { title: 'handheld scanners in warehouses' },
  // In data centres.
  balancers: { title: 'addresses of balanced services' },
  web: { title: 'what customers and staff reach' },
  app: { title: 'what the web tier and staff programs call' },
  db: { title: 'databases' },
  core: { title: 'names, time, directory, mail' },
  media: { title: 'films and recordings' },
  backup: { title: 'copies of everything' },
  operators: { title: 'those who run it', why: 'the only way to a shell on a machine' },
  // Everywhere.
  management: { title: 'ports and controllers that devices are run by' },
})

/** Where people and their devices are, guests left out. */
export const places = [zone.users, zone.agents, zone.voice, zone.things, zone.scanners]

/** Where machines are. */
export const machines = [zone.balancers, zone.web, zone.app, zone.db, zone.core, zone.media, zone.backup, zone.operators]
