/** What is given out company-wide: a block of each family for every site, AS numbers, and which site each replica of a service runs at. */
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import { contains, familyOf, prefixOf } from '#base/ip.ts'
import { byCodeUnit } from '#base/order.ts'
import type { Origin, Why } from '#base/place.ts'
import { allocateNumbers } from '#ledger/allocate-numbers.ts'
import { allocatePrefixes, type PrefixWant } from '#ledger/allocate-prefixes.ts'
import { type Entry, fullKey, type Ledger } from '#ledger/ledger.ts'
import type { Addressing } from '#model/policy.ts'
import { factOrigin, type Site, stateOf } from '../company.ts'
import { type ClaimedEntry, explain } from '../holdings.ts'
import { PRIVATE_ASNS, SITE_V6 } from './plan.ts'

/** A prefix, and why it is that one. */
export interface Located {
  readonly prefix: string
  readonly why: Why
}

/** The blocks and AS numbers of one site. */
export interface SiteNumbers {
  readonly v4: readonly Located[]
  readonly v6: readonly Located[]
  /** By the name under which devices ask: their own, or their group's. */
  readonly asns: Readonly<Record<string, number>>
  readonly claims: readonly ClaimedEntry[]
}

/** What one site wants of the company's pools. */
export interface SiteWants {
  readonly site: Site
  readonly v4: bigint
  readonly asns: readonly { readonly name: string; readonly origin: Origin | undefined }[]
}

/** Gives every site its blocks and AS numbers. Keys are full keys, since the pools belong to all. */
export function planCompany(
  wants: readonly SiteWants[],
  ledger: Ledger,
  addressing: Addressing,
): { readonly numbers: ReadonlyMap<string, SiteNumbers>; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const entries = { block: [] as Entry[], asn: [] as Entry[] }
  for (const [scope, of] of ledger) {
    for (const entry of of.values()) {
      if (entry.key.startsWith('block ')) entries.block.push({ ...entry, key: fullKey(scope, entry.key) })
      else if (entry.key.startsWith('asn ')) entries.asn.push({ ...entry, key: fullKey(scope, entry.key) })
    }
  }
  const blocks = { v4: giveBlocks('v4', wants, entries.block, addressing, diagnostics), v6: giveBlocks('v6', wants, entries.block, addressing, diagnostics) }
  const asnOf = giveAsns(wants, entries.asn, addressing, diagnostics)

  const numbers = new Map<string, SiteNumbers>()
  for (const { site, asns } of wants) {
    const state = stateOf(site.facts.status)
    const claims: ClaimedEntry[] = []
    const take = (family: 'v4' | 'v6') =>
      (blocks[family].get(`${site.name} block ${family}`) ?? []).map(({ key, value }) => {
        claims.push({ key: key.slice(site.name.length + 1), value, state })
        return { prefix: value, why: [`ledger ${key}`] }
      })
    const given: Record<string, number> = {}
    for (const { name } of asns) {
      const asn = asnOf.get(`${site.name} asn ${name}`)
      if (asn === undefined) continue
      given[name] = asn
      claims.push({ key: `asn ${name}`, value: String(asn), state })
    }
    numbers.set(site.name, { v4: take('v4'), v6: take('v6'), asns: given, claims })
  }
  return { numbers, diagnostics }
}

function giveBlocks(family: 'v4' | 'v6', wants: readonly SiteWants[], held: readonly Entry[], addressing: Addressing, diagnostics: Diagnostic[]) {
  const mine = (prefix: string) => familyOf(prefix) === (family === 'v4' ? 4 : 6)
  const blocksOf = new Map<string, readonly { readonly key: string; readonly value: string }[]>()
  const byRegion = new Map<string | undefined, SiteWants[]>()
  for (const want of wants) {
    const region = want.site.facts.region
    if (region !== undefined && !addressing.regions?.[region]) {
      diagnostics.push(
        diagnose(
          'unknown-region',
          { site: want.site.name, region },
          { origin: factOrigin(want.site.file, 'region'), value: region, allowed: Object.keys(addressing.regions ?? {}).sort() },
        ),
      )
    }
    byRegion.set(region, [...(byRegion.get(region) ?? []), want])
  }
  // One region after the other, each seeing what the one before was given: a region's blocks may lie inside the company's.
  const taken = held.filter((entry) => mine(entry.value))
  const known = new Set(taken.map((entry) => entry.key))
  for (const [region, of] of [...byRegion].sort(([a = ''], [b = '']) => byCodeUnit(a, b))) {
    const pool = (region === undefined ? undefined : addressing.regions?.[region]) ?? addressing
    const originOf = new Map(
      of.map(({ site: { name, file, facts } }) => {
        const pinned = facts.pinned?.blocks?.findIndex(mine) ?? -1
        return [`${name} block ${family}`, pinned < 0 ? factOrigin(file, 'standard') : factOrigin(file, 'pinned', 'blocks', String(pinned))]
      }),
    )
    const asked = of.map(({ site, v4 }): PrefixWant => {
      const pinned = site.facts.pinned?.blocks?.find(mine)
      return { key: `${site.name} block ${family}`, state: stateOf(site.facts.status), size: family === 'v4' ? v4 : SITE_V6, ...(pinned ? { pinned } : {}) }
    })
    const { blocksOf: given, problems } = allocatePrefixes({
      held: taken,
      wants: asked,
      blocks: pool[family],
      avoid: (addressing.reserved ?? []).filter(mine),
    })
    const space = `the company's ${family === 'v4' ? 'IPv4' : 'IPv6'} space (${pool[family].join(', ')})`
    diagnostics.push(...explain(problems, '', 'address', space, (key) => originOf.get(key)))
    for (const [key, blocks] of given) {
      blocksOf.set(key, blocks)
      for (const block of blocks) {
        if (!known.has(block.key)) taken.push({ ...block, state: 'active' })
        known.add(block.key)
      }
    }
  }
  checkSpace(family, wants, blocksOf, addressing, diagnostics)
  return blocksOf
}

/** Every block lies in the company's space: what lies outside would be the internet to filters, and announced to nobody. */
function checkSpace(
  family: 'v4' | 'v6',
  wants: readonly SiteWants[],
  blocksOf: ReadonlyMap<string, readonly { readonly value: string }[]>,
  addressing: Addressing,
  diagnostics: Diagnostic[],
): void {
  const pools = [addressing, ...Object.values(addressing.regions ?? {})].flatMap((of) => of[family])
  for (const { site } of wants) {
    for (const { value } of blocksOf.get(`${site.name} block ${family}`) ?? []) {
      if (pools.some((pool) => contains(prefixOf(pool), prefixOf(value)))) continue
      const pinned = site.facts.pinned?.blocks?.indexOf(value) ?? -1
      const origin = pinned < 0 ? 'company addressing' : factOrigin(site.file, 'pinned', 'blocks', String(pinned))
      diagnostics.push(diagnose('outside-space', { site: site.name, value }, { origin, value, allowed: pools }))
    }
  }
}

function giveAsns(wants: readonly SiteWants[], held: readonly Entry[], addressing: Addressing, diagnostics: Diagnostic[]): ReadonlyMap<string, number> {
  const [first, last] = addressing.asns ?? PRIVATE_ASNS
  const originOf = new Map<string, Origin | undefined>()
  const asked = wants.flatMap(({ site, asns }) =>
    asns.map(({ name, origin }) => {
      const key = `${site.name} asn ${name}`
      const pinned = site.facts.pinned?.asns?.[name]
      originOf.set(key, pinned === undefined ? origin : factOrigin(site.file, 'pinned', 'asns', name))
      return { key, state: stateOf(site.facts.status), ...(pinned === undefined ? {} : { pinned }) }
    }),
  )
  const { numberOf, problems } = allocateNumbers({ held, wants: asked, range: { first, last } })
  diagnostics.push(...explain(problems, '', 'AS number', `the company's AS numbers (${first}–${last})`, (key) => originOf.get(key)))
  return numberOf
}
