/** Reads `snmpd.conf` back into the tree. What is never printed is refused with its line; order is free but for that of the addresses, as it is for snmpd. */
import { diagnose, type Result, result } from '#base/diagnostic.ts'
import { parseIp, showIp } from '#base/ip.ts'
import { always, type Command, readFile, type Syntax } from '../commands.ts'
import { CONSTANTS, endpoint } from './print.ts'
import type { SnmpdTree } from './tree.ts'
import { words } from './words.ts'

interface Draft {
  readonly endpoints: { readonly address: string; readonly device?: string }[]
  location?: string
  contact?: string
}

const FILE = 'snmpd.conf'
const SYNTAX: Syntax = { program: 'snmpd', comments: ['#'], step: 0 }

function name(key: 'location' | 'contact') {
  return (draft: Draft, text: string): undefined | false => {
    if (words(text) !== text) return false
    draft[key] = text
    return undefined
  }
}

function listen({ endpoints }: Draft, text: string): undefined | false {
  const [, v4, v6, device] = /^(?:udp:([\d.]+)|udp6:\[([\da-f:.]+)\])(?:@(.+))?$/.exec(text) ?? []
  const ip = parseIp(v4 ?? v6 ?? '')
  if (!ip || endpoint(showIp(ip), device) !== text || endpoints.some((one) => one.device !== device)) return false
  endpoints.push({ address: showIp(ip), ...(device === undefined ? {} : { device }) })
  return undefined
}

const COMMANDS: readonly Command<Draft>[] = [
  { pattern: 'agentaddress WORD', times: 1, set: listen },
  { pattern: 'sysLocation TEXT', times: 0, set: name('location') },
  { pattern: 'sysContact TEXT', times: 0, set: name('contact') },
  ...CONSTANTS.flatMap(([, ...texts]) => texts.map((text) => always<Draft>(text))),
]

/** Reads the printed file. Whys are empty. */
export function parse(files: ReadonlyMap<string, string>): Result<SnmpdTree> {
  const draft: Draft = { endpoints: [] }
  const diagnostics = readFile(SYNTAX, files, FILE, COMMANDS, draft)
  const { endpoints, ...names } = draft
  // Without one snmpd takes every address.
  if (diagnostics.length === 0 && endpoints.length === 0) {
    diagnostics.push(
      diagnose('missing-line', { program: SYNTAX.program, line: 'agentaddress ENDPOINT', block: FILE }, { place: { file: FILE, line: 1, column: 1 } }),
    )
  }
  const device = endpoints[0]?.device
  return result({ addresses: endpoints.map(({ address }) => address), ...(device === undefined ? {} : { device }), ...names, why: [] }, diagnostics)
}
