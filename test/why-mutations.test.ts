/**
 * That what `why` cites matters, tested by taking it away. The first fact, ask, policy or allocation that a line cites is enough to change or remove the line, or to have the build
 * refused; any other is enough to change one of the lines that cite it. Constant choices of targets are cited with their reason and can't be taken away.
 */
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { parseDocument } from 'yaml'
import { same } from '#base/canonical.ts'
import type { Origin } from '#base/place.ts'
import type { Company } from '#compile/company.ts'
import { nodesOf } from '#design/design.ts'
import type { Ledger } from '#ledger/ledger.ts'
import { type Built, openWorkspace, type Workspace } from '#workspace/workspace.ts'
import { movedAllocations, otherDeclaration, withoutCall, withoutFact, withoutPolicy } from './why/mutations.ts'
import { buildStarter, type CitedLine, compiler, DATE, type Starter, survivors, type Texts } from './why/starter.ts'

/** Of each kind every so many-th allocation is moved: all of them take half a minute. */
const SAMPLED = 8

let starter: Starter
/** The lines by what they cite first, and by all that they cite. */
let first: Map<Origin, CitedLine[]>
let cited: Map<Origin, CitedLine[]>
let compile: (company: Company, ledger?: Ledger) => Texts
let edited: Workspace

before(async () => {
  starter = await buildStarter()
  compile = compiler(starter)
  edited = openWorkspace(starter.folder, { date: DATE, typeCheck: false })
  first = new Map()
  cited = new Map()
  const add = (to: typeof cited, origin: Origin, line: CitedLine) => to.set(origin, [...(to.get(origin) ?? []), line])
  for (const line of starter.lines) {
    const origins = line.why.filter((origin) => !origin.startsWith('rule '))
    if (origins[0] !== undefined) add(first, origins[0], line)
    for (const origin of origins) add(cited, origin, line)
  }
})

after(() => rmSync(starter.folder, { recursive: true }))

const of = (kind: string, from: ReadonlyMap<Origin, unknown>) => [...from.keys()].filter((origin) => origin.startsWith(`${kind} `)).sort()

/** What cites `origin` first and is there still. */
function left(origin: Origin, after: Texts): string[] {
  return survivors(first.get(origin)!, starter.built.files, after).map(({ path, number, text }) => `without ${origin}: ${path}:${number} ${text}`)
}

/** Something that cites `origin` has changed. */
function someGone(origin: Origin, after: Texts): boolean {
  return !after || survivors(cited.get(origin)!, starter.built.files, after).length < cited.get(origin)!.length
}

describe('what a line cites first is enough to change it', () => {
  test('an ask', () => {
    assert(of('ask', first).length > 50)
    assert.deepEqual(
      of('ask', first).flatMap((origin) => left(origin, withoutAsk(origin))),
      [],
    )
  })

  test('a policy', () => {
    assert.equal(of('policy', first).length, starter.built.company.declaration.policies.length)
    assert.deepEqual(
      of('policy', first).flatMap((origin) => left(origin, compile(withoutPolicy(starter.built.company, origin)))),
      [],
    )
  })

  test('what the company says of itself', () => {
    const statements = ['zone', 'company', 'external'].flatMap((kind) => of(kind, first))
    assert(statements.includes('company addressing') && statements.includes('company baseline'))
    assert.deepEqual(
      statements.flatMap((origin) => left(origin, withoutStatement(origin))),
      [],
    )
  })

  test('an allocation', () => {
    assert(of('ledger', first).length > 15)
    assert.deepEqual(
      of('ledger', first).flatMap((origin) => left(origin, compile(starter.built.company, movedAllocations(starter.built.ledger, origin).next().value!))),
      [],
    )
  })

  test('a fact', async () => {
    assert(of('fact', first).length > 5)
    const stay: string[] = []
    for (const origin of of('fact', first)) for (const after of await withoutFactOf(origin)) stay.push(...left(origin, after?.files))
    assert.deepEqual(stay, [])
  })
})

describe('whatever is cited is enough to change something that cites it', () => {
  test('an allocation', () => {
    const kinds = Map.groupBy(of('ledger', cited), (origin) => origin.split(' ')[2]!)
    assert(kinds.size > 10)
    const sample = [...kinds.values()].flatMap((origins) => origins.filter((_, index) => index % SAMPLED === 0))
    const idle = sample.filter(
      (origin) => !movedAllocations(starter.built.ledger, origin).some((ledger) => someGone(origin, compile(starter.built.company, ledger))),
    )
    assert.deepEqual(idle, [])
  })

  test('what the company says of itself', () => {
    const statements = ['zone', 'company', 'external'].flatMap((kind) => of(kind, cited))
    assert.deepEqual(
      statements.filter((origin) => !someGone(origin, withoutStatement(origin))),
      [],
    )
  })

  test('an ask', () => {
    const idle = of('ask', cited).filter((origin) => !someGone(origin, withoutAsk(origin)))
    assert.deepEqual(idle, [])
  })

  test('a fact, also one that an ask was made of: a line or a node', async () => {
    const { built } = starter
    const nodes = new Map([...nodesOf(built.design)].map((node) => [node.id, node]))
    const asks = new Map<Origin, Set<Origin>>()
    for (const origin of [...of('ask', cited), ...[...nodes.values()].flatMap(({ why }) => why.filter((one) => one.startsWith('ask ')))])
      for (const fact of built.places(origin).from) asks.set(fact, (asks.get(fact) ?? new Set()).add(origin))
    const facts = [...new Set([...asks.keys(), ...of('fact', cited)])].sort()
    assert(facts.length > 40)
    const idle: Origin[] = []
    for (const fact of facts) {
      const origins = [fact, ...(asks.get(fact) ?? [])]
      const lines = origins.flatMap((origin) => cited.get(origin) ?? [])
      const citing = [...nodes.values()].filter(({ why }) => why.some((origin) => origins.includes(origin)))
      const changed = (after: Built | undefined) =>
        !after ||
        survivors(lines, built.files, after.files).length < lines.length ||
        citing.some(
          (node) =>
            !same(
              node,
              [...nodesOf(after.design)].find(({ id }) => id === node.id),
            ),
        )
      const variants = await withoutFactOf(fact)
      if (variants.length > 0 && !variants.some(changed)) idle.push(fact)
    }
    assert.deepEqual(idle, [])
  })
})

const askless = new Map<Origin, Texts>()

/** What the company is printed as in which that is not asked for. */
function withoutAsk(origin: Origin): Texts {
  const { company, calls } = starter.built
  if (!askless.has(origin)) askless.set(origin, compile(withoutCall(company, calls, origin)))
  return askless.get(origin)
}

/** What the company is printed as that says something else of itself. */
function withoutStatement(origin: Origin): Texts {
  const { company } = starter.built
  return compile({ ...company, declaration: otherDeclaration(company.declaration, origin) })
}

const factless = new Map<Origin, (Built | undefined)[]>()

/** What the companies are built to in which the fact is not said, or is 0: undefined where that is refused; nothing where it is not said anyway. */
async function withoutFactOf(origin: Origin): Promise<(Built | undefined)[]> {
  const known = factless.get(origin)
  if (known) return known
  const path = join(starter.folder, origin.slice('fact '.length).split('#')[0]!)
  const text = readFileSync(path, 'utf8')
  const results: (Built | undefined)[] = []
  for (const variant of withoutFact(() => parseDocument(text), origin)) {
    writeFileSync(path, variant)
    const built = await edited.build()
    results.push(built.ok ? built.value : undefined)
  }
  writeFileSync(path, text)
  factless.set(origin, results)
  return results
}
