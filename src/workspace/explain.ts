/** Why something is as it is: a line of a printed file, a node or an address, down to the YAML value, the standard's line and the ledger. */
import { addressPart, bitsOf, contains, type Prefix, parseIp, parsePrefix, prefixAround, prefixOf, showIp, showPrefix } from '#base/ip.ts'
import type { Origin, Place, Why } from '#base/place.ts'
import { type Node, nodesOf } from '#design/design.ts'
import type { Device } from '#design/device.ts'
import { describe } from './describe.ts'
import { lineAt, type Places, type Standing } from './places.ts'
import type { Built, Workspace } from './workspace.ts'

/** One step of an answer, with what it came from. */
export interface Step {
  readonly kind: string
  readonly origin: Origin
  readonly place?: Place
  readonly text: string
  /** The reason that was given there. */
  readonly note?: string
  /** Further places on the way there: the callers of a helper. */
  readonly via: readonly Place[]
  /** The line of source at the place. */
  readonly source?: string
  readonly from: readonly Step[]
  /** What had been read before, and may have had a part. */
  readonly before: readonly Step[]
}

/** An answer. */
export interface Explanation {
  /** What was asked about: `bos1/leaf-r01/frr.conf:61`, an id or an address. */
  readonly subject: string
  /** The line, or what the node is. */
  readonly text: string
  /** Of an address: who holds it, the narrowest first. The steps are those of the first. */
  readonly holders?: readonly Holder[]
  readonly steps: readonly Step[]
}

/** Something that holds an address, alone or among others. */
export interface Holder {
  readonly kind: string
  readonly id: string
  /** What it holds: the address, or the prefix that it is in. */
  readonly prefix: string
}

/** Why a line of a printed file is there; `path` is below `out/`. Undefined when there is no such file or line. */
export function explainLine(workspace: Workspace, built: Built, path: string, line: number): Explanation | undefined {
  const device = built.design.sites.flatMap((site) => site.devices).find((candidate) => path.startsWith(`${candidate.id}/`))
  const file = device && workspace.print(device).find((printed) => `${device.id}/${printed.path}` === path)
  const found = file?.lines[line - 1]
  return found && { subject: `${path}:${line}`, text: found.text, steps: stepsOf(found.why, built.places, workspace.folder) }
}

/** Why a node is there, or a replica of a service; a zone or a circuit of a site and a service go by their short names too. Undefined when the design has none of that id. */
export function explainNode(workspace: Workspace, built: Built, id: string): Explanation | undefined {
  const [site, ...rest] = id.split('/')
  const nodes = new Map<string, Node>()
  for (const node of nodesOf(built.design)) nodes.set(node.id, node)
  for (const candidate of [id, `${site}/zone/${rest.join('/')}`, `${site}/circuit/${rest.join('/')}`, `service/${id}`]) {
    const node = nodes.get(candidate)
    if (!node) continue
    // Where a device is mounted says nothing of its config, so that is a why of its own.
    const place = node.kind === 'device' ? (node as Device).place : undefined
    return { subject: candidate, text: describe(node), steps: stepsOf([...node.why, ...(place?.why ?? [])], built.places, workspace.folder) }
  }
  const replica = built.design.services.flatMap((service) => service.replicas).find((one) => one.id === id || one.id === `service/${id}`)
  if (!replica) return undefined
  const text = `replica on ${replica.host} · ${replica.v4} ${replica.v6}`
  return { subject: replica.id, text, steps: stepsOf(replica.why, built.places, workspace.folder) }
}

/** Who holds an address or a prefix, and why. Undefined when the text is neither. */
export function explainAddress(workspace: Workspace, built: Built, text: string): Explanation | undefined {
  const ip = parseIp(text)
  const prefix = ip ? prefixAround(ip, bitsOf(ip.family)) : parsePrefix(text)
  if (!prefix) return undefined
  const holders = holdersOf(built, prefix, ip && showIp(ip))
  const [first] = holders
  const subject = ip ? showIp(ip) : showPrefix(prefix)
  const exact = first && prefixOf(first.prefix).length === prefix.length
  const said = first ? `${exact ? 'of' : 'given to nobody; in'} ${first.kind} ${first.id}` : 'not in the company’s address space'
  return {
    subject,
    text: said,
    holders: holders.map(({ why: _why, ...holder }) => holder),
    steps: first ? stepsOf(first.why, built.places, workspace.folder) : [],
  }
}

/** The narrowest first; of equal ones an interface and then the replica that answers there. */
function holdersOf({ design, company }: Built, wanted: Prefix, address: string | undefined): (Holder & { readonly why: Why })[] {
  const holders: (Holder & { readonly why: Why })[] = []
  const around = (kind: string, id: string, prefixes: readonly string[], why: Why) => {
    for (const prefix of prefixes) if (contains(prefixOf(prefix), wanted)) holders.push({ kind, id, prefix, why })
  }
  const alone = (kind: string, id: string, held: string, why: Why) => {
    if (addressPart(held) === address) holders.push({ kind, id, prefix: `${address}/${bitsOf(wanted.family)}`, why })
  }
  const { v4, v6 } = company.declaration.addressing
  around('company', design.company, [...v4, ...v6], ['company addressing'])
  for (const site of design.sites) {
    around('site', site.id, site.blocks, site.why)
    for (const zone of site.zones) around('zone', zone.id, zone.prefixes, zone.why)
    for (const segment of site.segments) around('segment', segment.id, segment.prefixes, segment.why)
    for (const device of site.devices) {
      for (const at of device.interfaces) for (const held of at.addresses) alone('interface', at.id, held.address, held.why)
    }
  }
  for (const { replicas } of design.services) for (const one of replicas) for (const held of [one.v4, one.v6]) alone('replica', one.id, held, one.why)
  return holders.reverse().sort((a, b) => prefixOf(b.prefix).length - prefixOf(a.prefix).length)
}

/** The steps of a why, each once. */
export function stepsOf(why: Why, places: Places, folder: string): Step[] {
  const seen = new Set<Origin>()
  const step = (origin: Origin): Step[] => {
    if (seen.has(origin)) return []
    seen.add(origin)
    const standing = places(origin)
    return [{ ...stepOf(standing, folder), from: standing.from.flatMap(step), before: standing.before.map((fact) => bare(places(fact), folder)) }]
  }
  return why.flatMap(step)
}

function bare(standing: Standing, folder: string): Step {
  return { ...stepOf(standing, folder), from: [], before: [] }
}

function stepOf({ kind, origin, place, places, text, note }: Standing, folder: string): Omit<Step, 'from' | 'before'> {
  const source = place && (kind === 'ask' || kind === 'fact') ? lineAt(place, folder) : undefined
  return {
    kind,
    origin,
    ...(place ? { place } : {}),
    text,
    ...(note === undefined ? {} : { note }),
    via: places,
    ...(source === undefined ? {} : { source }),
  }
}
