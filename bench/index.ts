/**
 * `npm run bench`: how fast Netwright is, against the limits that it has to keep. Whole processes are the best of several runs on fresh copies of the company, after one that is not
 * counted (it fills the caches of the program itself: compiled code and type declarations); edits are the median of several. The ratio to a fixed loop, timed
 * beside each figure, is what can be compared between machines.
 */
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, dirname, join, relative, sep } from 'node:path'
import { openWorkspace } from '#workspace/workspace.ts'
import { type Facts, fabricCompany, LARGE, type Size, type SyntheticCompany, syntheticCompany, TENTH, TODAY, writeCompany } from '../test/companies.ts'
import { benchBoxes } from './boxes.ts'
import { type Cost, calibrate, median, runNetwright, timed } from './measure.ts'
import { benchRoutes } from './routes.ts'
import { editsProved } from './watch.ts'

const DATE = '2026-11-23'

/** How many times the cost of a company with a tenth of the devices a company may have. */
const GROWTH_LIMIT = 12

/** Edits that a median is taken of, after some that are not counted: the first ones run code that is not compiled yet. */
const EDITS = 15
const WARM_UP = 5

/** 2,076 devices at 200 sites: a check is about pairs of places, so small sites cost it more than large ones. */
const COMPANY: Size = { seed: 1, offices: 190, dataCentres: 10, computeRacks: 9, hostsPerRack: 8, services: 40 }

/** In memory where there is such a folder: how fast the disk is, is not what is measured. */
const work = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'netwright-bench-'))
let over = 0

/** What a build makes in a company folder. */
const MADE = new Set(['out', '.netwright'])

/** The example company of full size. Its ledger comes along: it holds the public keys of its tunnels. */
const HARBORPINE = join(import.meta.dirname, '..', 'examples', 'harborpine')

/** What came out of a company, counted. */
interface Counts {
  readonly devices: number
  readonly rules: number
  readonly ledgerLines: number
  readonly configLines: number
}

try {
  console.log(`Node ${process.version}, ${availableParallelism()} CPUs. Seconds; beside the loop: how many times a fixed loop's.\n`)
  row('', 'seconds', 'limit', '', 'loop', '× loop', 'CPU s', 'MB', 'limit', '')
  const starter = join(import.meta.dirname, '..', 'examples', 'starter')
  await cold('the starter company', starter, { runs: 5, seconds: 1 })
  await cold('Harborpine: 29 sites, 92 racks', HARBORPINE, { runs: 3, seconds: 3, megabytes: 600 })
  const today = syntheticCompany(TODAY)
  await cold('29 synthetic sites, 92 racks', write('today', today), { runs: 3, seconds: 3, megabytes: 600 })
  await cold('a fabric of 208 nodes, 1,008 links', write('fabric', fabricCompany()), { runs: 3, seconds: 1.5 })
  const tenth = await cold('500 devices, 20 sites', write('tenth', syntheticCompany(TENTH)), { runs: 3 })
  const large = await cold('5,000 devices, 200 sites', write('large', syntheticCompany(LARGE)), { runs: 2, seconds: 15, megabytes: 2048 })
  await editFacts('Harborpine: a circuit of one site edited, warm', HARBORPINE, 0.1)
  await edits('29 sites: a circuit of one edited, warm', today, 0.1, (n) => withOffice(today, (facts) => ({ ...facts, circuits: resized(facts, n) })))
  await edits('29 sites: floors of one edited, warm', today, 0.1, (n) => withOffice(today, (facts) => ({ ...facts, ...moreSeats(facts, n) })))
  await edits('29 sites: a policy edited, warm', today, 0.3, (n) => {
    const text = today.files['company.ts']!.replace("'80/tcp'", `'80/tcp', '${8000 + n}/tcp'`)
    return { ...today, files: { ...today.files, 'company.ts': text } }
  })
  await proofs('check of the starter company', starter, { seconds: 1 })
  await proofs('check of Harborpine', HARBORPINE, { seconds: 3 })
  await proofs('check of Harborpine, with all single failures', HARBORPINE, { seconds: 30 }, '--failures', 'single')
  await watched('Harborpine: an edit proved, warm', HARBORPINE, 0.1)
  const region = await proofs('check of 500 devices, 20 sites', write('region', syntheticCompany(TENTH)), {})
  const company = await proofs('check of 2,000 devices, 200 sites', write('company', syntheticCompany(COMPANY)), { seconds: 20, megabytes: 1536 })
  over += benchBoxes(row)
  over += benchRoutes(row)
  console.log('\nFrom a tenth to the whole:')
  for (const [what, a, b] of [
    ['devices', tenth.counts.devices, large.counts.devices],
    ['seconds', tenth.cost.seconds, large.cost.seconds],
    ['CPU seconds', tenth.cost.cpuSeconds, large.cost.cpuSeconds],
    ['rules of filters', tenth.counts.rules, large.counts.rules],
    ['lines of the ledger', tenth.counts.ledgerLines, large.counts.ledgerLines],
    ['lines of configs', tenth.counts.configLines, large.counts.configLines],
    ['seconds of a check', region.seconds, company.seconds],
  ] as const) {
    const times = b / a
    const limited = what !== 'devices' && what !== 'lines of configs'
    console.log(`  ${what.padEnd(20)} ${show(a).padStart(9)} → ${show(b).padStart(9)}   × ${times.toFixed(1)} ${limited ? verdict(times, GROWTH_LIMIT) : ''}`)
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
if (over > 0) process.exitCode = 1

function write(name: string, company: SyntheticCompany): string {
  return writeCompany(join(work, name), company)
}

/** Builds fresh copies of a company, each in a process of its own. */
async function cold(
  name: string,
  company: string,
  { runs, seconds, megabytes }: { readonly runs: number; readonly seconds?: number; readonly megabytes?: number },
): Promise<{ readonly cost: Cost; readonly counts: Counts }> {
  let folder = join(work, 'cold')
  const build = async (run: number) => {
    rmSync(folder, { recursive: true, force: true })
    folder = join(work, `cold-${run}`)
    cpSync(company, folder, { recursive: true, filter: (path) => dirname(path) !== company || !MADE.has(basename(path)) })
    return runNetwright('build', folder, '--date', DATE)
  }
  await build(0)
  const measured: { cost: Cost; loop: number }[] = []
  for (let run = 1; run <= runs; run++) measured.push({ loop: calibrate(), cost: await build(run) })
  const { cost, loop } = measured.reduce((best, next) => (next.cost.seconds < best.cost.seconds ? next : best))
  row(
    name,
    ...figures(cost.seconds, seconds, loop),
    cost.cpuSeconds.toFixed(2),
    cost.megabytes.toFixed(0),
    megabytes?.toString() ?? '',
    megabytes === undefined ? '' : verdict(cost.megabytes, megabytes),
  )
  const counts = countsOf(folder)
  rmSync(folder, { recursive: true })
  return { cost, counts }
}

/** Edits a company whose last build is in memory and whose ledger is on disk, and builds it again up to its texts. `change` gives the company after the n-th edit. */
async function edits(name: string, company: SyntheticCompany, limit: number, change: (n: number) => SyntheticCompany): Promise<void> {
  const folder = write('warm', company)
  const workspace = openWorkspace(folder, { date: DATE })
  const build = async () => {
    const built = await workspace.build()
    if (!built.ok) throw new Error(JSON.stringify(built.diagnostics[0]))
    return built.value
  }
  writeFileSync(join(folder, 'netwright.lock'), (await build()).ledgerText)
  const measured: number[] = []
  const loop = calibrate()
  for (let n = 1; n <= EDITS + WARM_UP; n++) {
    writeCompany(folder, change(n))
    measured.push(await timed(build))
  }
  rmSync(folder, { recursive: true })
  row(name, ...figures(median(measured.slice(WARM_UP)), limit, loop))
}

/** Proves a company, in a process of its own, once: what comes before it is measured elsewhere. */
async function proofs(
  name: string,
  company: string,
  { seconds, megabytes }: { readonly seconds?: number; readonly megabytes?: number },
  ...options: readonly string[]
): Promise<Cost> {
  const loop = calibrate()
  const cost = await runNetwright('check', company, '--date', DATE, ...options)
  const memory = [cost.megabytes.toFixed(0), megabytes?.toString() ?? '', megabytes === undefined ? '' : verdict(cost.megabytes, megabytes)]
  row(name, ...figures(cost.seconds, seconds, loop), cost.cpuSeconds.toFixed(2), ...memory)
  return cost
}

/** Edits a company at random, and proves it after each: the 95th percentile has a limit, and the medians of each kind of edit tell where it comes from. */
async function watched(name: string, company: string, limit: number): Promise<void> {
  const loop = calibrate()
  const { all, byKind } = await editsProved(company, join(work, 'watched'), DATE)
  row(`${name}: median of ${all.length}`, ...figures(median(all), undefined, loop))
  for (const [kind, seconds] of byKind) row(`  ${kind}`, ...figures(median(seconds), undefined, loop))
  row(`${name}: 95th percentile`, ...figures(all[Math.floor(all.length * 0.95)]!, limit, loop))
}

/** Edits one fact of a company on disk, whose last build is in memory, and builds it again up to its texts. */
async function editFacts(name: string, company: string, limit: number): Promise<void> {
  const folder = join(work, 'facts')
  cpSync(company, folder, { recursive: true, filter: (path) => dirname(path) !== company || !MADE.has(basename(path)) })
  const file = join(folder, 'sites', 'gso-office.yaml')
  const facts = readFileSync(file, 'utf8')
  const workspace = openWorkspace(folder, { date: DATE })
  const build = async () => {
    const built = await workspace.build()
    if (!built.ok) throw new Error(JSON.stringify(built.diagnostics[0]))
    return built.value
  }
  writeFileSync(join(folder, 'netwright.lock'), (await build()).ledgerText)
  const measured: number[] = []
  const loop = calibrate()
  for (let n = 1; n <= EDITS + WARM_UP; n++) {
    writeFileSync(file, facts.replace(/bandwidth: \d+ Mbps/, `bandwidth: ${200 + n} Mbps`))
    measured.push(await timed(build))
  }
  rmSync(folder, { recursive: true })
  row(name, ...figures(median(measured.slice(WARM_UP)), limit, loop))
}

function withOffice(company: SyntheticCompany, change: (facts: Facts) => Facts): SyntheticCompany {
  const name = 'office-002'
  return { ...company, sites: { ...company.sites, [name]: change(company.sites[name]!) } }
}

/** Its circuits, the first with another bandwidth. */
function resized({ circuits }: Facts, n: number): readonly Facts[] {
  const [first, ...others] = circuits as readonly Facts[]
  return [{ ...first, bandwidth: `${200 + n} Mbps` }, ...others]
}

/** Its floors, the first with more seats. */
function moreSeats({ seats, floors }: Facts, n: number): Facts {
  const [first, ...others] = floors as readonly Facts[]
  return { seats: Number(seats) + n, floors: [{ ...first, seats: Number(first!.seats) + n }, ...others] }
}

function countsOf(folder: string): Counts {
  const lines = (path: string) => readFileSync(path, 'utf8').split('\n').slice(0, -1)
  const printed = globSync('out/*/*/**/*', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile())
  const configs = printed.map(({ parentPath, name }) => join(parentPath, name))
  return {
    devices: new Set(configs.map((path) => relative(folder, path).split(sep).slice(1, 3).join('/'))).size,
    rules: configs.filter((path) => path.endsWith('nftables.conf')).reduce((sum, path) => sum + lines(path).filter((line) => /\baccept$/.test(line)).length, 0),
    ledgerLines: lines(join(folder, 'netwright.lock')).length - 1,
    configLines: configs.reduce((sum, path) => sum + lines(path).length, 0),
  }
}

function figures(seconds: number, limit: number | undefined, loop: number): string[] {
  return [seconds.toFixed(3), limit?.toFixed(1) ?? '', limit === undefined ? '' : verdict(seconds, limit), loop.toFixed(3), (seconds / loop).toFixed(1)]
}

function verdict(value: number, limit: number): string {
  if (value <= limit) return 'ok'
  over++
  return 'OVER'
}

function row(name: string, ...cells: readonly string[]): void {
  console.log(`${name.padEnd(46)}${cells.map((cell, index) => cell.padStart([9, 7, 5, 8, 8, 8, 6, 7, 5][index]!)).join('')}`)
}

function show(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(2)
}
