/** The address sets of a filter, by family: as sources, and as destinations of many prefixes, they become named sets that every pair shares; other destinations are merged with services. */
import { type Family, familyOf, type Prefix, prefixOf } from '#base/ip.ts'
import type { Why } from '#base/place.ts'
import type { AddressSet } from '#design/filter.ts'
import { disjoint } from './disjoint.ts'
import { ADDRESS, DESTINATION, element, SOURCE } from './lookups.ts'
import { identifier } from './names.ts'
import type { NftSet, Selector, Statement } from './tree.ts'

/** The sets, and what has been made of them. */
export interface AddressSets {
  /** The prefixes of a set in a family. Throws on an unknown set, and on malformed prefixes. */
  prefixes(name: string, family: Family): readonly { readonly prefix: Prefix; readonly why: Why }[]
  /** Matches packets from the set; undefined when it holds no address of the family. Throws on an unknown set. */
  from(name: string, family: Family): Statement | undefined
  /** Matches packets to the set, likewise. */
  to(name: string, family: Family): Statement | undefined
  /** The named sets that {@link from} and {@link to} have looked in, by name. */
  readonly named: ReadonlyMap<string, NftSet>
}

/** Reads the sets, each when it is first asked for. */
export function addressSets(sets: readonly AddressSet[]): AddressSets {
  const byName = new Map(sets.map((set) => [set.name, set]))
  const known = new Map<string, readonly { readonly prefix: Prefix; readonly why: Why }[]>()
  const named = new Map<string, NftSet>()
  const find = (name: string) => {
    const found = byName.get(name)
    if (!found) throw new Error(`a filter rule names the set ${name}, which the filter does not have`)
    return found
  }
  const prefixes = (name: string, family: Family) => {
    const key = `${family} ${name}`
    const read = known.get(key) ?? find(name).prefixes.flatMap(({ prefix, why }) => (familyOf(prefix) === family ? [{ prefix: prefixOf(prefix), why }] : []))
    known.set(key, read)
    return read
  }
  const lookIn = (name: string, family: Family, selector: Selector): Statement | undefined => {
    const set = identifier(name, `v${family}`)
    if (!named.has(set)) {
      const boxes = disjoint(prefixes(name, family).map((located) => ({ ...located, first: 0, last: 0 })))
      if (boxes.length === 0) return undefined
      const type = [ADDRESS[family]]
      named.set(set, { name: set, type, elements: boxes.map((box) => element(type, box)), why: find(name).why })
    }
    return { kind: 'in', selectors: [selector], set }
  }
  return {
    named,
    prefixes,
    from: (name, family) => lookIn(name, family, SOURCE[family]),
    to: (name, family) => lookIn(name, family, DESTINATION[family]),
  }
}
