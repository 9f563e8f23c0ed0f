/**
 * Sites are told as summaries: what a device says beyond its site is a summary of that site, all of whose addresses are in it, and no site says another's addresses but a hub, which says what it heard. So a new
 * site, or a new segment, is one route at most elsewhere, and nobody draws what is for others.
 */
import { contains, familyOf, type Prefix, prefixOf, showIp, showPrefix } from '#base/ip.ts'
import { carrierPorts, isOver } from '../../engine/network/cables.ts'
import { isLinkLocal, type Port } from '../../engine/network/links.ts'
import { siteOf } from '../../engine/network/told.ts'
import { toldOver } from '../../engine/routing/bgp.ts'
import type { Session, Speaker } from '../../engine/routing/sessions.ts'
import { spaceOf } from '../../intent/flows.ts'
import type { Proof, Property, Verdict } from '../../proof.ts'

/** The property. */
export const summaries: Property = {
  name: 'summaries',
  title: 'sites are told as summaries',
  ofRouting: true,
  *ofNetwork(proof) {
    const { world, design } = proof
    const { speakers } = world.routed
    const sites = sitesOf(proof)
    const circuits = carrierPorts(design)
    for (const speaker of speakers)
      for (const session of speaker.sessions) {
        const other = session.other && speakers[session.other.speaker]!
        if (other ? siteOf(other.device) === siteOf(speaker.device) : !isOver(circuits, speaker.device, session.port.name)) continue
        const says = misled(proof, sites, speaker, session)
        yield verdict(`${speaker.device} to ${other?.device ?? 'a carrier'} by ${session.neighbor.address}`, speaker.device, says)
      }
    const { ports, onWire } = world.routed.links
    const between = new Set([...onWire].flatMap(([wire, on]) => (on.some(({ device }) => siteOf(device) !== siteOf(on[0]!.device)) ? [wire] : [])))
    for (const [device, own] of ports) {
      const says = outsideOf(sites.byId.get(siteOf(device))!, circuits, between, own.values())
      yield verdict(`addresses of ${device}`, device, says)
    }
  },
}

function verdict(id: string, device: string, says: string | undefined): Verdict {
  return { property: summaries.name, id, holds: says === undefined, why: [], ...(says === undefined ? {} : { counter: { says: `${device} ${says}`, device } }) }
}

/** A site, as others hear of it. */
interface Site {
  readonly id: string
  readonly asns: ReadonlySet<number>
  readonly blocks: readonly Prefix[]
  /** The widest that its routers make of what is its own, while there is something inside. */
  readonly summaries: readonly Prefix[]
}

/** All sites, and the summaries that somebody at another site has a route to. */
interface Sites {
  readonly byId: ReadonlyMap<string, Site>
  readonly heard: ReadonlySet<string>
}

function sitesOf({ design, world }: Proof): Sites {
  const { speakers, outcome } = world.routed
  const bySite = Map.groupBy(speakers, ({ device }) => siteOf(device))
  const chosenAt = (id: string) => (bySite.get(id) ?? []).flatMap(({ number }) => [...outcome.chosen[number]!])
  const byId = new Map(
    design.sites.map(({ id, blocks: own }) => {
      const blocks = own.map(prefixOf)
      const made = new Set(chosenAt(id).flatMap(([prefix, [best]]) => (best!.kind === 'aggregate' ? [prefix] : [])))
      const inside = [...made].map(prefixOf).filter((prefix) => isIn(prefix, blocks))
      const summaries = inside.filter((prefix) => !inside.some((other) => other.length < prefix.length && contains(other, prefix)))
      return [id, { id, asns: new Set((bySite.get(id) ?? []).map(({ router }) => router.asn)), blocks, summaries }]
    }),
  )
  const owners = new Map([...byId.values()].flatMap(({ id, summaries }) => summaries.map((prefix) => [showPrefix(prefix), id] as const)))
  const heard = new Set<string>()
  for (const id of byId.keys()) for (const [prefix] of chosenAt(id)) if (owners.has(prefix) && owners.get(prefix) !== id) heard.add(prefix)
  return { byId, heard }
}

/** What a device says over a session that it must not. */
function misled({ company, world }: Proof, { byId, heard }: Sites, speaker: Speaker, session: Session): string | undefined {
  const { speakers, outcome } = world.routed
  const chosen = outcome.chosen[speaker.number]!
  const site = byId.get(siteOf(speaker.device))!
  const all = [...byId.values()]
  const told = [...chosen].flatMap(([text, [best]]) => {
    if (familyOf(text) !== session.family || !toldOver(speaker, session, text, best!, false)) return []
    const origin = best!.asPath.at(-1)
    return [{ text, prefix: prefixOf(text), from: origin === undefined || site.asns.has(origin) ? site : all.find(({ asns }) => asns.has(origin)) }]
  })
  // Who speaks for others knows the way to all of them.
  const isHub = session.other !== undefined && [...heard].every((text) => familyOf(text) !== session.family || chosen.has(text))
  const space = spaceOf(company).map(prefixOf)
  for (const { text, prefix, from } of told) {
    const says = `says ${text} to ${session.other ? speakers[session.other.speaker]!.device : 'a carrier'}`
    const owner = all.find(({ blocks }) => isIn(prefix, blocks))
    if (owner) {
      if (owner !== from || (owner !== site && !isHub)) return `${says}, which is ${owner.id}’s`
      if (owner.summaries.some((one) => one.length === prefix.length && contains(one, prefix))) continue
      // On a way apart, where the summary is not said, sites say what is behind it.
      const around = told.find((other) => other.prefix.length < prefix.length && contains(other.prefix, prefix) && isIn(other.prefix, owner.blocks))
      if (around) return `${says}, and ${around.text} around it`
      if (owner !== site || !isIn(prefix, owner.summaries)) return `${says}, which is in no summary of ${owner.id}`
    } else if (prefix.length > 0 && !space.some((one) => contains(prefix, one))) return `${says}, which is no site’s`
    else if (!isHub) return `${says}, and does not know the way to all that is in it`
  }
  return undefined
}

/** An address of a device that is in no summary of its site. Links to other sites and to carriers have addresses of either end. */
function outsideOf(site: Site, circuits: ReadonlySet<string>, between: ReadonlySet<number>, ports: Iterable<Port>): string | undefined {
  for (const { device, name, wire, addresses, shared } of ports) {
    if (between.has(wire) || isOver(circuits, device, name)) continue
    for (const address of [...addresses, ...shared]) {
      const { ip, length } = address
      if (!isIn({ family: ip.family, base: ip.value, length }, site.summaries) && !isLinkLocal(address))
        return `has ${showIp(ip)}/${length} on ${name}, which is in no summary of ${site.id}`
    }
  }
  return undefined
}

function isIn(prefix: Prefix, some: readonly Prefix[]): boolean {
  return some.some((one) => contains(one, prefix))
}
