/**
 * The starter company in a folder of its own, grown by what it has none of: services that its devices are run with, a service that is balanced for the internet, a carrier that speaks BGP. Built: its
 * lines with what they cite, and what becomes of them in a company that differs in one thing.
 */
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Origin } from '#base/place.ts'
import type { Company } from '#compile/company.ts'
import { emptyMemo } from '#compile/memo.ts'
import { compile } from '#compile/pipeline.ts'
import type { Device } from '#design/device.ts'
import type { Ledger } from '#ledger/ledger.ts'
import { LEDGER_FILE } from '#workspace/ledger-file.ts'
import { type Built, openWorkspace, type Workspace } from '#workspace/workspace.ts'

/** The day of all builds. */
export const DATE = '2026-11-23'

/** A line of a printed file, with where it is printed. */
export interface CitedLine {
  readonly path: string
  readonly number: number
  readonly text: string
  readonly why: readonly Origin[]
}

/** The starter, built. */
export interface Starter {
  readonly folder: string
  readonly workspace: Workspace
  readonly built: Built
  readonly lines: readonly CitedLine[]
}

/** What a company that differs in one thing is printed as; undefined when it is refused. */
export type Texts = ReadonlyMap<string, string> | undefined

const STARTER = join(import.meta.dirname, '../../examples/starter')

/** What devices are run with. */
const BASELINE = `baseline: { owner: 'network', resolvers: 'names', strangersResolvers: ['192.0.2.80', '3fff:ffff:9::80'], clocks: 'clocks', logs: 'logs', monitors: 'monitors', authenticators: 'doors', bastions: 'bastions' },`

/** A service, as its file: where it runs and what it listens on. */
const service = (tier: string, replicas: number, ...ports: readonly string[]) =>
  `owner: network\ntier: ${tier}\nlistens: [${ports.map((port, index) => `{name: port-${index + 1}, port: ${port}}`).join(', ')}]\nruns: {replicas: ${replicas}, at: [bos1]}\n`

const SERVICES: Readonly<Record<string, string>> = {
  names: service('web', 2, '53/udp', '53/tcp'),
  clocks: service('web', 1, '123/udp'),
  logs: service('db', 1, '6514/tcp'),
  monitors: service('db', 1, '443/tcp'),
  doors: service('db', 1, '1812/udp'),
  bastions: service('web', 1, '22/tcp'),
}

/** What the starter's files say more: the words after which they say it, by file. */
const GROWTH: Readonly<Record<string, readonly (readonly [after: string, more: string])[]>> = {
  'company.ts': [['standards: [office, dataCentre, wan],\n', `  ${BASELINE}\n`]],
  'sites/bos1.yaml': [
    ['owner: network\n', 'public: 203.0.113.64/28\n'],
    ['carrier: Lumen\n', '    asn: 64500\n'],
  ],
  'services/orders-map.yaml': [
    [
      'needs: [orders-db]',
      '\nbalanced: {hostname: map.acme.example, protocol: https, replicas: 8443/tcp, health: GET /ready, sticky: 1h, drain: 2m, timeouts: {client: 2m, server: 3m}, public: true}',
    ],
  ],
}

/** Copies the facts and the code of the starter into a new folder, lets them grow, and leaves of its ledger the public keys, which no build can make. */
export function copyStarter(): string {
  const folder = mkdtempSync(join(tmpdir(), 'netwright-why-'))
  for (const name of ['company.ts', 'sites', 'services']) cpSync(join(STARTER, name), join(folder, name), { recursive: true })
  for (const [name, text] of Object.entries(SERVICES)) writeFileSync(join(folder, 'services', `${name}.yaml`), text)
  for (const [path, growth] of Object.entries(GROWTH)) {
    const grown = growth.reduce(
      (text, [after, more]) => {
        if (!text.includes(after)) throw new Error(`${path} of the starter does not say ${after}`)
        return text.replace(after, `${after}${more}`)
      },
      readFileSync(join(STARTER, path), 'utf8'),
    )
    writeFileSync(join(folder, path), grown)
  }
  const keys = readFileSync(join(STARTER, LEDGER_FILE), 'utf8').match(/^\S+ key .*\n/gm) ?? []
  writeFileSync(join(folder, LEDGER_FILE), keys.join(''))
  return folder
}

/** Builds that copy, and writes its ledger. */
export async function buildStarter(): Promise<Starter> {
  const folder = copyStarter()
  const workspace = openWorkspace(folder, { date: DATE, typeCheck: false })
  const built = await buildGood(workspace)
  writeFileSync(join(folder, LEDGER_FILE), built.ledgerText)
  return { folder, workspace, built, lines: linesOf(workspace, built) }
}

/** Builds what builds. */
export async function buildGood(workspace: Workspace): Promise<Built> {
  const built = await workspace.build()
  if (!built.ok) throw new Error(built.diagnostics.map(({ message }) => message).join('\n'))
  return built.value
}

/** Every line of every printed file. */
export function linesOf(workspace: Workspace, { design }: Built): CitedLine[] {
  return design.sites.flatMap((site) =>
    site.devices.flatMap((device) =>
      workspace.print(device).flatMap((file) => file.lines.map((line, index) => ({ path: `${device.id}/${file.path}`, number: index + 1, ...line }))),
    ),
  )
}

/** Compiles companies that differ a little from the starter, each as far as it differs. */
export function compiler({ workspace, built }: Starter): (company: Company, ledger?: Ledger) => Texts {
  const memo = emptyMemo()
  const printed = new WeakMap<Device, readonly (readonly [string, string])[]>()
  const textsOf = (device: Device) => {
    const known =
      printed.get(device) ?? workspace.print(device).map((file) => [`${device.id}/${file.path}`, file.lines.map(({ text }) => `${text}\n`).join('')] as const)
    printed.set(device, known)
    return known
  }
  return (company, ledger = built.ledger) => {
    const { outcome } = compile(company, ledger, DATE, memo)
    return outcome.ok ? new Map(outcome.value.design.sites.flatMap((site) => site.devices).flatMap(textsOf)) : undefined
  }
}

/** Those of the lines that are in the texts still. Of equal ones in a file, as many must be gone as are asked about. */
export function survivors(lines: readonly CitedLine[], before: ReadonlyMap<string, string>, after: Texts): CitedLine[] {
  if (!after) return []
  return [...Map.groupBy(lines, ({ path }) => path)].flatMap(([path, those]) => {
    const [was, is] = [before.get(path)!, after.get(path) ?? ''].map(linesIn) as [string[], string[]]
    const [had, has] = [was, is].map((all) => Map.groupBy(all, (text) => text)) as [Map<string, string[]>, Map<string, string[]>]
    const equals = Map.groupBy(those, ({ number }) => was[number - 1]!)
    return [...equals].flatMap(([text, equal]) => equal.slice(0, Math.max(0, (has.get(text)?.length ?? 0) + equal.length - had.get(text)!.length)))
  })
}

/** The lines of a file. One that only parts others is told from its like by the line after it, one that says of which type a set is by the name of the set. */
function linesIn(text: string): string[] {
  const lines = text.split('\n').slice(0, -1)
  let set = ''
  return lines.map((line, index) => {
    if (line.startsWith('  set ')) set = line
    if (/^ {4}(type [\w .]+|flags interval)$/.test(line)) return `${set}\n${line}`
    return /^\s*!?$/.test(line) ? `${line}\n${lines[index + 1]}` : line
  })
}
