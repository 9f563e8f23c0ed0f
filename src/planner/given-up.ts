/** What a plan takes addresses from: segments that both lose their place and, it seems, go on under another name. */
import type { Plan } from './plan.ts'

/** A segment whose hosts would have other addresses. */
export interface GivenUp {
  readonly site: string
  readonly segment: string
  /** A segment that is new at the site, and may be the same one under another name. */
  readonly instead?: string
}

/** Segments that changed sites lose, and those whose numbers change. */
export function givenUp({ sites, addresses }: Plan): GivenUp[] {
  const lost = sites.flatMap(({ id, how, segments }): GivenUp[] => {
    if (how !== 'changed') return []
    return segments.removed.map((segment, index) => {
      const instead = segments.added[index]
      return { site: id, segment: nameOf(segment), ...(instead === undefined ? {} : { instead: nameOf(instead) }) }
    })
  })
  const moved = addresses.renumbered.flatMap(({ id, what }): GivenUp[] => (what === 'segment' ? [{ site: id.split('/')[0]!, segment: nameOf(id) }] : []))
  return [...lost, ...moved]
}

function nameOf(id: string): string {
  return id.slice(id.indexOf('/') + 1)
}
