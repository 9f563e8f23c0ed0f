/** Statements as nftables reads them. */
import type { Statement } from './tree.ts'

/** The text of a statement. */
export function showStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'is': {
      const { selectors, values } = statement
      const shown = values.map((value) => value.map((part, field) => (selectors[field]!.endsWith('ifname') ? `"${part}"` : part)).join(' . '))
      // nft takes a tuple only as the element of a set.
      return `${selectors.join(' . ')} ${shown.length === 1 && selectors.length === 1 ? shown[0] : `{ ${shown.join(', ')} }`}`
    }
    case 'in':
      return `${statement.selectors.join(' . ')} @${statement.set}`
    case 'state':
      return 'ct state vmap { established : accept, related : accept, invalid : drop }'
    case 'dispatch':
      return `${statement.selectors.join(' . ')} vmap @${statement.map}`
    case 'limit':
      return showLimit(statement)
    case 'meter':
      // The counter stands behind the limit: it counts what is over it.
      return `update @${statement.set} { iifname ${showLimit({ ...statement, over: true })} counter }`
    case 'log':
      return `log prefix "${statement.prefix}"`
    case 'counter':
      return 'counter'
    case 'notrack':
      return 'notrack'
    case 'dscp':
      return `${statement.family === 4 ? 'ip' : 'ip6'} dscp set ${statement.class}`
    case 'snat':
      return `snat ${statement.family === 4 ? 'ip' : 'ip6'} to ${statement.to}`
    case 'jump':
      return `jump ${statement.chain}`
    case 'verdict':
      return statement.verdict
  }
}

function showLimit({ over, perSecond, burst }: { readonly over: boolean; readonly perSecond: number; readonly burst: number }): string {
  return `limit rate ${over ? 'over ' : ''}${perSecond}/second burst ${burst} packets`
}
