/**
 * Reads both files back. What varies is picked out line by line; then the tree is printed again, and the lines that were read must be those lines, each in its place. So nothing
 * but comments and blank lines is skipped, and a line that is not understood, or not where it belongs, is the first that differs.
 */
import { type Diagnostic, diagnose, type Result, result } from '#base/diagnostic.ts'
import { parseIp, parsePrefix, showIp, showPrefix } from '#base/ip.ts'
import { FAMILIES } from './family.ts'
import { isComment, printServer } from './print.ts'
import type { KeaNetwork, KeaOption, KeaPeer, KeaServer, KeaSubnet, KeaTree } from './tree.ts'

/** A line that says something, with its number in the file. */
interface Said {
  readonly text: string
  readonly number: number
}

/** What has been read of a file. */
interface Open {
  readonly family: 4 | 6
  readonly interfaces: { readonly name: string; readonly address: string }[]
  self?: string
  /** The primary first. */
  readonly peers: KeaPeer[]
  readonly options: KeaOption[]
  readonly networks: OpenNetwork[]
}

interface OpenNetwork {
  said: Partial<KeaNetwork>
  readonly options: KeaOption[]
  readonly subnets: { said: Partial<KeaSubnet>; readonly options: KeaOption[] }[]
}

/** Reads the printed files, by path. Whys are empty. */
export function parse(files: ReadonlyMap<string, string>): Result<KeaTree> {
  const diagnostics: Diagnostic[] = []
  const read = (family: 4 | 6) => readServer(files, family, diagnostics)
  return result({ v4: read(4), v6: read(6) }, diagnostics)
}

function readServer(files: ReadonlyMap<string, string>, family: 4 | 6, diagnostics: Diagnostic[]): KeaServer {
  const { path } = FAMILIES[family]
  const open: Open = { family, interfaces: [], peers: [], options: [], networks: [] }
  const text = files.get(path)
  const said = (text ?? '')
    .split('\n')
    .map((text, index): Said => ({ text, number: index + 1 }))
    .filter(({ text }) => text.trim() !== '' && !isComment(text))
  for (const { text } of said) enter(open, text.trim())
  const server = serverOf(open)
  const printed = printServer(server, family)
    .map(({ text }) => text)
    .filter((text) => !isComment(text))
  const wrong = text === undefined ? diagnose('missing-file', { program: 'Kea', file: path }) : firstDifference(said, printed, path)
  if (wrong) diagnostics.push(wrong)
  return server
}

/** The server that the lines speak of. What is not said is nothing, and its line will be missed. */
function serverOf({ family, interfaces, self, peers, options, networks }: Open): KeaServer {
  const nobody = { name: '', address: '' }
  const [primary = nobody, standby = nobody] = peers
  const isStandby = self === standby.name
  return {
    ...(self === undefined
      ? {}
      : { pair: isStandby ? { role: 'standby', self: standby, other: primary } : { role: 'primary', self: { ...primary, name: self }, other: standby } }),
    options,
    networks: networks.map(({ said, options, subnets }, index) => {
      const address = family === 4 ? interfaces[index]?.address : undefined
      const own = { ...(family === 6 ? { preferredLifetime: 0 } : {}), ...(address ? { address } : {}) }
      return { ...NO_NETWORK, ...own, ...said, options, subnets: subnets.map(({ said, options }) => ({ ...NO_SUBNET, ...said, options })) }
    }),
    why: [],
  }
}

const NO_NETWORK = { name: '', interface: '', validLifetime: 0, renewTimer: 0, rebindTimer: 0, why: [] }
const NO_SUBNET = { id: 0, prefix: '', first: '', last: '', why: [] }

function firstDifference(said: readonly Said[], printed: readonly string[], path: string): Diagnostic | undefined {
  const index = Array.from({ length: Math.max(said.length, printed.length) }, (_, index) => index).find((index) => said[index]?.text !== printed[index])
  if (index === undefined) return undefined
  const found = said[index]
  const wanted = printed[index]
  const words = { program: 'Kea', block: path }
  const details = { place: { file: path, line: found?.number ?? (said.at(-1)?.number ?? 0) + 1, column: 1 } }
  // A line that is left out shows as the next one in its place.
  const isMissing = wanted !== undefined && (found === undefined || found.text === printed[index + 1])
  return isMissing
    ? diagnose('missing-line', { ...words, line: wanted.trim().replace(/: (?:0|"")(?=,?$)/, ': VALUE') }, details)
    : diagnose('unknown-line', { ...words, line: found!.text.trim() }, details)
}

/** Enters what varies from device to device. */
function enter(open: Open, text: string): void {
  for (const [pattern, set] of VARIABLE) {
    const found = pattern.exec(text)
    if (!found) continue
    set(open, ...found.slice(1).map((value) => value ?? ''))
    return
  }
}

type Enter = (open: Open, ...values: string[]) => void

const VARIABLE: readonly (readonly [RegExp, Enter])[] = [
  [/^"([^"/]+)(?:\/([^"]+))?",?$/, ({ family, interfaces }, name, address) => interfaces.push({ name: name!, address: ip(address!, family) })],
  [
    /^"this-server-name": "([^"]+)",$/,
    (open, self) => {
      open.self ??= self!
    },
  ],
  [
    /^\{ "name": "([^"]+)", "role": "(?:primary|standby)", "url": "http:\/\/(?:\[(.+)\]|(.+)):\d+\/" \},?$/,
    ({ peers }, name, v6, v4) => peers.push({ name: name!, address: v6 ? ip(v6, 6) : ip(v4!, 4) }),
  ],
  [
    /^\{ "name": "([^"]+)", "data": "([^"]+)" \},?$/,
    (open, name, data) => {
      const kind = FAMILIES[open.family].options[name!]
      const values = data!.split(', ').map((value) => (kind === 'addresses' ? ip(value, open.family) : value))
      if (kind && kind !== 'bytes') optionsOf(open).push({ name: name!, values, why: [] })
    },
  ],
  [
    /^\{ "name": "([^"]+)", "csv-format": false, "data": "((?:[0-9a-f]{2})+)" \},?$/,
    (open, name, data) => {
      if (FAMILIES[open.family].options[name!] === 'bytes') optionsOf(open).push({ name: name!, values: [data!], why: [] })
    },
  ],
  [/^"name": "([^"]+)",$/, ({ networks }, name) => networks.push({ said: { name: name! }, options: [], subnets: [] })],
  [/^"interface": "([^"]+)",$/, ofNetwork((_, name) => ({ interface: name! }))],
  [/^"valid-lifetime": (\d+),$/, ofNetwork((_, seconds) => ({ validLifetime: Number(seconds) }))],
  [/^"preferred-lifetime": (\d+),$/, ofNetwork((family, seconds) => (family === 6 ? { preferredLifetime: Number(seconds) } : {}))],
  [/^"renew-timer": (\d+),$/, ofNetwork((_, seconds) => ({ renewTimer: Number(seconds) }))],
  [/^"rebind-timer": (\d+),$/, ofNetwork((_, seconds) => ({ rebindTimer: Number(seconds) }))],
  [/^"id": (\d+),$/, ({ networks }, id) => networks.at(-1)?.subnets.push({ said: { id: Number(id) }, options: [] })],
  [/^"subnet": "([^"]+)",$/, ofSubnet((family, text) => ({ prefix: prefix(text!, family) }))],
  [/^"pools": \[\{ "pool": "(\S+) - (\S+)" \}\],?$/, ofSubnet((family, first, last) => ({ first: ip(first!, family), last: ip(last!, family) }))],
]

/** The first saying counts, so that a second one is what differs. */
function ofNetwork(read: (family: 4 | 6, ...values: string[]) => Partial<KeaNetwork>): Enter {
  return ({ family, networks }, ...values) => {
    const network = networks.at(-1)
    if (network) network.said = { ...read(family, ...values), ...network.said }
  }
}

function ofSubnet(read: (family: 4 | 6, ...values: string[]) => Partial<KeaSubnet>): Enter {
  return ({ family, networks }, ...values) => {
    const subnet = networks.at(-1)?.subnets.at(-1)
    if (subnet) subnet.said = { ...read(family, ...values), ...subnet.said }
  }
}

/** Whose option is read: that of the subnet, network or server that was begun last. */
function optionsOf({ options, networks }: Open): KeaOption[] {
  const network = networks.at(-1)
  return (network?.subnets.at(-1) ?? network)?.options ?? options
}

/** The prefix of the family in the one way to write it; nothing for what is none, which will differ from what was read. */
function prefix(text: string, family: 4 | 6): string {
  const found = parsePrefix(text)
  return found?.family === family ? showPrefix(found) : ''
}

/** The address, likewise. */
function ip(text: string, family: 4 | 6): string {
  const found = parseIp(text)
  return found?.family === family ? showIp(found) : ''
}
