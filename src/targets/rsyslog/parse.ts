/** Reads `rsyslog.conf` back into the tree. What is never printed is refused with its line; objects may stand in any order, but for that of the servers. */
import { diagnose, type Result, result } from '#base/diagnostic.ts'
import { parseIp, showIp } from '#base/ip.ts'
import { always, block, type Command, readFile, type Syntax } from '../commands.ts'
import { FORWARDING, INPUTS } from './print.ts'
import type { RsyslogTree } from './tree.ts'

interface Draft {
  hostname: string
  readonly servers: { readonly target: string; readonly device?: string }[]
}

const SYNTAX: Syntax = { program: 'rsyslog', comments: ['#'], step: 2 }

/** What is between the quotes of `NAME="…"`, when the word is that and its value needs no escape. */
function quoted(name: string, word: string | undefined, end = ''): string | undefined {
  const opening = `${name}="`
  if (!word?.startsWith(opening) || !word.endsWith(`"${end}`)) return undefined
  const value = word.slice(opening.length, -1 - end.length)
  return /^[^"\\\s]+$/.test(value) ? value : undefined
}

function openAction({ servers }: Draft, target: string, queue: string, bound?: string) {
  const server = quoted('target', target)
  const device = quoted('device', bound)
  const ip = server === undefined ? undefined : parseIp(server)
  if (server === undefined || !ip || showIp(ip) !== server || quoted('queue.filename', queue) !== server) return false
  if ((bound !== undefined && device === undefined) || servers.some((one) => one.target === server || one.device !== device)) return false
  servers.push({ target: server, ...(device === undefined ? {} : { device }) })
  return block({ draft: {}, commands: FORWARDING.map(([text]) => always(text)), end: ')' })
}

const COMMANDS: readonly Command<Draft>[] = [
  ...INPUTS.map(([text]) => always<Draft>(text)),
  {
    pattern: 'WORD',
    times: 0,
    set: (draft, word) => {
      const name = quoted('global(localHostname', word, ')')
      if (name === undefined) return false
      draft.hostname = name
      return undefined
    },
  },
  { pattern: 'action(type="omfwd" WORD WORD', times: 1, set: openAction },
  { pattern: 'action(type="omfwd" WORD WORD WORD', times: 1, set: openAction },
]

/** Reads the printed file. Whys are empty. */
export function parse(files: ReadonlyMap<string, string>): Result<RsyslogTree> {
  const draft: Draft = { hostname: '', servers: [] }
  const diagnostics = readFile(SYNTAX, files, 'rsyslog.conf', COMMANDS, draft)
  if (diagnostics.length === 0 && draft.hostname === '') {
    const place = { file: 'rsyslog.conf', line: 1, column: 1 }
    diagnostics.push(diagnose('missing-line', { program: SYNTAX.program, line: 'global(localHostname="NAME")', block: place.file }, { place }))
  }
  const device = draft.servers[0]?.device
  return result(
    { hostname: { name: draft.hostname, why: [] }, servers: draft.servers.map(({ target }) => target), ...(device === undefined ? {} : { device }), why: [] },
    diagnostics,
  )
}
