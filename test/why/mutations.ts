/** Companies that differ from the starter in one thing: a call of a standard that is not made, a fact that is not said or says something else, an allocation that lies elsewhere. */
import { type Document, isMap, isScalar, isSeq } from 'yaml'
import type { Origin } from '#base/place.ts'
import type { Company } from '#compile/company.ts'
import type { Entry, Ledger } from '#ledger/ledger.ts'
import type { Call } from '#standards/authoring/asks.ts'
import { zones, zonesOf } from '#standards/authoring/company.ts'
import { type Ask, siteAsking } from '#standards/authoring/site-asking.ts'
import { type CompanyStandard, pinOf, type Standard } from '#standards/authoring/standard.ts'
import { DATE } from './starter.ts'

/** The company in which the call of that origin is not made. What it would have returned is still returned, so that the rest is asked for. */
export function withoutCall(company: Company, calls: ReadonlyMap<Origin, Call>, origin: Origin): Company {
  const call = calls.get(origin)!
  const [, site] = origin.split(' ')
  const skips = (within: string) => {
    const order = [...calls.values()].filter((other) => other.standard === call.standard && other.origin.startsWith(within)).map((other) => other.origin)
    let next = 0
    return () => order[next++] === origin
  }
  const own = company.sites.find(({ name, standard }) => name === site && pinOf(standard) === call.standard)
  if (own) {
    const zones = new Set(zonesOf(company.declaration.zones).map(({ name }) => name))
    const design: Standard['design'] = (view, ask) => {
      const unheard = siteAsking({ site: own.name, location: own.facts.location }, own.standard, zones, { take: () => [] }).ask
      own.standard.design(view, exceptFor(ask, skips(`ask ${site} `), unheard))
    }
    return { ...company, sites: company.sites.map((other) => (other === own ? { ...own, standard: { ...own.standard, design } } : other)) }
  }
  const standards = company.declaration.standards.map((standard): Standard | CompanyStandard => {
    if (standard.scope !== 'company' || pinOf(standard) !== call.standard) return standard
    const design: CompanyStandard['design'] = (points, ask) =>
      standard.design(points, exceptFor(ask, skips('ask '), { circuit() {}, carrier() {}, tunnel() {}, require() {}, refuse: ask.refuse }))
    return { ...standard, design }
  })
  return { ...company, declaration: { ...company.declaration, standards } }
}

/** The asking in which a call that `skip` says so of goes to `unheard`. One that is for several devices, each with an origin of its own, is as many calls. */
function exceptFor<T extends object>(ask: T, skip: () => boolean, unheard: T): T {
  const heard = (verb: string | symbol) => Reflect.get(skip() ? unheard : ask, verb) as unknown
  return new Proxy(ask, {
    get: (target, verb): unknown => {
      if (verb === 'refuse') return Reflect.get(target, verb)
      if (verb !== 'manage') return heard(verb)
      return (on: Parameters<Ask['manage']>[0], options: Parameters<Ask['manage']>[1]) => {
        for (const device of [on].flat()) (heard(verb) as Ask['manage'])(device, options)
      }
    },
  })
}

/** The company in which the policy is not stated. */
export function withoutPolicy(company: Company, origin: Origin): Company {
  const policies = company.declaration.policies.filter(({ id }) => `policy ${id}` !== origin)
  return { ...company, declaration: { ...company.declaration, policies } }
}

/** The declaration that says something else where that stands: not of a zone; that addresses, outsiders and the zones inside are others; nothing of how devices are run. */
export function otherDeclaration(declaration: Company['declaration'], origin: Origin): Company['declaration'] {
  const { baseline: _, ...unrun } = declaration
  const [kind, name] = origin.split(' ') as [string, string]
  switch (kind) {
    case 'zone': {
      const others = zonesOf(declaration.zones).filter((zone) => zone.name !== name)
      return { ...declaration, zones: zones(Object.fromEntries(others.map(({ name, ...zone }) => [name, zone]))) }
    }
    case 'external':
      return { ...declaration, externals: { ...declaration.externals, [name]: { kind: 'partner', prefixes: ['198.18.0.0/24', '3fff:f00::/48'] } } }
    default:
      return name === 'baseline' ? unrun : { ...declaration, addressing: { v4: ['172.16.0.0/12'], v6: ['2001:db9::/32'] } }
  }
}

/** The path of a fact in a document, in which items of lists go by position; undefined where the fact is not said. */
export function pathOf(document: Document, origin: Origin): (string | number)[] | undefined {
  const path: (string | number)[] = []
  let at: unknown = document.contents
  for (const name of origin.split('#')[1]!.split('/').filter(Boolean)) {
    const step = isSeq(at) ? at.items.findIndex((item) => isMap(item) && (item.get('id') ?? item.get('name')) === name) : name
    const next: unknown = isSeq(at) ? at.items[step as number] : isMap(at) ? at.get(step, true) : undefined
    if (next === undefined) return undefined
    path.push(step)
    at = next
  }
  return path
}

/** The text of the document without the fact, and where it is a number, with none instead. */
export function withoutFact(parse: () => Document, origin: Origin): string[] {
  const path = pathOf(parse(), origin)
  if (!path) return []
  const value: unknown = parse().getIn(path, true)
  const changed = (change: (document: Document) => unknown) => {
    const document = parse()
    change(document)
    return document.toString()
  }
  return [
    changed((document) => document.deleteIn(path)),
    ...(isScalar(value) && typeof value.value === 'number' ? [changed((document) => document.setIn(path, 0))] : []),
  ]
}

/** Ledgers in which the allocation lies elsewhere: its old place is taken by something that is gone; or it has the next value, that of another of its kind, or another device. */
export function* movedAllocations(ledger: Ledger, origin: Origin): Generator<Ledger> {
  const [, name, ...words] = origin.split(' ') as [string, string, ...string[]]
  const key = words.join(' ')
  const scope = ledger.get(name)!
  const entry = scope.get(key)!
  const replaced = (...by: readonly Entry[]): Ledger =>
    new Map([...ledger, [name, new Map([...[...scope].filter(([other]) => other !== key), ...by.map((one) => [one.key, one] as const)])]])
  const gone: Entry = { ...entry, key: [...words.slice(0, -1), `${words.at(-1)}-gone`].join(' '), freed: DATE }
  const values = new Set([...scope.values()].filter((other) => other.key.startsWith(`${words[0]} `) && other.value !== entry.value).map(({ value }) => value))
  const next = entry.value.replace(/\d+$/, (digits) => String(Number(digits) + 1))
  const names = new Set([...scope.keys()].map((other) => other.split(' ').at(-1)!))
  yield replaced(gone)
  for (const value of [next, ...values, ...names]) yield replaced({ ...entry, value })
}
