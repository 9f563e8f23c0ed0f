/** Reads `sshd_config` back into the tree. What is never printed is refused with its line; order is free but for that of addresses and prefixes. */
import { diagnose, type Result, result } from '#base/diagnostic.ts'
import { parsePrefix, showPrefix } from '#base/ip.ts'
import { always, type Command, readFile, type Syntax } from '../commands.ts'
import { CONSTANTS } from './print.ts'
import type { SshdTree } from './tree.ts'

interface Draft {
  readonly sockets: { readonly address: string; readonly device?: string }[]
  readonly from: string[]
}

const FILE = 'sshd_config'
const SYNTAX: Syntax = { program: 'sshd', comments: ['#'], step: 0 }

function listen({ sockets }: Draft, address: string, device?: string): undefined | false {
  if (sockets.some((one) => one.address === address || one.device !== device)) return false
  sockets.push({ address, ...(device === undefined ? {} : { device }) })
  return undefined
}

function allow({ from }: Draft, text: string): undefined | false {
  const prefix = text.startsWith('*@') ? parsePrefix(text.slice(2)) : undefined
  if (!prefix || `*@${showPrefix(prefix)}` !== text) return false
  from.push(showPrefix(prefix))
  return undefined
}

const COMMANDS: readonly Command<Draft>[] = [
  { pattern: 'ListenAddress IP', times: 1, set: listen },
  { pattern: 'ListenAddress IP rdomain WORD', times: 1, set: listen },
  { pattern: 'AllowUsers WORD', times: 1, set: allow },
  ...CONSTANTS.map(([text]) => always<Draft>(text)),
]

/** Reads the printed file. Whys are empty. */
export function parse(files: ReadonlyMap<string, string>): Result<SshdTree> {
  const { sockets, from }: Draft = { sockets: [], from: [] }
  const diagnostics = readFile(SYNTAX, files, FILE, COMMANDS, { sockets, from })
  const lacks = sockets.length === 0 ? 'ListenAddress IP' : from.length === 0 ? 'AllowUsers *@PREFIX' : undefined
  // Without one of them sshd takes every address, or everyone.
  if (diagnostics.length === 0 && lacks !== undefined) {
    diagnostics.push(diagnose('missing-line', { program: SYNTAX.program, line: lacks, block: FILE }, { place: { file: FILE, line: 1, column: 1 } }))
  }
  const device = sockets[0]?.device
  return result({ addresses: sockets.map(({ address }) => address), ...(device === undefined ? {} : { device }), from, why: [] }, diagnostics)
}
