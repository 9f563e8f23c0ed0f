/**
 * Nothing moves that was not edited; order means nothing; what is compiled incrementally is what is compiled from scratch. Over random companies and random edits.
 */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import type { Entry } from '#ledger/ledger.ts'
import { parseLedger } from '#ledger/parse-ledger.ts'
import { printLedger } from '#ledger/print-ledger.ts'
import { LEDGER_FILE } from '#workspace/ledger-file.ts'
import { mintKeys } from '#workspace/mint-keys.ts'
import { type Built, openWorkspace, type Workspace } from '#workspace/workspace.ts'
import { dice, filesOf, type Size, type SyntheticCompany } from './companies.ts'
import { applyEdit, EDITS, type Edited, shuffled } from './edits.ts'
import { smallCompany } from './small-company.ts'

const DATE = '2026-11-23'

const work = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'netwright-stability-'))
after(() => rmSync(work, { recursive: true }))

const size = fc.record({
  seed: fc.nat(999),
  offices: fc.integer({ min: 1, max: 2 }),
  dataCentres: fc.integer({ min: 1, max: 2 }),
  computeRacks: fc.integer({ min: 1, max: 2 }),
  hostsPerRack: fc.constant(3),
  services: fc.integer({ min: 1, max: 4 }),
})

const step = fc.record({ kind: fc.constantFrom(...Object.keys(EDITS)), seed: fc.nat(9999) })

/** A company, and what happens to it. */
const story = fc.record({ size, steps: fc.array(step, { minLength: 1, maxLength: 6 }) })

/** A company folder, with the workspace that is open on it. */
interface Folder {
  readonly path: string
  readonly workspace: Workspace
  readonly texts: Map<string, string>
}

let folders = 0

function open(path = join(work, String(folders++))): Folder {
  return { path, workspace: openWorkspace(path, { date: DATE, typeCheck: false }), texts: new Map() }
}

/** Brings the folder up to the company, writing and removing what differs. */
function bring({ path, texts }: Folder, to: SyntheticCompany, ledger: string | undefined): void {
  const wanted = new Map(filesOf(to, (facts) => JSON.stringify(facts)))
  if (ledger !== undefined) wanted.set(LEDGER_FILE, ledger)
  for (const file of texts.keys()) {
    if (wanted.has(file)) continue
    rmSync(join(path, file))
    texts.delete(file)
  }
  for (const [file, text] of wanted) {
    if (texts.get(file) === text) continue
    mkdirSync(dirname(join(path, file)), { recursive: true })
    writeFileSync(join(path, file), text)
    texts.set(file, text)
  }
}

/** Builds; devices that end tunnels and have no key get one first, as from `netwright keys`. */
async function build({ path, workspace, texts }: Folder, what = 'the company'): Promise<Built> {
  let built = await workspace.build()
  const keyless = built.diagnostics.filter(({ code }) => code === 'no-public-key').map(({ value }) => value!)
  if (keyless.length > 0) {
    const ledger = parseLedger(texts.get(LEDGER_FILE) ?? '', LEDGER_FILE)
    assert.ok(ledger.ok)
    const text = printLedger(mintKeys(ledger.value, keyless, { seed: 'stability' }))
    writeFileSync(join(path, LEDGER_FILE), text)
    texts.set(LEDGER_FILE, text)
    built = await workspace.build()
  }
  assert.ok(built.ok, `${what} does not build: ${JSON.stringify(built.diagnostics[0])}`)
  return built.value
}

/** Runs the steps that apply, one after the other, each seeing what the ones before left. */
async function tell(
  of: { readonly size: Size; readonly steps: readonly { readonly kind: string; readonly seed: number }[] },
  visit: (edit: Edited, before: Built, folder: Folder) => Promise<Built>,
): Promise<void> {
  const folder = open()
  try {
    let now = smallCompany(of.size)
    bring(folder, now, undefined)
    let built = await build(folder)
    for (const { kind, seed } of of.steps) {
      const edit = applyEdit(now, kind, seed)
      if (!edit) continue
      bring(folder, edit.company, built.ledgerText)
      built = await visit(edit, built, folder)
      now = edit.company
    }
  } finally {
    rmSync(folder.path, { recursive: true })
  }
}

function entriesOf({ ledger }: Built): Map<string, { readonly scope: string; readonly entry: Entry }> {
  return new Map([...ledger].flatMap(([scope, entries]) => [...entries.values()].map((entry) => [`${scope} ${entry.key}`, { scope, entry }] as const)))
}

/** The entries that an edit changed and should not have. */
function moved(edit: Edited, before: Built, built: Built): string[] {
  const now = entriesOf(built)
  const sites = new Set(before.company.sites.map(({ name }) => name))
  const wrong: string[] = []
  for (const [key, { scope, entry }] of entriesOf(before)) {
    const words = entry.key.split(' ')
    // `infrastructure link` and `infrastructure loopback` are no names, whatever things are called.
    const kind = words.splice(0, words[0] === 'infrastructure' ? 2 : 1)
    if (entry.freed || edit.belongs(scope, [kind[0]!, ...words, entry.value])) continue
    const rename = (name: string) => edit.renamed(scope, name)
    const renamed = (word: string) => {
      const whole = rename(word)
      if (whole !== word) return whole
      // What follows the name of a site is a thing of that site.
      const [site, ...things] = word.split('~')[0]!.split('/') as [string, ...string[]]
      if (things.length > 0 && sites.has(site)) return [rename(site), ...things.map((name) => edit.renamed(site, name))].join('/')
      return word
        .split('~')
        .map((side) => side.split('/').map(rename).join('/'))
        .join('~')
    }
    const expected = [rename(scope), ...kind, ...words.map(renamed)].join(' ')
    const found = now.get(expected)?.entry
    if (!found) wrong.push(`${key} = ${entry.value} is gone${expected === key ? '' : ` (should be ${expected})`}`)
    else if (found.freed) wrong.push(`${key} = ${entry.value} was freed`)
    else if (found.value !== renamed(entry.value)) wrong.push(`${key} = ${entry.value} became ${found.value}`)
  }
  return wrong
}

function same(a: Built, b: Built, what: string): void {
  assert.equal(a.ledgerText, b.ledgerText, `${what}: the ledger`)
  assert.deepEqual([...a.files.keys()].sort(), [...b.files.keys()].sort(), `${what}: the files`)
  for (const [path, text] of a.files) assert.equal(b.files.get(path), text, `${what}: ${path}`)
}

test('an edit moves nothing but what it is about, and a second build nothing at all', async () => {
  await fc.assert(
    fc.asyncProperty(story, (of) =>
      tell(of, async (edit, before, folder) => {
        const built = await build(folder, edit.what)
        assert.deepEqual(moved(edit, before, built), [], edit.what)
        bring(folder, edit.company, built.ledgerText)
        same(built, await build(folder, edit.what), `${edit.what}, and built again`)
        return built
      }),
    ),
    { numRuns: 18 },
  )
})

test('what is compiled incrementally is what is compiled from scratch', async () => {
  await fc.assert(
    fc.asyncProperty(story, (of) =>
      tell(of, async (edit, _before, folder) => {
        const built = await build(folder, edit.what)
        same(built, await build(open(folder.path), edit.what), edit.what)
        return built
      }),
    ),
    { numRuns: 14 },
  )
})

test('the order of files, lists and mappings means nothing', async () => {
  await fc.assert(
    fc.asyncProperty(story, fc.nat(9999), async (of, seed) => {
      const other = open()
      await tell(of, async (edit, before, folder) => {
        const built = await build(folder, edit.what)
        bring(other, shuffled(edit.company, dice(seed)), before.ledgerText)
        same(built, await build(other, edit.what), `${edit.what}, reordered`)
        return built
      })
    }),
    { numRuns: 14 },
  )
})
