/** Reads `example.conf` back, line by line. What is not understood exactly, or stands where it is never printed, is refused with its line. */
import { diagnose, type Result, result } from '#base/diagnostic.ts'
import { parseInterface, parseIp, parsePrefix } from '#base/ip.ts'
import type { ExampleInterface, ExampleTree } from './tree.ts'

interface Draft {
  names: string[]
  interfaces: (ExampleInterface & { addresses: ExampleInterface['addresses'][number][] })[]
  routes: ExampleTree['routes'][number][]
  ended: boolean
}

/** Each kind of line, and what it says. False refuses it. */
const LINES: readonly { readonly pattern: RegExp; readonly read: (draft: Draft, words: readonly string[]) => boolean }[] = [
  { pattern: /^hostname (\S+)$/, read: ({ names }, [name]) => names.push(name!) === 1 },
  { pattern: /^interface (\S+)$/, read: ({ interfaces }, [name]) => interfaces.push({ name: name!, addresses: [], why: [] }) > 0 },
  {
    pattern: /^ {2}address (\S+)$/,
    read: ({ interfaces }, [address]) =>
      parseInterface(address!) !== undefined && interfaces.at(-1)?.addresses.push({ address: address!, why: [] }) !== undefined,
  },
  {
    pattern: /^route (\S+) via (\S+)$/,
    read: ({ routes }, [prefix, via]) => !!parsePrefix(prefix!) && !!parseIp(via!) && routes.push({ prefix: prefix!, via: via!, why: [] }) > 0,
  },
  { pattern: /^route (\S+) discard$/, read: ({ routes }, [prefix]) => !!parsePrefix(prefix!) && routes.push({ prefix: prefix!, why: [] }) > 0 },
  {
    pattern: /^end$/,
    read: (draft) => {
      draft.ended = true
      return draft.names.length === 1
    },
  },
]

/** Reads the file. Whys are empty. */
export function parse(files: ReadonlyMap<string, string>): Result<ExampleTree> {
  const draft: Draft = { names: [], interfaces: [], routes: [], ended: false }
  const lines = (files.get('example.conf') ?? '').replace(/\n$/, '').split('\n')
  const refused = lines.flatMap((text, index) => {
    const understood =
      !draft.ended &&
      LINES.some(({ pattern, read }) => {
        const words = pattern.exec(text)?.slice(1)
        return words !== undefined && read(draft, words)
      })
    return understood ? [] : [{ text, line: index + 1 }]
  })
  if (refused.length === 0 && !draft.ended) refused.push({ text: '', line: lines.length + 1 })
  const diagnostics = refused.map(({ text, line }) =>
    diagnose('example-os-unknown-line', { line, text }, { place: { file: 'example.conf', line, column: 1 }, value: text }),
  )
  return result({ hostname: { name: draft.names[0] ?? '', why: [] }, interfaces: draft.interfaces, routes: draft.routes }, diagnostics)
}
