/** The address sets of a filter, by family: as sources they become named sets that every pair shares; as destinations they are merged with services. */
import { type Family, familyOf, type Prefix, prefixOf } from '#base/ip.ts'
import type { Why } from '#base/place.ts'
import type { AddressSet } from '#design/device.ts'
import { disjoint } from './disjoint.ts'
import { ADDRESS, element, SOURCE } from './lookups.ts'
import { identifier } from './names.ts'
import type { NftSet, Statement } from './tree.ts'

/** The sets, and what has been made of them. */
export interface AddressSets {
  /** The prefixes of a set in a family. Throws on an unknown set, and on malformed prefixes. */
  prefixes(name: string, family: Family): readonly { readonly prefix: Prefix; readonly why: Why }[]
  /** Matches packets from the set; undefined when it holds no address of the family. Throws on an unknown set. */
  from(name: string, family: Family): Statement | undefined
  /** The named sets that {@link from} has looked in, by name. */
  readonly sources: ReadonlyMap<string, NftSet>
}

/** Reads the sets, each when it is first asked for. */
export function addressSets(sets: readonly AddressSet[]): AddressSets {
  const byName = new Map(sets.map((set) => [set.name, set]))
  const known = new Map<string, readonly { readonly prefix: Prefix; readonly why: Why }[]>()
  const sources = new Map<string, NftSet>()
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
  return {
    sources,
    prefixes,
    from(name, family) {
      const set = identifier(name, `v${family}`)
      if (!sources.has(set)) {
        const boxes = disjoint(prefixes(name, family).map((located) => ({ ...located, first: 0, last: 0 })))
        if (boxes.length === 0) return undefined
        const type = [ADDRESS[family]]
        sources.set(set, { name: set, type, elements: boxes.map((box) => element(type, box)), why: find(name).why })
      }
      return { kind: 'in', selectors: [SOURCE[family]], set }
    },
  }
}
