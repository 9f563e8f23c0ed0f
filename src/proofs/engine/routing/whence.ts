/** Where a route comes from: the lines of printed files that make it, from the device that has it to where it begins; and why it is the best of what there is for its prefix. */
import { familyOf, parseInterface, prefixAround, showPrefix } from '#base/ip.ts'
import { staticText } from '#targets/frr/print.ts'
import { bindText } from '#targets/haproxy/print.ts'
import { addressText, routeText } from '#targets/linux/print.ts'
import type { Told } from '../network/told.ts'
import type { Outcome } from './bgp.ts'
import { type Routed, tableName } from './forwarding.ts'
import { type Path, whyBetter } from './path.ts'
import { type Session, type Speaker, unicastOf } from './sessions.ts'
import type { Route } from './tables.ts'

/** A line of a printed file that has a part in a route. */
export interface Said {
  /** `has`: an address on the link. `states`: the route itself. `hears`: the neighbor that the device has it from; `carries` is the same of a device on the way there. `begins`: the line that announces it first. `outside`: the neighbor that is none of ours. */
  readonly part: 'has' | 'states' | 'hears' | 'carries' | 'begins' | 'outside'
  readonly device: string
  /** Below the device's folder. */
  readonly file: string
  /** The lines that open the blocks it is in, the outermost first. */
  readonly within: readonly string[]
  /** As it stands there, without what it is indented by. */
  readonly text: string
}

/** Where a route comes from. */
export interface Whence {
  /** Each line once, from the device to where it begins. */
  readonly said: readonly Said[]
  /** Why it is the best for its prefix: `local preference 200 before 100`. */
  readonly best: string
}

/** Tells it of a route of a device, in a VRF or in its default table. */
export type AskWhence = (device: string, vrf: string, route: Route) => Whence

/** Of all routes of a network. */
export function whencesOf(routed: Routed, told: ReadonlyMap<string, Told>): AskWhence {
  const { outcome } = routed
  const speakers = new Map(routed.speakers.map((speaker) => [tableName(speaker.device, speaker.vrf), speaker]))
  const sessions = new Map(routed.speakers.flatMap((speaker) => speaker.sessions.map((session) => [session.number, session])))
  return (device, vrf, route) => {
    const speaker = speakers.get(tableName(device, vrf))
    if (route.protocol === 'bgp') {
      const said = trace({ routed, speakers, sessions }, speaker!, route.prefix)
      return { said, best: bestOf(outcome, speaker!, route.prefix) }
    }
    const isHeard = speaker !== undefined && outcome.heard(speaker.number, route.prefix).some(({ kind }) => kind === 'external' || kind === 'internal')
    const best = route.protocol === 'connected' ? 'on a link of its own' : `distance ${route.distance}`
    return { said: given(told.get(device)!, vrf, route), best: `${best}${isHeard ? ', nearer than what BGP hears' : ''}` }
  }
}

/** The lines of a route that no protocol made. */
function given({ id, linux, frr, haproxy }: Told, vrf: string, { prefix, protocol, to }: Route): readonly Said[] {
  const said = (part: Said['part'], file: string, text: string, ...within: readonly string[]): Said => ({ part, device: id, file, within, text })
  if (protocol === 'connected' && typeof to !== 'string' && 'port' in to) {
    const isOn = (address: string) => {
      const { ip, length } = parseInterface(address)!
      return showPrefix(prefixAround(ip, length)) === prefix
    }
    const own = linux.links.find(({ name }) => name === to.port)?.addresses.find(({ address }) => isOn(address))
    if (own) return [said('has', 'network.ip', addressText(own, to.port))]
    // A balancer has the addresses of its services while somebody answers there.
    const frontend = haproxy?.frontends.find(({ v4, v6 }) => `${v4}/32` === prefix || `${v6}/128` === prefix)
    return frontend ? [said('has', 'haproxy.cfg', bindText(frontend))] : []
  }
  if (protocol === 'kernel') {
    const own = linux.routes.find((route) => route.prefix === prefix && (route.vrf ?? '') === vrf)
    return own ? [said('states', 'network.ip', routeText(own))] : []
  }
  const blocks = vrf === '' ? [] : [`vrf ${vrf}`]
  const statics = ((vrf === '' ? frr?.statics : frr?.vrfs.find(({ name }) => name === vrf)?.statics) ?? []).filter((one) => one.prefix === prefix)
  const nearest = Math.min(...statics.map(({ distance }) => distance))
  return statics.filter(({ distance }) => distance === nearest).map((one) => said('states', 'frr.conf', staticText(one), ...blocks))
}

/** What a trace looks things up in. */
interface Maps {
  readonly routed: Routed
  readonly speakers: ReadonlyMap<string, Speaker>
  readonly sessions: ReadonlyMap<number, Session>
}

/** The lines of a path of BGP, from a speaker to where it begins. Of several equal paths all. */
function trace({ routed: { speakers, outcome }, speakers: byTable, sessions }: Maps, start: Speaker, of: string): readonly Said[] {
  const found: Said[] = []
  const seen = new Set<string>()
  const say = (part: Said['part'], speaker: Speaker, text: string, ...within: readonly string[]) =>
    found.push({ part, device: speaker.device, file: 'frr.conf', within: [blockOf(speaker), ...within], text })
  const hear = (speaker: Speaker, { neighbor: { address, asn }, other }: Session) =>
    say(other ? (speaker.device === start.device ? 'hears' : 'carries') : 'outside', speaker, `neighbor ${address} remote-as ${asn}`)
  const family = familyOf(of)
  const block = `address-family ipv${family} unicast`

  const follow = (speaker: Speaker, paths: readonly Path[]): void => {
    for (const path of paths) {
      const key = `${speaker.number} ${path.from}`
      if (seen.has(key)) continue
      seen.add(key)
      if (typeof path.from === 'number') heardFrom(speaker, sessions.get(path.from)!)
      else if (path.from === 'aggregate') say('begins', speaker, `aggregate-address ${of}`, block)
      else if (path.from === 'own') begin(speaker)
      else tunnelled(speaker, path.from)
    }
  }
  const heardFrom = (speaker: Speaker, session: Session) => {
    hear(speaker, session)
    const { other } = session
    if (!other) return
    const teller = speakers[other.speaker]!
    const far = sessions.get(other.session)!
    if (far.unicast?.defaultOriginate && of === (family === 4 ? '0.0.0.0/0' : '::/0'))
      say('begins', teller, `neighbor ${far.neighbor.address} default-originate`, block)
    else follow(teller, bestAlone(teller))
  }
  const bestAlone = ({ number }: Speaker) => (outcome.chosen[number]!.get(of) ?? []).slice(0, 1)
  const begin = (speaker: Speaker) => {
    const { networks, redistributeConnected } = unicastOf(speaker.router, family)
    if (networks.some(({ prefix }) => prefix === of)) say('begins', speaker, `network ${of}`, block)
    else if (redistributeConnected) say('begins', speaker, `redistribute connected route-map ${redistributeConnected.routeMap}`, block)
  }
  /** A path that another device's VRF tells over EVPN: by the sessions of the default tables, from one to the next. */
  const tunnelled = (speaker: Speaker, distinguisher: string) => {
    const origin = speakers.find(({ router }) => router.evpn.vrf?.distinguisher === distinguisher)
    let at = byTable.get(speaker.device)
    while (at && at.device !== origin?.device) {
      const from = outcome.carried(at.number, distinguisher, of)?.from
      const session = typeof from === 'number' ? sessions.get(from) : undefined
      if (session) hear(at, session)
      at = session?.other && speakers[session.other.speaker]
    }
    if (origin) follow(origin, bestAlone(origin))
  }
  follow(start, outcome.chosen[start.number]!.get(of) ?? [])
  return unique(found)
}

function bestOf(outcome: Outcome, { number }: Speaker, prefix: string): string {
  const chosen = outcome.chosen[number]!.get(prefix)!
  const other = outcome.heard(number, prefix).find((path) => !chosen.includes(path))
  const equal = chosen.length > 1 ? [`${chosen.length} paths as good as each other`] : []
  if (!other) return equal[0] ?? 'the only path'
  return [...equal, whyBetter(chosen[0]!, other)].join('; ')
}

function blockOf({ router: { asn, vrf } }: Speaker): string {
  return `router bgp ${asn}${vrf === undefined ? '' : ` vrf ${vrf}`}`
}

/** Each line once, where it begins last. */
function unique(all: readonly Said[]): readonly Said[] {
  const found = [...new Map(all.map((said) => [`${said.part} ${said.device} ${said.within.join(' ')} ${said.text}`, said])).values()]
  const isEnd = ({ part }: Said) => part === 'begins' || part === 'outside'
  return [...found.filter((said) => !isEnd(said)), ...found.filter(isEnd)]
}
