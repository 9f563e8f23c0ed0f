/** Begins a company: a folder that builds, and that editors understand. */
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import { reasonOf } from './read-company.ts'
import { writeWhole } from './write-whole.ts'

const COMPANY = (name: string) => `import { allow, company, external, forbid, service, zones } from 'netwright'
import { dataCentre, office, wan } from 'netwright/standards'

// A zone is a part of the company whose members trust each other alike. Zones meet only at filters.
const zone = zones({
  users: { title: 'desks' },
  voice: { title: 'telephones' },
  guest: { title: 'visitors' },
  things: { title: 'printers and cameras' },
  web: { title: 'what users reach' },
  balancers: { title: 'what takes connections for services' },
  management: { title: 'what devices are run by' },
})

company(${JSON.stringify(name)}, {
  domain: 'example.com',
  zones: zone,
  // Your own space. Nothing outside it is ever given out, and the ledger (netwright.lock) never renumbers.
  addressing: { v4: ['10.0.0.0/8'], v6: ['2001:db8::/32'] },
  standards: [office, dataCentre, wan],
  teams: { network: { contact: 'noc@example.com' } },
  externals: { internet: { kind: 'internet', prefixes: [] } },
})

// Everything that is not allowed is denied.
allow({ from: zone.users, to: service('intranet'), why: 'everyone reads the intranet', owner: 'network' })
allow({ from: zone.guest, to: external('internet'), ports: ['80/tcp', '443/tcp'], why: 'guests get the internet and nothing else', owner: 'network' })

// A claim about the design. It makes no rule; netwright check judges it.
forbid({ from: zone.guest, to: zone.inside, why: 'guests are strangers' })
`

const OFFICE = `standard: office@2
city: Berlin
country: DE
seats: 30
floors:
  - {name: "1", area: 5000 sqft, seats: 30}
owner: network
circuits:
  - {id: line-1, carrier: Carrier, kind: private, to: dc1, bandwidth: 100 Mbps, price: {fixed: 640 EUR/month}}
`

const DATA_CENTRE = `standard: data-centre@1
city: Frankfurt
country: DE
owner: network
hub: true
racks:
  n01: {role: network}
  r01: {hosts: {web: 2}}
circuits:
  - id: dia
    carrier: Carrier
    kind: internet
    bandwidth: 1 Gbps
    addresses:
      v4: {ours: 198.51.100.2/30, theirs: 198.51.100.1}
      v6: {ours: "3fff:ffff:1::2/64", theirs: "3fff:ffff:1::1"}
  - {id: oob, carrier: Carrier, kind: internet, use: out-of-band, bandwidth: 20 Mbps}
`

const SERVICE = `owner: network
tier: web
listens: [{name: https, port: 443/tcp}]
runs: {replicas: 2, at: [dc1]}
`

const FILES = (name: string): Readonly<Record<string, string>> => ({
  'company.ts': COMPANY(name),
  'sites/hq.yaml': OFFICE,
  'sites/dc1.yaml': DATA_CENTRE,
  'services/intranet.yaml': SERVICE,
  'tsconfig.json': `${JSON.stringify({ extends: './.netwright/tsconfig.json' }, null, 2)}\n`,
  '.vscode/settings.json': `${JSON.stringify({ 'yaml.schemas': { './.netwright/schema/site.json': 'sites/*.yaml', './.netwright/schema/service.json': 'services/*.yaml' } }, null, 2)}\n`,
  '.gitattributes': 'netwright.lock merge=union\n',
  '.gitignore': '.netwright/\n',
})

/** Writes the files of a new company called `name`. Files that are there already are left alone; a company that is there is an error. Returns the paths written. */
export function initCompany(folder: string, name: string): readonly string[] | Diagnostic {
  if (existsSync(join(folder, 'company.ts'))) return diagnose('company-exists', { folder })
  const written: string[] = []
  const made: string[] = []
  try {
    for (const [path, text] of Object.entries(FILES(name))) {
      const file = join(folder, path)
      if (existsSync(file)) continue
      const first = mkdirSync(dirname(file), { recursive: true })
      if (first !== undefined) made.push(first)
      writeWhole(file, text)
      written.push(path)
    }
  } catch (error) {
    for (const path of written) rmSync(join(folder, path), { force: true })
    for (const path of made) rmSync(path, { recursive: true, force: true })
    return diagnose('write-failed', { folder, reason: reasonOf(error) })
  }
  return written
}
