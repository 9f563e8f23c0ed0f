/**
 * What a company's own code gets in place of the platform: the same globals, without the clock, randomness and the outside. Same input, same bytes: a standard that reads the time
 * gives another network tomorrow.
 */
import { callSites } from '#base/call-site.ts'
import { diagnose, Refusal } from '#base/diagnostic.ts'

function refuse(what: string, instead: string): never {
  throw new Refusal([diagnose('impure', { what, instead }, { place: callSites(refuse, (file) => file !== import.meta.url)[0], value: what })])
}

/** `Date` with fixed moments only. */
const PureDate = new Proxy(Date, {
  apply: () => refuse('Date()', 'pass the date as a fact'),
  construct(target, parts) {
    if (parts.length === 0) refuse('new Date()', 'pass the date as a fact')
    return Reflect.construct(target, parts) as Date
  },
  get: (target, key, receiver) => (key === 'now' ? () => refuse('Date.now()', 'pass the date as a fact') : Reflect.get(target, key, receiver)),
})

/** `Math` without `random`. */
const PureMath: Math = Object.create(Math, { random: { value: () => refuse('Math.random()', 'derive it from a name') } })

const outside = (name: string) =>
  new Proxy(function outside() {}, {
    get: () => refuse(name, 'put it into the facts'),
    apply: () => refuse(name, 'put it into the facts'),
    construct: () => refuse(name, 'put it into the facts'),
  })

/** The globals that company code sees in place of the platform's, by name. */
export const PURE: Readonly<Record<string, unknown>> = {
  Date: PureDate,
  Math: PureMath,
  ...Object.fromEntries(
    [
      'process',
      'performance',
      'crypto',
      'fetch',
      'setTimeout',
      'setInterval',
      'setImmediate',
      'queueMicrotask',
      'require',
      'globalThis',
      'global',
      'WebSocket',
      'navigator',
      'Intl',
    ].map((name) => [name, outside(name)]),
  ),
}
