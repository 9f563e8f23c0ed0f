/**
 * An answer of `why`, as lines for a person: what is asked about, then a row a step: what kind of source, where it stands, what it says. Under the line of a standard stands its
 * source text, under a policy or a rule the reason that was given for it.
 */
import { type Place, showPlace } from '#base/place.ts'
import { count } from '#base/units.ts'
import type { Explanation, Step } from '#workspace/explain.ts'
import { table, tone } from './terminal.ts'

/** What a step is called, where that is not its kind. */
const NAMES: Readonly<Record<string, string>> = { ask: 'from', fact: 'asked by', rule: 'because', policy: 'allowed by' }

/** Room for the longest name, and the space behind it. */
const INDENT = 12

/** Steps that are shown of many. */
const MOST_STEPS = 8

/** Characters of a source line that are shown. */
const MOST_SOURCE = 110

/** The lines of an answer. Without `all`, of many steps the first ones, and of facts read before only how many. */
export function showExplanation({ subject, text, holders, steps }: Explanation, all: boolean): string[] {
  const shown = all ? steps : steps.slice(0, MOST_STEPS)
  const more = steps.length - shown.length
  const named = new Set(shown.flatMap((step) => [step, ...step.from]).map((step) => step.origin))
  const before = new Map(shown.flatMap((step) => step.before.filter(({ origin }) => !named.has(origin)).map((fact) => [fact.origin, fact] as const)))
  return [
    tone('strong', subject),
    ...(text.trim() === '' ? [] : [`  ${text.trim()}`]),
    ...(holders && holders.length > 0
      ? ['', ...table(holders.map(({ kind, id, prefix }) => [`  ${tone('quiet', kind.padEnd(INDENT - 1))} ${id}`, prefix]))]
      : []),
    ...(steps.length > 0 ? [''] : []),
    ...runsOf(shown).flatMap((run) => showRun(run, text)),
    ...(more > 0 ? [row('', tone('quiet', `and ${more} more (--all)`))] : []),
    ...(before.size === 0
      ? []
      : all
        ? showRows('read before', [...before.values()], '')
        : [row('', tone('quiet', `${count(before.size, 'fact')} read before (--all)`))]),
  ]
}

/** Steps of one kind in a row, which share their name; what a step came from follows it. */
function runsOf(steps: readonly Step[]): Step[][] {
  const runs: Step[][] = []
  for (const step of steps) {
    const last = runs[runs.length - 1]
    if (last && last[0]!.kind === step.kind && last.every(({ from }) => from.length === 0) && step.kind !== 'ask') last.push(step)
    else runs.push([step])
  }
  return runs
}

function showRun(run: readonly Step[], text: string): string[] {
  const [first] = run as [Step]
  const name = NAMES[first.kind] ?? first.kind
  const rows = first.kind === 'ask' ? showAsk(first, name) : showRows(name, run, text)
  return [...rows, ...runsOf(run.flatMap(({ from }) => from)).flatMap((from) => showRun(from, text))]
}

/** Rows that share a name. A reason that stands in the text asked about is not said again. */
function showRows(name: string, steps: readonly Step[], text: string): string[] {
  const rows = table(steps.map((step) => [at(step.place), step.text]))
  return steps.flatMap(({ note }, index) => [
    row(index === 0 ? name : '', rows[index]!),
    ...(note === undefined || text.includes(note) ? [] : [row('', tone('quiet', note))]),
  ])
}

function showAsk({ place, text, source, via }: Step, name: string): string[] {
  return [
    row(name, `${at(place)}  ${text}`),
    ...(source === undefined ? [] : [row('', tone('quiet', cut(source)))]),
    ...via.map((caller) => row('', `called at ${at(caller)}`)),
  ]
}

function at(place: Place | undefined): string {
  return place ? showPlace(place) : 'nowhere'
}

function row(name: string, text: string): string {
  return `  ${tone('quiet', name.padEnd(INDENT - 1))} ${text}`
}

function cut(source: string): string {
  return source.length > MOST_SOURCE ? `${source.slice(0, MOST_SOURCE - 1)}…` : source
}
