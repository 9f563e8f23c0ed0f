/**
 * Reads the printed files back into the tree, as tables of the lines that `print` writes. Order inside a block is free, as it is for keepalived; everything else is refused
 * with its line. That the sync group has every instance, and looks at every interface, is part of what is read: an instance outside it would be master by itself.
 */
import { type Diagnostic, diagnose, type Result, result } from '#base/diagnostic.ts'
import { parseInterface, showIp } from '#base/ip.ts'
import { always, block, type Command, readFile, type Syntax, says } from '../commands.ts'
import { lookFor, SCRIPT, SCRIPT_COMMAND } from './print.ts'
import type { Instance, KeepalivedTree, VirtualAddress } from './tree.ts'

interface Draft {
  priority?: number
  penalty?: number
  script: boolean
  scriptTracked: boolean
  readonly members: Set<string>
  readonly tracked: Set<string>
  readonly instances: (Omit<Instance, 'addresses'> & { interface: string; id: number; addresses: VirtualAddress[] })[]
}

const CONFIG = 'keepalived.conf'
const SYNTAX: Syntax = { program: 'keepalived', comments: ['#'], step: 4 }

/** Reads the printed files, by path. Whys are empty. */
export function parse(files: ReadonlyMap<string, string>): Result<KeepalivedTree> {
  const draft: Draft = { script: false, scriptTracked: false, members: new Set(), tracked: new Set(), instances: [] }
  const routes: string[] = []
  const diagnostics = readFile(SYNTAX, files, CONFIG, config, draft)
  if (draft.script) diagnostics.push(...readFile(SYNTAX, files, SCRIPT, script, routes))
  const tree = { priority: draft.priority ?? 0, penalty: draft.penalty ?? 0, routes, instances: draft.instances, why: [] }
  return result(tree, diagnostics.length > 0 ? diagnostics : unsaid(draft, routes))
}

/** Lines that what was read calls for, and that are not there. */
function unsaid({ instances, members, tracked, ...draft }: Draft, routes: readonly string[]): Diagnostic[] {
  const missing = (file: string, line: string, block: string) =>
    diagnose('missing-line', { program: SYNTAX.program, line, block }, { place: { file, line: 1, column: 1 } })
  return [
    ...(instances.length === 0 ? [missing(CONFIG, 'vrrp_instance WORD {', CONFIG)] : []),
    ...instances.filter(({ name }) => !members.has(name)).map(({ name }) => missing(CONFIG, name, 'group')),
    ...[...new Set(instances.map((one) => one.interface))].filter((port) => !tracked.has(port)).map((port) => missing(CONFIG, port, 'track_interface')),
    ...(draft.script && !draft.scriptTracked ? [missing(CONFIG, 'track_script {', 'vrrp_sync_group gateways {')] : []),
    ...(draft.script && routes.length === 0 ? [missing(SCRIPT, lookFor('PREFIX4', 4), SCRIPT)] : []),
  ]
}

/** Enters a number that is the same wherever it is said. */
function agreed<Key extends 'priority' | 'penalty'>(draft: Draft, key: Key, value: number, most: number): undefined | false {
  if (value < 1 || value > most || (draft[key] ?? value) !== value) return false
  draft[key] = value
  return undefined
}

/** `-180` as 180. */
function weight(draft: Draft, text: string): undefined | false {
  const digits = /^-([1-9]\d{0,2})$/.exec(text)?.[1]
  return digits === undefined ? false : agreed(draft, 'penalty', Number(digits), 253)
}

function enterAddress({ addresses }: Draft['instances'][number], text: string, deprecated: boolean): undefined | false {
  const read = parseInterface(text)
  if (!read || `${showIp(read.ip)}/${read.length}` !== text) return false
  if (addresses.some((other) => other.address === text || other.address.includes(':') !== text.includes(':'))) return false
  addresses.push({ address: text, deprecated })
  return undefined
}

const addresses: readonly Command<Draft['instances'][number]>[] = [
  { pattern: 'WORD preferred_lft 0', times: 1, set: (instance, address) => enterAddress(instance, address!, true) },
  { pattern: 'WORD', times: 1, set: (instance, address) => enterAddress(instance, address!, false) },
]

interface InDraft {
  readonly draft: Draft
  readonly instance: Draft['instances'][number]
}

const instance: readonly Command<InDraft>[] = [
  always('state BACKUP'),
  says('interface WORD', 'always', ({ instance }, port) => {
    instance.interface = port!
  }),
  always('dont_track_primary'),
  {
    pattern: 'virtual_router_id NUMBER',
    times: 'always',
    set: ({ instance }, id) => {
      instance.id = Number(id)
      return instance.id >= 1 && instance.id <= 255 ? undefined : false
    },
  },
  { pattern: 'priority NUMBER', times: 'always', set: ({ draft }, priority) => agreed(draft, 'priority', Number(priority), 254) },
  always('advert_int 0.25'),
  { pattern: 'virtual_ipaddress {', times: 'always', set: ({ instance }) => block({ draft: instance, commands: addresses, end: '}' }) },
]

/** The names of the group's instances; one that is not there is refused. */
const members: readonly Command<Draft>[] = [
  {
    pattern: 'WORD',
    times: 1,
    set: ({ instances, members }, name) => {
      members.add(name!)
      return instances.some((instance) => instance.name === name) ? undefined : false
    },
  },
]

/** The interfaces of the instances; another one is refused. */
const interfaces: readonly Command<Draft>[] = [
  {
    pattern: 'WORD weight WORD',
    times: 1,
    set: (draft, port, text) => {
      draft.tracked.add(port!)
      return draft.instances.some((instance) => instance.interface === port) ? weight(draft, text!) : false
    },
  },
]

const scripts: readonly Command<Draft>[] = [{ pattern: 'routes weight WORD', times: 'always', set: (draft, text) => weight(draft, text!) }]

const group: readonly Command<Draft>[] = [
  { pattern: 'group {', times: 'always', set: (draft) => block({ draft, commands: members, end: '}' }) },
  { pattern: 'track_interface {', times: 'always', set: (draft) => block({ draft, commands: interfaces, end: '}' }) },
  {
    pattern: 'track_script {',
    times: 0,
    set: (draft) => {
      if (!draft.script) return false
      draft.scriptTracked = true
      return block({ draft, commands: scripts, end: '}' })
    },
  },
]

const routesScript: readonly Command<Draft>[] = [always(SCRIPT_COMMAND), always('interval 1'), always('fall 2'), always('rise 3'), always('init_fail')]

const globals: readonly Command<Draft>[] = [
  always('vrrp_version 3'),
  always('vrrp_garp_master_delay 1'),
  always('vrrp_garp_master_refresh 60'),
  always('script_user root'),
  always('enable_script_security'),
]

const config: readonly Command<Draft>[] = [
  { pattern: 'global_defs {', times: 'always', set: (draft) => block({ draft, commands: globals, end: '}' }) },
  {
    pattern: 'vrrp_script routes {',
    times: 0,
    set: (draft) => {
      draft.script = true
      return block({ draft, commands: routesScript, end: '}' })
    },
  },
  {
    pattern: 'vrrp_instance WORD {',
    times: 1,
    set: (draft, name) => {
      const one = { name: name!, interface: '', id: 0, addresses: [], why: [] }
      draft.instances.push(one)
      return block({ draft: { draft, instance: one }, commands: instance, end: '}' })
    },
  },
  { pattern: 'vrrp_sync_group gateways {', times: 'always', set: (draft) => block({ draft, commands: group, end: '}' }) },
]

const script: readonly Command<string[]>[] = [
  says(lookFor('PREFIX4', 4), 1, (routes, prefix) => routes.push(prefix!)),
  says(lookFor('PREFIX6', 6), 1, (routes, prefix) => routes.push(prefix!)),
]
