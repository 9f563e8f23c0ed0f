/** A stage: one pass run for every site, each slice remembered by what it was made from. */
import { intern, type Memo, remember } from './memo.ts'

/** The slices of a stage, by site. */
export type Stage<T> = ReadonlyMap<string, T>

/** What one site has of several stages. */
export type SlicesOf<S> = { readonly [K in keyof S]: S[K] extends Stage<infer T> ? T : never }

/** Runs stages over the same sites, in the order given. */
export interface Stages<Site> {
  /** Runs `pass` for each site over its slices of `from`; `shared` are further inputs, which belong to no site. A slice whose inputs are those of the last compile is not made again. */
  stage<S extends Readonly<Record<string, Stage<unknown>>>, T>(
    name: string,
    from: S,
    pass: (site: Site, slices: SlicesOf<S>) => T,
    ...shared: readonly unknown[]
  ): Stage<T>
  /** What is cheap to make each time, by site; a slice equal to that of the last compile is that one. */
  gather<T>(name: string, slice: (site: Site) => T): Stage<T>
}

/** Stages over `sites`. */
export function stages<Site extends { readonly name: string }>(memo: Memo, sites: readonly Site[]): Stages<Site> {
  return {
    stage(name, from, pass, ...shared) {
      const names = Object.keys(from) as (keyof typeof from)[]
      return new Map(
        sites.map((site) => {
          const slices = Object.fromEntries(names.map((of) => [of, from[of]!.get(site.name)])) as SlicesOf<typeof from>
          return [site.name, remember(memo, name, site.name, [site, ...Object.values(slices), ...shared], () => pass(site, slices))]
        }),
      )
    },
    gather: (name, slice) => new Map(sites.map((site) => [site.name, intern(memo, `${name} ${site.name}`, slice(site))])),
  }
}
