/** The statements that rules are made of, and rules that are the same on every device. */
import type { Why } from '#base/place.ts'
import { LOG_LIMIT, RULES } from './rules.ts'
import type { NftNote, NftRule, Selector, Statement } from './tree.ts'

/** Lets the packet go on. */
export const ACCEPT: Statement = { kind: 'verdict', verdict: 'accept' }

/** Counts. */
export const COUNTER: Statement = { kind: 'counter' }

const DROP: Statement = { kind: 'verdict', verdict: 'drop' }

/** Matches one of the values. */
export function is(selector: Selector, ...values: readonly string[]): Statement {
  return { kind: 'is', selectors: [selector], values: values.map((value) => [value]) }
}

/** Matches one of the tuples. */
export function tuple(selectors: readonly Selector[], ...values: readonly (readonly string[])[]): Statement {
  return { kind: 'is', selectors, values }
}

/** Jumps to the chain that the map has for the interfaces. */
export function dispatch(map: string, ...selectors: readonly ('iifname' | 'oifname')[]): Statement {
  return { kind: 'dispatch', selectors, map }
}

/** Goes on in the chain, and comes back if it does not decide. */
export function jump(chain: string): Statement {
  return { kind: 'jump', chain }
}

/** A rule that counts and accepts what matches. */
export function accept(matches: readonly Statement[], why: Why, notes: readonly NftNote[] = []): NftRule {
  return { ...(notes.length > 0 ? { notes } : {}), statements: [...matches, COUNTER, ACCEPT], why }
}

/** A rule that is a constant choice. */
export function constant(name: keyof typeof RULES, ...statements: readonly Statement[]): NftRule {
  return { statements, why: [RULES[name].origin] }
}

/** The end of a chain: says what is dropped, and drops it. */
export function drops(log: keyof typeof RULES, drop: keyof typeof RULES, what: string): NftRule[] {
  return [constant(log, { kind: 'limit', over: false, ...LOG_LIMIT }, { kind: 'log', prefix: `netwright ${what} drop: ` }), constant(drop, COUNTER, DROP)]
}

/** Drops what matches, and counts it. */
export function refuse(name: keyof typeof RULES, ...matches: readonly Statement[]): NftRule {
  return constant(name, ...matches, COUNTER, DROP)
}
