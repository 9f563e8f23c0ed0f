/** The pass admit: what switches need to have hosts let in, at their ports and by the access points that hang on them. */
import { anyOf, type Why } from '#base/place.ts'
import type { Authenticator, Wireless, WirelessNetwork } from '#design/for-hosts.ts'
import type { Addressed } from '../address/address-site.ts'
import type { Cabled } from '../cable/cable-site.ts'
import { factOrigin, type Site } from '../company.ts'
import type { Connected } from '../connect/connected.ts'
import type { Wanted } from '../join.ts'

/** Who decides, and how wireless networks are called. */
export interface Admission {
  /** Addresses of the servers. */
  readonly servers: readonly string[]
  /** Names of networks begin with it. */
  readonly company: string
  readonly why: Why
}

/** What a device is told about it. */
export interface Admitted {
  readonly authenticator?: Authenticator
  readonly wireless?: Wireless
}

/** By device. Nobody is let in, or kept out, where no servers decide: a company that has none says so by not naming a service for it. */
export function admitSite(
  site: Site,
  parts: { readonly wanted: Wanted; readonly cabled: Cabled; readonly addressed: Addressed; readonly connected: ReadonlyMap<string, Connected> },
  { servers, company, why }: Admission,
): ReadonlyMap<string, Admitted> {
  const { wanted, cabled, addressed, connected } = parts
  if (servers.length === 0) return new Map()
  const segmentAsk = new Map(wanted.asks.segments.map((ask) => [ask.name, ask]))
  const network = (name: string, because: Why): WirelessNetwork[] => {
    const [ask, segment] = [segmentAsk.get(name)!, addressed.segments.get(name)]
    if (segment?.vlan === undefined) return []
    const strangers = ask.strangers
    const ssid = `${company}-${ask.zone}`
    return [
      { ssid, segment: name, vid: segment.vlan, admits: strangers ? 'everybody' : 'authenticated', isolated: strangers, why: [...because, ...segment.why] },
    ]
  }
  const admitted = new Map<string, Admitted>()
  for (const [device, ports] of Map.groupBy(cabled.desks, (desk) => desk.device)) {
    const at = connected.get(device)?.management
    if (!at) continue
    const closed = ports.filter(({ guard }) => guard?.authenticated)
    const air = ports.find(({ wireless }) => wireless)
    if (closed.length === 0 && !air) continue
    // Any port that lets in, by cable or by air, is enough for there to be somebody who asks.
    const asked = anyOf(
      at.why,
      [...closed, ...(air ? [air] : [])].map((desk) => desk.why.slice(0, 1)),
    )
    admitted.set(device, {
      authenticator: { source: [at.v4, at.v6], servers, secret: `${site.name}/${device}/radius`, why: [...new Set([...asked, ...why, ...at.why])] },
      ...(air
        ? {
            wireless: {
              country: site.facts.country,
              networks: air.tagged.flatMap((name) => network(name, air.why.slice(0, 1))),
              why: [...air.why.slice(0, 1), factOrigin(site.file, 'country')],
            },
          }
        : {}),
    })
  }
  return admitted
}
