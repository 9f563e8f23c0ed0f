/** Sets, maps and chains by name: each one that is used is defined, and each one that is defined is used. */
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import type { NftChain, NftTree, Statement } from './tree.ts'

/** An error for every set, map or chain that is used but not defined, or defined but not used. Base chains are used by the kernel. */
export function checkReferences({ tables }: NftTree): Diagnostic[] {
  return tables.flatMap(({ sets, maps, chains }) => {
    const entered = maps.flatMap(({ entries }) => entries.map(({ chain }) => chain))
    const own = chains.filter(({ base }) => !base)
    return [
      ...compare('set', named(sets.filter(({ meters }) => meters === undefined)), setsUsed(chains)),
      ...compare(
        'meter',
        named(sets.filter(({ meters }) => meters !== undefined)),
        used(chains, (statement) => (statement.kind === 'meter' ? statement.set : undefined)),
      ),
      ...compare(
        'map',
        named(maps),
        used(chains, (statement) => (statement.kind === 'dispatch' ? statement.map : undefined)),
      ),
      ...compare('chain', named(own), new Set([...entered, ...used(chains, (statement) => (statement.kind === 'jump' ? statement.chain : undefined))])),
    ]
  })
}

/** The names of the sets that rules of the chains look in. */
export function setsUsed(chains: readonly NftChain[]): ReadonlySet<string> {
  return used(chains, (statement) => (statement.kind === 'in' ? statement.set : undefined))
}

function used(chains: readonly NftChain[], name: (statement: Statement) => string | undefined): ReadonlySet<string> {
  const statements = chains.flatMap(({ rules }) => rules.flatMap(({ statements }) => statements))
  return new Set(statements.map(name).filter((name) => name !== undefined))
}

function named(parts: readonly { readonly name: string }[]): ReadonlySet<string> {
  return new Set(parts.map(({ name }) => name))
}

function compare(what: string, defined: ReadonlySet<string>, used: ReadonlySet<string>): Diagnostic[] {
  return [
    ...[...used.difference(defined)].map((name) => diagnose('nftables-undefined-reference', { what, name })),
    ...[...defined.difference(used)].map((name) => diagnose('nftables-unused-definition', { what, name })),
  ]
}
