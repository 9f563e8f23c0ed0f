/** Reads `chrony.conf` back into the tree. Order is free but for that of the servers, as it is for chronyd; everything that is never printed is refused with its line. */
import { type Result, result } from '#base/diagnostic.ts'
import { always, type Command, readFile, type Syntax, says } from '../commands.ts'
import { AGREEING } from './lower.ts'
import { CONSTANTS } from './print.ts'
import type { ChronyTree } from './tree.ts'

type Draft = { -readonly [Key in keyof ChronyTree]: ChronyTree[Key] } & { servers: string[] }

const SYNTAX: Syntax = { program: 'chrony', comments: ['#'], step: 0 }

const COMMANDS: readonly Command<Draft>[] = [
  says('server IP iburst', 1, ({ servers }, server) => servers.push(server!)),
  says(`minsources ${AGREEING}`, 0, (draft) => {
    draft.minSources = AGREEING
  }),
  says('bindacqaddress IP4', 0, (draft, address) => {
    draft.from4 = address!
  }),
  says('bindacqaddress IP6', 0, (draft, address) => {
    draft.from6 = address!
  }),
  says('bindacqdevice WORD', 0, (draft, device) => {
    draft.device = device!
  }),
  ...CONSTANTS.map(([text]) => always<Draft>(text)),
]

/** Reads the printed file. Whys are empty. */
export function parse(files: ReadonlyMap<string, string>): Result<ChronyTree> {
  const draft: Draft = { servers: [], why: [] }
  return result(draft, readFile(SYNTAX, files, 'chrony.conf', COMMANDS, draft))
}
