/** Sets and chains by name: each one that is used is defined, and each one that is defined is used. */
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import type { NftChain, NftTree } from './tree.ts'

/** An error for every set or chain that is used but not defined, or defined but not used. Base chains are used by the kernel. */
export function checkReferences({ sets, pairs, chains }: NftTree): Diagnostic[] {
  return [
    ...compare('set', new Set(sets.map(({ name }) => name)), setsUsed(chains)),
    ...compare('chain', new Set(chains.filter(({ base }) => !base).map(({ name }) => name)), new Set(pairs.map(({ chain }) => chain))),
  ]
}

/** The names of the sets that rules of the chains look in. */
export function setsUsed(chains: readonly NftChain[]): ReadonlySet<string> {
  const statements = chains.flatMap(({ rules }) => rules.flatMap(({ statements }) => statements))
  return new Set(statements.flatMap((statement) => (statement.kind === 'in' ? [statement.set] : [])))
}

function compare(what: string, defined: ReadonlySet<string>, used: ReadonlySet<string>): Diagnostic[] {
  return [
    ...[...used.difference(defined)].map((name) => diagnose('nftables-undefined-reference', { what, name })),
    ...[...defined.difference(used)].map((name) => diagnose('nftables-unused-definition', { what, name })),
  ]
}
