/** The way of a packet, as lines for a person: the filters with the rules that it needs or that drop it, the routes with where they begin, and what is in the way with who answers for it. */

import { byName } from '#base/order.ts'
import { showPlace } from '#base/place.ts'
import { count } from '#base/units.ts'
import type { Step } from '#workspace/explain.ts'
import {
  type ExplainedGate,
  type ExplainedRoute,
  type ExplainedRule,
  type ExplainedWay,
  type Liable,
  type Standing,
  sourcesOf,
} from '#workspace/explain-way.ts'
import { showExplanation } from './show-explanation.ts'
import { tone } from './terminal.ts'

/** What the parts of a route are called. */
const PARTS = { has: 'by its address', states: 'by', hears: 'heard by', carries: 'carried by', begins: 'begins at', outside: 'from outside by' } as const

/** Sources of a line that are shown of several: what asked for it, and a fact. */
const SOURCES = 2

/** The lines. Without `all`, of packets around it only which devices they go by, of a way that is closed only the routes that lead nowhere, and of each source the first fact. */
export function showWay({ packet, arrives, devices, gates, routes, losses }: ExplainedWay, all: boolean): readonly string[] {
  const lost = losses.flatMap(({ device, says, liable }) => [`  ${tone('remove', `✗ ${device} ${says}`)}`, ...showLiable(liable, all)])
  /** Those that lead nowhere. */
  const ending = routes.filter((route) => losses.some(({ device }) => device === route.device))
  return [
    arrives ? tone('add', `✓ ${packet} arrives`) : tone('remove', `✗ ${packet} does not arrive`),
    `  ${devices.join(' → ')}`,
    ...gates.flatMap((gate) => showGate(gate, all)),
    ...lost,
    ...(arrives || all ? showRoutes(routes, all) : ending.flatMap((route) => showRoute(route, all))),
    ...(arrives || all ? [] : [tone('quiet', `  ${count(routes.length - ending.length, 'route')} on the way (--all)`)]),
  ]
}

function showRoutes(routes: readonly ExplainedRoute[], all: boolean): readonly string[] {
  const [own, around] = [routes.filter((route) => all || route.around === undefined), all ? [] : routes.filter((route) => route.around !== undefined)]
  return [
    ...own.flatMap((route) => showRoute(route, all)),
    ...[...Map.groupBy(around, (route) => route.around!)].map(([end, those]) => {
      const by = [...new Set(those.map(({ device }) => device))].join(', ')
      return tone('quiet', `  the tunnel to ${end}: ${count(those.length, 'route')} at ${by} (--all)`)
    }),
  ]
}

function showGate({ device, from, to, passes, rules, liable }: ExplainedGate, all: boolean): readonly string[] {
  const way = to.length === 0 ? `from ${from}, for itself` : `${from} → ${to.join(' ')}`
  const by = rules.length > 0 ? `chain ${[...new Set(rules.map(({ chain }) => chain))].join(', ')}` : 'no rule accepts it'
  return [
    `  ${tone(passes ? 'add' : 'remove', passes ? '✓' : '✗')} ${device} ${way}: ${passes ? 'passes' : 'dropped'}, ${by}`,
    ...rules.flatMap((rule) => showRule(rule, all)),
    ...(liable ? showLiable(liable, all) : []),
  ]
}

/** A rule with where it comes from; where it looks in sets, what it finds there says so better. */
function showRule({ line, explanation, elements }: ExplainedRule, all: boolean): readonly string[] {
  if (!line || !explanation) return []
  if (elements.length === 0 || all) {
    const own = showExplanation(explanation, all).flatMap((text) => (text === '' ? [] : [`    ${text}`]))
    return [...own, ...elements.flatMap((element) => showSaid('with', element, all))]
  }
  return [`    ${line.path}:${line.number}  ${explanation.text.trim()}`, ...elements.flatMap((element) => showSaid('with', element, all))]
}

/** A route in a line, and beneath it a line for each that makes it, with its source. Devices that only carry it are named. */
function showRoute({ device, vrf, prefix, protocol, to, best, otherwise, around, said }: ExplainedRoute, all: boolean): readonly string[] {
  const hops =
    typeof to === 'string'
      ? to
      : 'port' in to
        ? `on ${to.port}`
        : to.map((hop) => ('tunnel' in hop ? `tunnel to ${hop.tunnel}` : `${hop.port} ${hop.address}`)).join(', ')
  const table = vrf === '' ? '' : ` ${vrf}`
  const notes = [best, ...(otherwise === undefined ? [] : [`longer than ${otherwise}`]), ...(around === undefined ? [] : [`around it, to ${around}`])]
  const carriers = [...new Set(said.flatMap((one) => (one.part === 'carries' ? [one.device] : [])))].sort(byName)
  return [
    `  → ${device}${table} ${prefix} ${protocol}, ${hops}  ${tone('quiet', notes.join('; '))}`,
    ...said.filter(({ part }) => all || part !== 'carries').flatMap((one) => showSaid(PARTS[one.part], one, all)),
    ...(carriers.length > 0 && !all ? [`      ${PARTS.carries} ${carriers.join(', ')}`] : []),
  ]
}

function showSaid(name: string, { line, explanation }: Standing, all: boolean): readonly string[] {
  if (!line || !explanation) return []
  return [`      ${name} ${line.path}:${line.number}  ${explanation.text.trim()}`, ...showSources(explanation.steps, all)]
}

function showSources(steps: readonly Step[], all: boolean): readonly string[] {
  return sourcesOf(steps)
    .slice(0, all ? undefined : SOURCES)
    .map(({ place, text, kind, note }) => tone('quiet', `        ${showPlace(place)}  ${text}${kind === 'policy' && note !== undefined ? `: ${note}` : ''}`))
}

function showLiable({ owner, contact, asked }: Liable, all: boolean): readonly string[] {
  const who = owner === undefined ? [] : [`    owned by ${owner}${contact === undefined ? '' : ` (${contact})`}`]
  return [...who, ...showSources(asked, all)]
}
