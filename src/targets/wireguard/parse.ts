/**
 * Reads the printed files back. A section of a configuration, and the rest of the commands after one, reach to the end of the file: so what follows is read as inside, and
 * the order that both depend on is the only one that is accepted.
 */
import { type Diagnostic, diagnose, type Result, result } from '#base/diagnostic.ts'
import { parseIp, showIp } from '#base/ip.ts'
import { SECRETS_FOLDER } from '#design/device.ts'
import { always, block, type Command, type OpenBlock, readFile, type Syntax, says } from '../commands.ts'
import { COMMANDS, configurationOf, load } from './print.ts'
import type { Peer, Tunnel, WireguardTree } from './tree.ts'

type Draft<T> = { -readonly [Key in keyof T]: T[Key] }

/** The name of the peer is a comment to wg: one without a blank after its mark, which is how it differs from those that are passed over. */
const CONFIGURATION: Syntax = { program: 'WireGuard', comments: ['# '], step: 0 }
const SHELL: Syntax = { program: 'WireGuard', comments: ['#'], step: 0 }

/** Names that are one word to the shell, and no option to wg. */
const WORD = '[A-Za-z0-9][A-Za-z0-9._-]*'
const NAME = new RegExp(`^(?=.{1,15}$)${WORD}$`)
const KEY_FILE = new RegExp(`^${SECRETS_FOLDER}(/${WORD})+$`)
/** 32 bytes as base64 (RFC 4648 §4): 43 digits, of which the last has two bits over, which are zero. */
const PUBLIC_KEY = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/
/** The highest UDP port, and the longest interval that wg takes, in seconds (wg(8)). */
const MOST = 65535

/** Reads the printed files, by path. Whys are empty. */
export function parse(files: ReadonlyMap<string, string>): Result<WireguardTree> {
  const tunnels: Draft<Tunnel>[] = []
  const diagnostics = readFile(SHELL, files, COMMANDS, commands, tunnels)
  for (const tunnel of tunnels) {
    const peer: Draft<Peer> = { name: '', publicKey: '', why: [] }
    diagnostics.push(...readFile(CONFIGURATION, files, configurationOf(tunnel.name), configuration, { tunnel, peer }))
    tunnel.peer = peer
  }
  return result({ tunnels }, [...diagnostics, ...unloaded(files, tunnels)])
}

/** Configurations that no command loads. */
function unloaded(files: ReadonlyMap<string, string>, tunnels: readonly Tunnel[]): Diagnostic[] {
  const loaded = new Set(tunnels.map(({ name }) => configurationOf(name)))
  return [...files.keys()]
    .filter((path) => path.startsWith('wireguard/') && !loaded.has(path))
    .map((path) =>
      diagnose('missing-line', { program: SHELL.program, line: `{ cat ${path}; …`, block: COMMANDS }, { place: { file: COMMANDS, line: 1, column: 1 } }),
    )
}

/** What follows a line, up to the end of the file. */
function rest<D>(draft: D, commands: readonly Command<D>[]): OpenBlock {
  return block({ draft, commands, end: '' })
}

/** The parts of the command that loads a tunnel, by where they stand: `cat CONFIGURATION;`, `cat KEY;`, `syncconf NAME`. */
const LOAD = load('WORD', 'WORD').replaceAll(/\S*WORD\S*/g, 'WORD')

const loads: readonly Command<Draft<Tunnel>[]>[] = [
  {
    pattern: LOAD,
    times: 1,
    set: (tunnels, configuration = '', keyed = '', name = '') => {
      const keyFile = keyed.slice(0, -1)
      if (configuration !== `${configurationOf(name)};` || keyed !== `${keyFile};` || !NAME.test(name) || !KEY_FILE.test(keyFile)) return false
      tunnels.push({ name, keyFile, port: 0, peer: { name: '', publicKey: '', why: [] }, why: [] })
      return undefined
    },
  },
  { pattern: 'exit $failed', times: 'always', set: () => rest(undefined, []) },
]

const commands: readonly Command<Draft<Tunnel>[]>[] = [{ pattern: 'failed=0', times: 'always', set: (tunnels) => rest(tunnels, loads) }]

interface Sections {
  readonly tunnel: Draft<Tunnel>
  readonly peer: Draft<Peer>
}

/** Enters a value that is as it is written. */
function enters<D>(pattern: string, times: Command<D>['times'], is: (text: string) => boolean, enter: (draft: D, text: string) => void): Command<D> {
  return {
    pattern,
    times,
    set: (draft, text = '') => {
      if (!is(text)) return false
      enter(draft, text)
      return undefined
    },
  }
}

const ours: readonly Command<Draft<Tunnel>>[] = [
  enters('ListenPort = WORD', 'always', isNumber, (tunnel, port) => {
    tunnel.port = Number(port)
  }),
]

const theirs: readonly Command<Sections>[] = [
  says('#Name = WORD', 'always', ({ peer }, name) => {
    peer.name = name!
  }),
  enters(
    'PublicKey = WORD',
    'always',
    (text) => PUBLIC_KEY.test(text),
    ({ peer }, key) => {
      peer.publicKey = key
    },
  ),
  always('AllowedIPs = 0.0.0.0/0, ::/0'),
  enters('Endpoint = WORD', 0, isEndpoint, ({ peer }, endpoint) => {
    peer.endpoint = endpoint
  }),
  enters(
    'PersistentKeepalive = WORD',
    'always',
    (text) => text === 'off' || isNumber(text),
    ({ peer }, seconds) => {
      if (seconds !== 'off') peer.keepalive = Number(seconds)
    },
  ),
  { pattern: '[Interface]', times: 'always', set: ({ tunnel }) => rest(tunnel, ours) },
]

const configuration: readonly Command<Sections>[] = [{ pattern: '[Peer]', times: 'always', set: (sections) => rest(sections, theirs) }]

/** A port, or seconds: 1–65535, written as we write it. wg takes 0 for any port, and 010 for what the resolver makes of it. */
function isNumber(text: string): boolean {
  return /^[1-9]\d{0,4}$/.test(text) && Number(text) <= MOST
}

/** wg hands it to the resolver, which reads 192.0.2.010 as 192.0.2.8 (tried). */
function isEndpoint(text: string): boolean {
  const [, v6, v4, port = ''] = /^(?:\[([^\]]+:[^\]]*)\]|([^:[\]]+)):(\d+)$/.exec(text) ?? []
  const address = v6 ?? v4 ?? ''
  const ip = parseIp(address)
  return ip !== undefined && showIp(ip) === address && isNumber(port)
}
