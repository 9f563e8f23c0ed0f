/** What a filter counted. */
import { run, within, works } from './run.ts'

/** Packets that the rules between zones accepted, those that the filter dropped because no rule did, and those that it dropped for their source. Packets of flows that are known are not counted. */
export interface Counted {
  readonly accepted: number
  readonly dropped: number
  readonly forged: number
}

interface NftRule {
  readonly chain: string
  readonly expr: readonly { readonly counter?: { readonly packets: number }; readonly accept?: null; readonly drop?: null }[]
}

/** The counters of all given namespaces together: flows of a pair of firewalls may use either. */
export function countedIn(namespaces: readonly string[]): Counted {
  const counters = countersIn(namespaces)
  const sum = (of: (chain: string, verdict: string) => boolean) =>
    counters.reduce((total, { chain, verdict, packets }) => total + (of(chain, verdict) ? packets : 0), 0)
  return {
    accepted: sum((chain, verdict) => verdict === 'accept' && chain !== 'input'),
    dropped: sum((chain, verdict) => verdict === 'drop' && chain === 'forward'),
    forged: sum((chain, verdict) => verdict === 'drop' && chain === 'strangers'),
  }
}

/** Packets that filters of the namespaces dropped, wherever that was. One without a filter drops none. */
export function droppedIn(namespaces: readonly string[]): number {
  return countersIn(namespaces.filter((namespace) => works(...listing(namespace)))).reduce(
    (sum, { verdict, packets }) => sum + (verdict === 'drop' ? packets : 0),
    0,
  )
}

function listing(namespace: string): ReturnType<typeof within> {
  return within(namespace, 'nft', '-j', 'list', 'table', 'inet', 'netwright')
}

/** Each counter, with its chain and what becomes of what it counts. */
function countersIn(namespaces: readonly string[]): readonly { readonly chain: string; readonly verdict: string; readonly packets: number }[] {
  return namespaces.flatMap((namespace) => {
    const { nftables } = JSON.parse(run(...listing(namespace))) as { nftables: { rule?: NftRule }[] }
    return nftables.flatMap(({ rule }) => {
      const packets = rule?.expr.find(({ counter }) => counter)?.counter?.packets
      return packets === undefined
        ? []
        : [
            {
              chain: rule!.chain,
              verdict: rule!.expr.some((one) => 'accept' in one) ? 'accept' : rule!.expr.some((one) => 'drop' in one) ? 'drop' : '',
              packets,
            },
          ]
    })
  })
}
