/**
 * Reads `unbound.conf` back. What varies is picked out line by line; then the tree is printed again, and the lines that were read must be those lines, each in its place. So nothing but
 * comments and blank lines is skipped, and a line that is not understood, or not where it belongs, is the first that differs.
 */
import { type Diagnostic, diagnose, type Result, result } from '#base/diagnostic.ts'
import { parseIp, parsePrefix, showIp, showPrefix } from '#base/ip.ts'
import { isComment, print } from './print.ts'
import type { LocalAddress, UnboundTree } from './tree.ts'

const PROGRAM = 'Unbound'
const FILE = 'unbound.conf'

/** A line that says something, with its number in the file. */
interface Said {
  readonly text: string
  readonly number: number
}

interface Draft {
  readonly addresses: string[]
  readonly clients: string[]
  domain?: string
  readonly space: string[]
  readonly data: { -readonly [Key in keyof LocalAddress]: LocalAddress[Key] }[]
}

/** Reads the printed file. Whys are empty. */
export function parse(files: ReadonlyMap<string, string>): Result<UnboundTree> {
  const text = files.get(FILE)
  const said = (text ?? '')
    .split('\n')
    .map((text, index): Said => ({ text, number: index + 1 }))
    .filter(({ text }) => text.trim() !== '' && !isComment(text))
  const draft: Draft = { addresses: [], clients: [], space: [], data: [] }
  for (const { text } of said) enter(draft, text.trim())
  const tree = treeOf(draft)
  const wrong = text === undefined ? diagnose('missing-file', { program: PROGRAM, file: FILE }) : firstDifference(said, tree)
  return result(tree, wrong ? [wrong] : [])
}

/** The tree that the lines speak of. What is not said has a name in capitals, and its line will be missed. */
function treeOf({ addresses, clients, domain = 'DOMAIN', space, data }: Draft): UnboundTree {
  return { addresses: addresses.length > 0 ? addresses : ['ADDRESS'], clients, domain, space, data, why: [] }
}

function firstDifference(said: readonly Said[], tree: UnboundTree): Diagnostic | undefined {
  const printed = print(tree).flatMap(({ lines }) => lines.flatMap(({ text }) => (isComment(text) ? [] : [text])))
  let index = 0
  while (index < said.length && said[index]!.text === printed[index]) index++
  if (index === said.length && index === printed.length) return undefined
  const found = said[index]
  const wanted = printed[index]
  const words = { program: PROGRAM, block: FILE }
  const details = { place: { file: FILE, line: found?.number ?? (said.at(-1)?.number ?? 0) + 1, column: 1 } }
  // A line that is left out shows as the next one in its place.
  const isMissing = wanted !== undefined && (found === undefined || found.text === printed[index + 1])
  return isMissing
    ? diagnose('missing-line', { ...words, line: wanted.trim() }, details)
    : diagnose('unknown-line', { ...words, line: found!.text.trim() }, details)
}

/** Enters what varies from device to device. */
function enter(draft: Draft, text: string): void {
  for (const [pattern, set] of VARIABLE) {
    const found = pattern.exec(text)
    if (!found) continue
    set(draft, ...found.slice(1))
    return
  }
}

type Enter = (draft: Draft, ...values: string[]) => void

/** Values that are not written in the one way to write them are not entered, so that their lines differ. */
const VARIABLE: readonly (readonly [RegExp, Enter])[] = [
  [
    /^local-data: "(\S+)\. \d+ IN A(?:AAA)? (\S+)"$/,
    ({ data }, name, address) => isIp(address!) && data.push({ name: name!, address, reverse: false, why: [] }),
  ],
  [
    /^local-data-ptr: "(\S+) /,
    ({ data }, address) => {
      const last = data.at(-1)
      if (last?.address === address) last!.reverse = true
    },
  ],
  [/^interface: (\S+)$/, ({ addresses }, address) => isIp(address!) && addresses.push(address)],
  [/^access-control: (\S+) allow$/, ({ clients }, prefix) => isPrefix(prefix!) && clients.push(prefix)],
  [
    /^local-zone: "(\S+)\." static$/,
    (draft, name) => {
      draft.domain ??= name!
    },
  ],
  // Those that are on every device come before the first zone.
  [/^private-address: (\S+)$/, ({ domain, space }, prefix) => domain !== undefined && isPrefix(prefix!) && space.push(prefix)],
]

function isIp(text: string): text is string {
  const ip = parseIp(text)
  return ip !== undefined && showIp(ip) === text
}

function isPrefix(text: string): boolean {
  const prefix = parsePrefix(text)
  return prefix !== undefined && showPrefix(prefix) === text
}
