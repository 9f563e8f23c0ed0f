/** What a filter counted. */
import { run, within } from './run.ts'

/** Packets that the rules between zones accepted, and those that the filter dropped because no rule did. Packets of flows that are known are not counted. */
export interface Counted {
  readonly accepted: number
  readonly dropped: number
}

interface NftRule {
  readonly chain: string
  readonly expr: readonly { readonly counter?: { readonly packets: number } }[]
}

/** The counters of all given namespaces together: flows of a pair of firewalls may use either. */
export function countedIn(namespaces: readonly string[]): Counted {
  const counters = namespaces.flatMap((namespace) => {
    const { nftables } = JSON.parse(run(...within(namespace, 'nft', '-j', 'list', 'table', 'inet', 'netwright'))) as { nftables: { rule?: NftRule }[] }
    return nftables.flatMap(({ rule }) => rule?.expr.flatMap(({ counter }) => (counter ? [{ chain: rule.chain, packets: counter.packets }] : [])) ?? [])
  })
  const sum = (of: (chain: string) => boolean) => counters.reduce((total, { chain, packets }) => total + (of(chain) ? packets : 0), 0)
  return { dropped: sum((chain) => chain === 'forward'), accepted: sum((chain) => chain !== 'forward' && chain !== 'input') }
}
