/**
 * Reads the files back. `haproxy.cfg` is read by tables of the lines that `print` writes; then all four are compared with what is written for the tree that came out, line by line
 * and in order: HAProxy applies defaults to the servers below them, a shell does one thing after another, and a constant that is missing would let the tree say more than the text.
 */
import { type Diagnostic, diagnose, type Result, result } from '#base/diagnostic.ts'
import { parseIp, showIp } from '#base/ip.ts'
import { always, block, type Command, readFile, type Syntax, says } from '../commands.ts'
import { textOf } from '../target.ts'
import { type Constants, DEFAULTS, GLOBAL, HASHED } from './constants.ts'
import { bindText, defaultsOf, escaped, INDENT, print, serverText } from './print.ts'
import type { HaproxyBackend, HaproxyFrontend, HaproxyServer, HaproxyTree, Mode } from './tree.ts'

/** A value of the tree while it is being read. */
type Draft<T> = T extends readonly (infer Item)[] ? Draft<Item>[] : T extends object ? { -readonly [Key in keyof T]: Draft<T[Key]> } : T

type Tree = Draft<HaproxyTree>
type Backend = Draft<HaproxyBackend>

const SYNTAX: Syntax = { program: 'HAProxy', comments: ['#'], step: INDENT.length }

const CONFIG = 'haproxy.cfg'

/** Reads the printed files, by path. Whys are empty. */
export function parse(files: ReadonlyMap<string, string>): Result<HaproxyTree> {
  const tree: Tree = { hardStopSeconds: 0, backends: [], frontends: [], why: [] }
  const diagnostics = readFile(SYNTAX, files, CONFIG, config, tree)
  if (diagnostics.length > 0) return result(tree, diagnostics)
  return result(
    tree,
    print(tree).flatMap((file) => compared(file.path, files.get(file.path), textOf(file))),
  )
}

/** The first line at which a file is not what is written. In `haproxy.cfg` comments and blank lines say nothing. */
function compared(file: string, text: string | undefined, written: string): Diagnostic[] {
  const { program } = SYNTAX
  if (text === undefined) return [diagnose('missing-file', { program, file })]
  const counts = file === CONFIG ? (line: string) => line.trim() !== '' && !line.trim().startsWith('#') : () => true
  const found = text.split('\n').flatMap((text, index) => (counts(text) ? [{ text, line: index + 1 }] : []))
  const wanted = written.split('\n').filter(counts)
  const at = wanted.findIndex((text, index) => text !== found[index]?.text)
  const [first, second] = found.slice(at < 0 ? wanted.length : at)
  if (at < 0 && !first) return []
  const detail = { place: { file, line: first?.line ?? text.split('\n').length, column: 1 } }
  const inserted = at < 0 || second?.text === wanted[at] || (first && !wanted.slice(at).includes(first.text))
  return [
    inserted
      ? diagnose('unknown-line', { program, line: first!.text.trim(), block: file }, detail)
      : diagnose('missing-line', { program, line: wanted[at]!.trim(), block: file }, detail),
  ]
}

function every<D>(groups: Constants): Command<D>[] {
  return groups.flatMap(([, ...lines]) => lines.map((line) => always<D>(line)))
}

/** A line that ends in a number of seconds. */
function seconds<D>(words: string, times: Command<D>['times'], enter: (draft: D, seconds: number) => void): Command<D> {
  return {
    pattern: `${words} WORD`,
    times,
    set: (draft, text) => {
      const number = /^([1-9]\d{0,6})s$/.exec(text!)?.[1]
      if (number === undefined) return false
      enter(draft, Number(number))
      return undefined
    },
  }
}

/** A section, with what it is entered in. False refuses one of a name that was there before. */
function section<D>(pattern: string, commands: readonly Command<D>[], open: (tree: Tree, name: string) => D | false): Command<Tree> {
  return {
    pattern,
    times: pattern.includes('WORD') ? 1 : 'always',
    set: (tree, name) => {
      const draft = open(tree, name ?? '')
      return draft !== false && block({ draft, commands, end: '' })
    },
  }
}

const backend: readonly Command<Backend>[] = [
  ...(['roundrobin', 'leastconn', 'source'] as const).map((balance) =>
    says<Backend>(`balance ${balance}`, 0, (backend) => {
      backend.balance = balance
    }),
  ),
  ...HASHED.flatMap(([, ...lines]) => lines.map((line) => says<Backend>(line, 0, () => {}))),
  {
    pattern: 'option httpchk WORD TEXT',
    times: 0,
    set: (backend, method, text) => {
      const path = text!.replace(/\\(.)/g, '$1')
      backend.check = { method: method!, path }
      return escaped(path) === text ? undefined : false
    },
  },
  seconds('default-server slowstart', 0, (backend, seconds) => {
    backend.slowStartSeconds = seconds
  }),
  seconds('timeout server', 'always', (backend, seconds) => {
    backend.serverTimeoutSeconds = seconds
  }),
  { pattern: 'server WORD WORD', times: 1, set: (backend, name, where) => enterServer(backend, `server ${name} ${where}`, name!, where!) },
  {
    pattern: 'server WORD WORD id NUMBER',
    times: 1,
    set: (backend, name, where, id) => enterServer(backend, `server ${name} ${where} id ${id}`, name!, where!, id),
  },
]

function enterServer(backend: Backend, text: string, named: string, where: string, id?: string): undefined | false {
  const [, name, port] = /^(.+):(\d+)$/.exec(named) ?? []
  const address = canonical(where.slice(0, where.lastIndexOf(':')))
  if (name === undefined || address === undefined) return false
  const server: Draft<HaproxyServer> = { name, address, port: Number(port), ...(id === undefined ? {} : { id: Number(id) }), why: [] }
  const clash = backend.servers.some((other) => `${other.name}:${other.port}` === named || (id !== undefined && other.id === server.id))
  if (clash || serverText(server) !== text || (id !== undefined) !== (backend.balance === 'source')) return false
  backend.servers.push(server)
  return undefined
}

/** An address, in brackets or not. */
function canonical(text: string): string | undefined {
  const ip = parseIp(text.replace(/^\[(.*)\]$/, '$1'))
  return ip && showIp(ip)
}

function openBackend({ backends }: Tree, name: string, mode: Mode): Backend | false {
  const draft: Backend = { name, mode, balance: 'roundrobin', slowStartSeconds: 0, serverTimeoutSeconds: 0, servers: [], why: [] }
  if (backends.some((backend) => backend.name === name)) return false
  backends.push(draft)
  return draft
}

/** A frontend, and the backends that it may name. */
interface FrontendDraft {
  readonly frontend: Draft<HaproxyFrontend>
  readonly backends: readonly Backend[]
}

const BIND = /^([\d.]+):(\d+),(\[[\da-f:.]+\]):\d+ transparent(?: ssl crt (\S+)(?: alpn h2,http\/1\.1)?)?$/

const frontend: readonly Command<FrontendDraft>[] = [
  {
    pattern: 'bind TEXT',
    times: 'always',
    set: ({ frontend }, text) => {
      const [, v4, port, v6, certificate] = BIND.exec(text!) ?? []
      if (port === undefined) return false
      Object.assign(frontend, { v4: canonical(v4!) ?? '', v6: canonical(v6!) ?? '', port: Number(port), ...(certificate === undefined ? {} : { certificate }) })
      return bindText(frontend) === `bind ${text}` ? undefined : false
    },
  },
  seconds('timeout client', 'always', ({ frontend }, seconds) => {
    frontend.clientTimeoutSeconds = seconds
  }),
  {
    pattern: 'default_backend WORD',
    times: 'always',
    set: ({ frontend, backends }, name) => {
      frontend.backend = name!
      return backends.some((backend) => backend.name === name && (frontend.mode === 'tcp' || backend.mode === 'http')) ? undefined : false
    },
  },
]

function openFrontend({ frontends, backends }: Tree, name: string, mode: Mode): FrontendDraft | false {
  const draft: Draft<HaproxyFrontend> = { name, mode, v4: '', v6: '', port: 0, clientTimeoutSeconds: 0, backend: '', why: [] }
  if (frontends.some((frontend) => frontend.name === name)) return false
  frontends.push(draft)
  return { frontend: draft, backends }
}

const MODES: readonly Mode[] = ['tcp', 'http']

const config: readonly Command<Tree>[] = [
  section<Tree>(
    'global',
    [
      ...every<Tree>(GLOBAL),
      seconds('hard-stop-after', 'always', (tree, seconds) => {
        tree.hardStopSeconds = seconds
      }),
    ],
    (tree) => tree,
  ),
  ...DEFAULTS.map(([opening, lines]) => section<Tree>(opening, every(lines), (tree) => tree)),
  ...MODES.map((mode) => section(`backend WORD from ${defaultsOf('backend', mode)}`, backend, (tree, name) => openBackend(tree, name, mode))),
  ...MODES.map((mode) => section(`frontend WORD from ${defaultsOf('frontend', mode)}`, frontend, (tree, name) => openFrontend(tree, name, mode))),
]
