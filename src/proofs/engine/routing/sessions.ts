/** Who speaks BGP with whom: the speakers that the text sets up, and the sessions whose two ends know each other. */
import { bitsOf, type Family, ipOf, showIp } from '#base/ip.ts'
import type { FamilyNeighbor, FrrTree, Neighbor, Router } from '#targets/frr/tree.ts'
import type { Links, Port } from '../network/links.ts'
import type { Told } from '../network/told.ts'
import type { Hop } from './path.ts'
import { type AskMap, routeMapsOf } from './route-map.ts'

/** A BGP speaker: a routing table of a device that has one. */
export interface Speaker {
  readonly number: number
  readonly device: string
  readonly vrf: string
  readonly frr: FrrTree
  readonly router: Router
  readonly ask: AskMap
  readonly sessions: readonly Session[]
}

/** One end of a session. */
export interface Session {
  /** Unique among all. */
  readonly number: number
  readonly speaker: number
  readonly neighbor: Neighbor
  /** The port that it runs over, and the own address there. */
  readonly port: Port
  readonly local: string
  /** The other end; undefined where that is none of ours, or does not know this one. */
  readonly other: { readonly speaker: number; readonly session: number } | undefined
  /** What it carries of the IP family of its addresses. */
  readonly unicast: FamilyNeighbor | undefined
  readonly family: Family
  readonly evpn: boolean
  readonly external: boolean
  /** Where packets of what is heard go, unless it says otherwise. */
  readonly hop: Hop
}

/** All speakers with their sessions. */
export function speakersOf(devices: readonly Told[], links: Links): readonly Speaker[] {
  const speakers: (Omit<Speaker, 'sessions'> & { readonly sessions: Session[] })[] = []
  const at = new Map<string, number>()
  for (const { id, frr } of devices) {
    if (!frr) continue
    const ask = routeMapsOf(frr)
    for (const router of frr.routers) {
      at.set(`${id} ${router.vrf ?? ''}`, speakers.length)
      speakers.push({ number: speakers.length, device: id, vrf: router.vrf ?? '', frr, router, ask, sessions: [] })
    }
  }
  let number = 0
  for (const speaker of speakers) {
    const { ipv4, ipv6, evpn, neighbors, asn } = speaker.router
    const [four, six] = [ipv4, ipv6].map((of) => new Map(of.neighbors.map((neighbor) => [neighbor.address, neighbor])))
    const speaks = new Set(evpn.neighbors.map(({ address }) => address))
    const ports = [...(links.ports.get(speaker.device)?.values() ?? [])].filter(({ vrf }) => vrf === speaker.vrf)
    for (const neighbor of neighbors) {
      const { family, value } = ipOf(neighbor.address)
      const found = ports.flatMap((port) => port.addresses.filter((own) => own.ip.family === family && onLink(own, value)).map((own) => ({ port, own })))[0]
      if (!found) continue
      speaker.sessions.push({
        number: number++,
        speaker: speaker.number,
        neighbor,
        port: found.port,
        local: showIp(found.own.ip),
        other: undefined,
        unicast: (family === 4 ? four : six)!.get(neighbor.address),
        family,
        evpn: speaks.has(neighbor.address),
        external: neighbor.asn !== asn,
        hop: { port: found.port.name, address: neighbor.address },
      })
    }
  }
  const ends = new Map(
    speakers.flatMap(({ sessions }) => sessions.map((session) => [`${session.port.wire} ${session.local} ${session.neighbor.address}`, session])),
  )
  return speakers.map((speaker) => ({
    ...speaker,
    sessions: speaker.sessions.map((session) => {
      const other = ends.get(`${session.port.wire} ${session.neighbor.address} ${session.local}`)
      const known = other && speakers[other.speaker]!.router.asn === session.neighbor.asn && other.neighbor.asn === speaker.router.asn
      return known ? { ...session, other: { speaker: other.speaker, session: other.number } } : session
    }),
  }))
}

function onLink({ ip, length }: Port['addresses'][number], value: bigint): boolean {
  const host = BigInt(bitsOf(ip.family) - length)
  return value !== ip.value && host > 0n && value >> host === ip.value >> host
}

/** The key of the family in a session's text. */
export function unicastOf(router: Router, family: Family): Router['ipv4'] {
  return family === 4 ? router.ipv4 : router.ipv6
}
