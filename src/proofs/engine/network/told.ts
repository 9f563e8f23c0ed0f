/**
 * What devices are told, read back from their printed files: the text is what is loaded, so the text is what is proved. Only what packets meet is read: links and addresses, tunnels, routes, filters, and who
 * has the gateway addresses.
 */
import { type Diagnostic, diagnose, type Result, result } from '#base/diagnostic.ts'
import { frr } from '#targets/frr/index.ts'
import type { FrrTree } from '#targets/frr/tree.ts'
import { haproxy } from '#targets/haproxy/index.ts'
import type { HaproxyTree } from '#targets/haproxy/tree.ts'
import { keepalived } from '#targets/keepalived/index.ts'
import type { KeepalivedTree } from '#targets/keepalived/tree.ts'
import { linux } from '#targets/linux/index.ts'
import type { LinuxTree } from '#targets/linux/tree.ts'
import { nftables } from '#targets/nftables/index.ts'
import type { NftTable, NftTree } from '#targets/nftables/tree.ts'
import type { Target } from '#targets/target.ts'
import { wireguard } from '#targets/wireguard/index.ts'
import type { WireguardTree } from '#targets/wireguard/tree.ts'

/** A device as its files say. */
export interface Told {
  /** `site/name` */
  readonly id: string
  readonly linux: LinuxTree
  readonly frr?: FrrTree
  readonly nftables?: NftTree
  readonly wireguard?: WireguardTree
  readonly keepalived?: KeepalivedTree
  readonly haproxy?: HaproxyTree
}

/** The site of a device. */
export function siteOf(device: string): string {
  return device.slice(0, device.indexOf('/'))
}

/** Which files are each target's. */
const FILES: Readonly<Record<keyof Omit<Told, 'id'>, RegExp>> = {
  linux: /^(hostname|sysctl\.conf|rules\.ip|network\.ip)$/,
  frr: /^(frr\.conf|daemons)$/,
  nftables: /^(nftables|guard)\.conf$/,
  wireguard: /^wireguard(\.sh|\/.+)$/,
  keepalived: /^(keepalived\.conf|has-routes\.sh)$/,
  haproxy: /^(haproxy\.cfg|haproxy\.service\.conf|announce\.sh|netwright-announce\.service)$/,
}

/** What was read of a device, and from what. */
export interface ReadTold {
  readonly told: Told
  readonly files: ReadonlyMap<string, string>
}

/** Reads a device's files, by path below its folder. A file that its target would not print is refused with the line, which names the device's folder. What was read `before` and is the same is not read again. */
export function readTold(id: string, files: ReadonlyMap<string, string>, before?: ReadTold): Result<ReadTold> {
  const diagnostics: Diagnostic[] = []
  let isOther = before === undefined
  const read = <Tree>(target: Target<Tree>): Tree | undefined => {
    const name = target.name as keyof typeof FILES
    const filesOf = (all: ReadonlyMap<string, string>) => new Map([...all].filter(([path]) => FILES[name].test(path)))
    const own = filesOf(files)
    if (before && sameFiles(own, filesOf(before.files))) return before.told[name] as Tree | undefined
    isOther = true
    if (own.size === 0) return undefined
    const parsed = target.parse(own)
    diagnostics.push(
      ...parsed.diagnostics.map((found) =>
        found.place ? { ...found, place: { ...found.place, file: `${id}/${found.place.file}` } } : { ...found, value: id },
      ),
    )
    return parsed.ok ? parsed.value : undefined
  }
  const trees = {
    linux: read(linux),
    frr: read(frr),
    nftables: read(nftables),
    wireguard: read(wireguard),
    keepalived: read(keepalived),
    haproxy: read(haproxy),
  }
  if (!trees.linux && diagnostics.length === 0) diagnostics.push(diagnose('missing-file', { program: 'linux', file: `${id}/network.ip` }))
  if (!isOther) return result({ told: before!.told, files }, diagnostics)
  for (const table of trees.nftables?.tables ?? []) DEVICES.set(table, id)
  const told = Object.fromEntries(Object.entries(trees).filter(([, tree]) => tree !== undefined)) as Omit<Told, 'id'>
  return result({ told: { id, ...told }, files }, diagnostics)
}

/** The device of a filter that was read. */
export function deviceOfFilter(table: NftTable): string | undefined {
  return DEVICES.get(table)
}

const DEVICES = new WeakMap<NftTable, string>()

function sameFiles(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([path, text]) => b.get(path) === text)
}
