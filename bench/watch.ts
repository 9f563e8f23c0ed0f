/** How fast a company is proved again when something of it is edited, up to the verdicts: random edits of its sites, policies and services, one after the other, in this process. */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { prover, verdictsOf } from '#workspace/prove.ts'
import { openWorkspace } from '#workspace/workspace.ts'
import { dice } from '../test/companies.ts'

/** Edits, after some that are not counted: the first ones run code that is not compiled yet. */
const EDITS = 200
const WARM_UP = 5

/** Times of the edits, in s, in order, by what was edited. */
export interface Edited {
  readonly all: readonly number[]
  readonly byKind: ReadonlyMap<string, readonly number[]>
}

/** An edit: the file, and its text afterwards; undefined where there is nothing to be edited so. */
type Kind = (folder: string, roll: (below: number) => number) => readonly [file: string, text: string] | undefined

const read = (folder: string, file: string) => readFileSync(join(folder, file), 'utf8')

/** One of the files of a folder. */
const pick = (folder: string, of: string, roll: (below: number) => number) => {
  const all = readdirSync(join(folder, of)).sort()
  return `${of}/${all[roll(all.length)]!}`
}

/** A match of the text, put in place by another one. */
function replaced(text: string, what: RegExp, roll: (below: number) => number, by: (...found: string[]) => string): string | undefined {
  const all = [...text.matchAll(what)]
  const one = all[roll(all.length)]
  return one && `${text.slice(0, one.index)}${by(...one)}${text.slice(one.index + one[0].length)}`
}

const KINDS: Readonly<Record<string, Kind>> = {
  'a circuit of a site': (folder, roll) => {
    const file = pick(folder, 'sites', roll)
    const text = replaced(read(folder, file), /bandwidth: (\d+) (Mbps|Gbps)/g, roll, (_, rate, unit) => `bandwidth: ${Number(rate) + 1} ${unit}`)
    return text === undefined ? undefined : [file, text]
  },
  'desks of a site': (folder, roll) => {
    const file = pick(folder, 'sites', roll)
    const text = read(folder, file)
    const desks = [...text.matchAll(/(\{name: [^}]*seats: )(\d+)/g)]
    const [from, to] = [desks[roll(desks.length)], desks[roll(desks.length)]]
    if (!from || !to || from === to || Number(from[2]) < 3) return undefined
    const moved = text
      .split('\n')
      .map((line) =>
        line.includes(from[0])
          ? line.replace(from[0], `${from[1]}${Number(from[2]) - 1}`)
          : line.includes(to[0])
            ? line.replace(to[0], `${to[1]}${Number(to[2]) + 1}`)
            : line,
      )
    return [file, moved.join('\n')]
  },
  'a policy more, or less': (folder, roll) => {
    const text = read(folder, 'policies.ts')
    const line = /allow\(\{ from: at\(.*why: 'tried'.*\n/
    if (roll(2) === 0 && line.test(text)) return ['policies.ts', text.replace(line, '')]
    const [site, service] = [pick(folder, 'sites', roll), pick(folder, 'services', roll)].map((file) => file.replace(/.*\/|\.yaml/g, ''))
    return ['policies.ts', `${text}allow({ from: at(zone.management, '${site}'), to: service('${service}'), why: 'tried', owner: 'network' })\n`]
  },
  'a port of a service': (folder, roll) => {
    const file = pick(folder, 'services', roll)
    const text = replaced(
      read(folder, file),
      /(listens: \[\{name: [a-z0-9-]+, port: )(\d+)/g,
      roll,
      (_, before, port) => `${before}${Number(port) + 10_000 * (Number(port) < 10_000 ? 1 : -1)}`,
    )
    return text === undefined ? undefined : [file, text]
  },
  'replicas of a service': (folder, roll) => {
    const file = pick(folder, 'services', roll)
    const text = replaced(read(folder, file), /replicas: (\d)\b/g, roll, (_, count) => `replicas: ${count === '2' ? 3 : 2}`)
    return text === undefined ? undefined : [file, text]
  },
}

/** Edits a copy of the company in `folder`. Edits that are refused, or that break what is claimed, are taken back and not counted. */
export async function editsProved(company: string, folder: string, date: string): Promise<Edited> {
  cpSync(company, folder, { recursive: true })
  const workspace = openWorkspace(folder, { date, typeCheck: false })
  const proofOf = prover()
  const judge = async (): Promise<boolean> => {
    const built = await workspace.build()
    const proof = built.ok ? proofOf(built.value) : built
    return proof.ok && verdictsOf(proof.value).every(({ holds }) => holds)
  }
  if (!(await judge())) throw new Error('what is edited does not hold')
  const roll = dice(1)
  const names = Object.keys(KINDS)
  const all: number[] = []
  const byKind = new Map<string, number[]>()
  for (let count = 0; count < EDITS + WARM_UP; ) {
    const name = names[roll(names.length)]!
    const edit = KINDS[name]!(folder, roll)
    if (!edit) continue
    const [file, text] = edit
    const before = read(folder, file)
    writeFileSync(join(folder, file), text)
    const start = performance.now()
    const holds = await judge()
    const seconds = (performance.now() - start) / 1000
    if (!holds) {
      writeFileSync(join(folder, file), before)
      continue
    }
    if (count++ < WARM_UP) continue
    all.push(seconds)
    byKind.set(name, [...(byKind.get(name) ?? []), seconds])
  }
  return { all: all.sort((a, b) => a - b), byKind }
}
