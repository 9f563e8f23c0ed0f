/**
 * Reads the printed files back into the tree, as tables of the lines that `print` writes. Order inside a block is free, as it is for conntrackd and systemd; everything
 * else is refused with its line, and so is a file that lacks a constant line.
 */
import { type Diagnostic, diagnose, type Result, result } from '#base/diagnostic.ts'
import { familyOf } from '#base/ip.ts'
import { always, block, type Command, readFile, type Syntax, says } from '../commands.ts'
import { adopting, CONFIG, CONSTANTS, SERVICE } from './print.ts'
import type { ConntrackdTree } from './tree.ts'

type Draft = { -readonly [Key in keyof ConntrackdTree]: ConntrackdTree[Key] } & { ignored: string[] }

const DAEMON: Syntax = { program: 'conntrackd', comments: ['#'], step: 4 }
/** A section of systemd's files goes on without indentation, to the next one or the end. */
const SYSTEMD: Syntax = { program: 'conntrackd', comments: ['#'], step: 0 }

/** Reads the printed files, by path. Whys are empty. */
export function parse(files: ReadonlyMap<string, string>): Result<ConntrackdTree> {
  const draft: Draft = { interface: '', local: '', remote: '', ignored: [], why: [] }
  const diagnostics = [...readFile(DAEMON, files, CONFIG, config, draft), ...readFile(SYSTEMD, files, SERVICE, service, draft)]
  return result(draft, diagnostics.length > 0 ? diagnostics : endless(draft))
}

/** What is said when an end of the link is missing: the tables can't, because its line differs between families. */
function endless({ local, remote }: Draft): Diagnostic[] {
  const missing = [...(local === '' ? ['IPv4_address IP4'] : []), ...(remote === '' ? ['IPv4_Destination_Address IP4'] : [])]
  return missing.map((line) => diagnose('missing-line', { program: DAEMON.program, line, block: 'UDP' }, { place: { file: CONFIG, line: 1, column: 1 } }))
}

function constants(lines: readonly (readonly [text: string, ...unknown[]])[]): Command<Draft>[] {
  return lines.map(([text]) => always(text))
}

function nested(opening: string, commands: readonly Command<Draft>[], end = '}'): Command<Draft> {
  return { pattern: opening, times: 'always', set: (draft) => block({ draft, commands, end }) }
}

/** Enters an end of the link: once, in whichever family, and both in the same. */
function end(pattern: string, key: 'local' | 'remote'): Command<Draft> {
  return {
    pattern,
    times: 0,
    set: (draft, address) => {
      const other = draft[key === 'local' ? 'remote' : 'local']
      if (draft[key] !== '' || (other !== '' && familyOf(other) !== familyOf(address!))) return false
      draft[key] = address!
      return undefined
    },
  }
}

function ignored(pattern: string): Command<Draft> {
  return says(pattern, 1, (draft, address) => draft.ignored.push(address!))
}

const config: readonly Command<Draft>[] = [
  nested('Sync {', [
    nested('Mode FTFW {', constants(CONSTANTS.mode)),
    nested('UDP {', [
      end('IPv4_address IP4', 'local'),
      end('IPv6_address IP6', 'local'),
      end('IPv4_Destination_Address IP4', 'remote'),
      end('IPv6_Destination_Address IP6', 'remote'),
      says('Interface WORD', 'always', (draft, port) => {
        draft.interface = port!
      }),
      ...constants(CONSTANTS.udp),
    ]),
  ]),
  nested('General {', [
    ...constants(CONSTANTS.general),
    nested('UNIX {', constants(CONSTANTS.unix)),
    nested('Filter From Userspace {', [
      nested('Address Ignore {', [...constants(CONSTANTS.ignored), ignored('IPv4_address IP4'), ignored('IPv6_address IP6')]),
    ]),
  ]),
]

const service: readonly Command<Draft>[] = [
  nested(
    '[Service]',
    [
      ...constants(CONSTANTS.service),
      {
        pattern: adopting('WORD', 'IP'),
        times: 'always',
        set: (draft, port, remote) => (port === draft.interface && remote === draft.remote ? undefined : false),
      },
    ],
    '',
  ),
]
