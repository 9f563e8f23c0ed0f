/** What a route map makes of a path. */
import { bitsOf, familyOf, prefixOf } from '#base/ip.ts'
import type { FrrTree } from '#targets/frr/tree.ts'
import type { Path } from './path.ts'

type Entry = FrrTree['routeMaps'][number]['entries'][number]

/** Asks a route map: the path as it comes out, or undefined where it is denied. Throws on a map that the device does not have. */
export type AskMap = (name: string, prefix: string, path: Path) => Path | undefined

/** The route maps of a device. Whether a list holds a prefix is remembered: it is asked for each path to it. */
export function routeMapsOf({ prefixLists, communityLists, routeMaps }: FrrTree): AskMap {
  const maps = new Map(routeMaps.map((map) => [map.name, map.entries]))
  const lists = new Map(prefixLists.map(({ family, name, entries }) => [`${family} ${name}`, entries]))
  const communities = new Map(communityLists.map((list) => [list.name, list.communities]))
  const known = new Map<string, boolean>()
  const holds = (family: 4 | 6, name: string, prefix: string): boolean => {
    if (familyOf(prefix) !== family) return false
    const key = `${family} ${name} ${prefix}`
    const last = known.get(key)
    if (last !== undefined) return last
    const { base, length } = prefixOf(prefix)
    const entry = (lists.get(`${family} ${name}`) ?? []).find(({ prefix: around, from, to }) => {
      if (length < from || length > to) return false
      const outer = prefixOf(around)
      const host = BigInt(bitsOf(family) - outer.length)
      return outer.length <= length && base >> host === outer.base >> host
    })
    const held = entry?.action === 'permit'
    known.set(key, held)
    return held
  }
  /** Which entries a prefix leaves to decide is looked up once. */
  const left = new Map<string, Map<string, readonly Entry[]>>()
  const entriesFor = (name: string, prefix: string): readonly Entry[] => {
    const known = left.get(name) ?? new Map<string, readonly Entry[]>()
    left.set(name, known)
    const last = known.get(prefix)
    if (last) return last
    const entries = maps.get(name)
    if (!entries) throw new Error(`a neighbor names the route map ${name}, which the device does not have`)
    const found = entries.filter(
      ({ matchPrefixList4: four, matchPrefixList6: six }) => (four === undefined || holds(4, four, prefix)) && (six === undefined || holds(6, six, prefix)),
    )
    known.set(prefix, found)
    return found
  }
  /** A list that is not there holds nothing. */
  const bears = ({ largeCommunities }: Path, list: string): boolean => communities.get(list)?.every((one) => largeCommunities.includes(one)) ?? false
  return (name, prefix, path) => {
    const entry = entriesFor(name, prefix).find(({ matchCommunityList: list }) => list === undefined || bears(path, list))
    if (!entry || entry.action === 'deny') return undefined
    const { prepend = [], largeCommunities = [], localPreference } = entry
    if (prepend.length === 0 && largeCommunities.length === 0 && localPreference === undefined) return path
    return {
      ...path,
      asPath: prepend.length > 0 ? [...prepend, ...path.asPath] : path.asPath,
      largeCommunities: largeCommunities.length > 0 ? [...new Set([...path.largeCommunities, ...largeCommunities])].sort() : path.largeCommunities,
      ...(localPreference === undefined ? {} : { localPreference }),
    }
  }
}
