/**
 * The company of full size, from its facts: what it comes to, and the files of one device of each role in each standard, as goldens that a network engineer can read (`UPDATE=1` blesses what is
 * printed now). Its ledger is the committed one, and no build changes it.
 */
import assert from 'node:assert/strict'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { before, test } from 'node:test'
import { planChange } from '#planner/diff-designs.ts'
import { showPlan } from '#planner/show-plan.ts'
import { type Built, openWorkspace } from '#workspace/workspace.ts'

const COMPANY = join(import.meta.dirname, '..', 'examples', 'harborpine')
const GOLDENS = join(import.meta.dirname, 'goldens', 'harborpine')

/** One device of each role that a standard has, at a site that is built to it. */
const DEVICES = [
  // data-centre@1
  ...['spine-a', 'leaf-r01-a', 'border-a', 'fw-a', 'fw-b', 'edge-a', 'lb-a', 'oob-a', 'mgmt-r01', 'r01-web-host-a'].map((name) => `bos1/${name}`),
  // office@1, at normal risk
  ...['edge-a', 'edge-b'].map((name) => `nyc-office/${name}`),
  // office@1, at elevated risk and with distribution switches
  ...['fw-a', 'dist-a', 'access-1'].map((name) => `bos-hq/${name}`),
  // office@2, at elevated risk
  ...['edge-a', 'fw-a', 'fw-b'].map((name) => `ber-office/${name}`),
  // office@2, at normal risk, on one circuit to the internet
  ...['edge-a', 'edge-b', 'access-1'].map((name) => `gso-office/${name}`),
  // warehouse@1
  ...['edge-a', 'dist-a', 'access-inbound'].map((name) => `haj-warehouse/${name}`),
  'dfw-warehouse/fw-a',
  // call-centre@1
  ...['edge-a', 'access-2'].map((name) => `gla-calls/${name}`),
  'tul-calls/fw-a',
]

let built: Built

before(async () => {
  const result = await openWorkspace(COMPANY, { date: '2026-11-01' }).build()
  assert.ok(result.ok, JSON.stringify(result.diagnostics, null, 2))
  built = result.value
})

test('it comes to what it says', () => {
  const { totals } = built.design
  assert.deepEqual(
    [
      totals.people,
      totals.locations,
      totals.countries,
      totals.dataCentres,
      totals.racks,
      totals.growthLocations,
      totals.growthSeats,
      totals.growthWarehouseSqft,
    ],
    [6800, 25, 4, 4, 92, 18, 2770, 4_400_000],
  )
  const centres = built.design.sites.filter(({ category }) => category === 'data-centre')
  assert.deepEqual(new Set(centres.map(({ country }) => country)).size, 2)
  assert.ok(centres.some(({ racks }) => racks.length === 24))
})

test('the committed ledger has all that it needs, and nothing else', () => {
  assert.equal(built.ledgerText, built.ledgerBefore)
})

test('the older offices can be built to office@2: switches join stacks, sites that change alike are shown together, and nothing is renumbered', async () => {
  const upgraded = await openWorkspace(COMPANY, { date: '2026-11-01', typeCheck: false, upgrade: { name: 'office', version: 2 } }).build()
  assert.ok(upgraded.ok, JSON.stringify(upgraded.diagnostics))
  const change = planChange(built.design, upgraded.value.design, { before: built.files, after: upgraded.value.files })
  assert.deepEqual(change.addresses.renumbered, [])
  assert.deepEqual(
    showPlan(change).map(({ text }) => text),
    [
      '~ site bos-hq   standard office@1 → office@2',
      ...[2, 3, 4, 5].map((floor) => `    ~ device access-${floor}   members 5 → 7`),
      '    ~ device access-6   members 5 → 6',
      '~ 3 sites change alike   standard office@1 → office@2',
      '    dub-office ham-office lon-office',
      '    ~ device   members 3 → 4   4 in all',
      '~ site nyc-office   standard office@1 → office@2',
      '    ~ device access-9   members 4 → 5',
      'renumbered   nothing',
    ],
  )
})

test('a device of each role is printed as in its golden files', () => {
  const devices = new Set(built.design.sites.flatMap((site) => site.devices.map(({ id }) => id)))
  for (const id of DEVICES) assert.ok(devices.has(id), id)
  const all = built.design.sites.flatMap(({ standard, devices }) => devices.map(({ id, role }) => ({ id, what: `${role} of ${standard}` })))
  const shown = new Set(all.filter(({ id }) => DEVICES.includes(id)).map(({ what }) => what))
  assert.deepEqual(
    all.filter(({ what }) => !shown.has(what)).map(({ what }) => what),
    [],
  )
  const printed = new Map([...built.files].filter(([path]) => DEVICES.some((id) => path.startsWith(`${id}/`))))
  if (process.env.UPDATE) {
    if (existsSync(GOLDENS)) rmSync(GOLDENS, { recursive: true })
    for (const [path, text] of printed) {
      mkdirSync(dirname(join(GOLDENS, path)), { recursive: true })
      writeFileSync(join(GOLDENS, path), text)
    }
  }
  const committed = globSync('*/*/**/*', { cwd: GOLDENS, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(GOLDENS.length + 1))
  assert.deepEqual(committed.sort(), [...printed.keys()].sort())
  for (const [path, text] of printed) assert.equal(text, readFileSync(join(GOLDENS, path), 'utf8'), path)
})
