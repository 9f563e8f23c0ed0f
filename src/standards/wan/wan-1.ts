/**
 * wan@1: a company standard. Sites reach the company by its hubs, over private circuits and over WireGuard tunnels on their internet circuits, by eBGP on each. A site says only what is its own; a
 * hub says the company as one summary, so a new site is a new file and no router elsewhere learns of it; nobody carries traffic between others but hubs. What comes in by an internet
 * circuit outside of a tunnel is the internet.
 *
 * Which way is taken is said in numbers, the same ones on both sides of a way, so both directions of a flow take it.
 */
import { sortedBy } from '#base/order.ts'
import { suggest } from '#base/suggest.ts'
import type { CircuitFacts } from '#model/site.ts'
import type { Attachment } from '../authoring/asks.ts'
import type { CompanyAsk } from '../authoring/company-asking.ts'
import { companyStandard } from '../authoring/standard.ts'

/**
 * Local preference of each way to a site or from it: private circuits before tunnels, the site's own hub before another. Edges of a site and hubs tell each other, so whoever in the company is to reach the site takes the way
 * that the site itself takes; of equal ways the shorter is taken, which is an edge's own. What hubs have of their own they prefer by private circuits too.
 */
const PREFERENCE = { private: { own: 200, other: 190 }, tunnel: { own: 180, other: 170 }, betweenHubs: 150, tunnelBetweenHubs: 140 } as const

/**
 * All of them, which a route keeps on its way from one hub to another over their private circuits. It keeps none over a tunnel between hubs: where only those are left, each hub goes by its own ways to a site while it has any.
 */
const KEPT = [...Object.values(PREFERENCE.private), ...Object.values(PREFERENCE.tunnel), PREFERENCE.betweenHubs, PREFERENCE.tunnelBetweenHubs].sort(
  (a, b) => a - b,
)

/** Data centres are joined by so many circuits that share no risk. */
const DIVERSE_CIRCUITS = 2

export const wan1 = companyStandard('wan', 1, {
  lessons: ['1: a new office is a new file: hubs announce the company as one summary, so no router elsewhere learns of it'],
  design(attachments, ask) {
    const points = new Map(attachments.filter((point) => point.name === 'wan').map((point) => [point.site, point]))
    const hubs = [...points.values()].filter(({ hub }) => hub)
    for (const from of points.values()) {
      const own = ownHub(from, hubs)
      for (const circuit of from.circuits) {
        if (circuit.to === undefined) {
          const announce = circuit.asn !== undefined && circuit.kind === 'internet' ? (['public'] as const) : circuit.kind === 'private' ? said(from) : []
          ask.carrier(from, circuit, { from: { announce, accept: circuit.kind === 'internet' ? 'default' : 'foreign' }, on: landing(from, circuit) })
          continue
        }
        const to = points.get(circuit.to)
        if (!to || to === from) {
          const others = [...points.keys()].filter((site) => site !== from.site)
          const near = suggest(circuit.to, others)
          const meant = near ? `; did you mean "${near}"?` : ''
          return ask.refuse(circuit, `circuit "${circuit.id}" of ${from.site} goes to "${circuit.to}", which is no other site on the WAN${meant}`)
        }
        const both = from.hub && to.hub
        const preference = both ? PREFERENCE.betweenHubs : PREFERENCE.private[to === own || from === ownHub(to, hubs) ? 'own' : 'other']
        const keeps = both ? KEPT : undefined
        ask.circuit(from, circuit, to, { from: side(from, to, preference, keeps), to: side(to, from, preference, keeps), on: landing(from, circuit) })
      }
      for (const hub of hubs) {
        // Of two hubs one calls: the one that comes first by name.
        if (hub === from || (from.hub && hub.site < from.site)) continue
        const preference = from.hub ? PREFERENCE.tunnelBetweenHubs : PREFERENCE.tunnel[hub === own ? 'own' : 'other']
        for (const circuit of from.circuits.filter(carriesTunnels)) {
          for (const over of hub.circuits.filter(carriesTunnels)) {
            ask.tunnel(from, circuit, hub, over, { from: side(from, hub, preference), to: side(hub, from, preference) })
          }
        }
      }
    }
    outOfBand(
      attachments.filter((point) => point.name === 'out-of-band'),
      ask,
    )
    const centres = [...points.values()].filter(({ kind }) => kind === 'data-centre')
    for (const centre of centres) {
      const between = centres.flatMap(({ site, circuits }) =>
        circuits
          .filter(({ to }) => (site === centre.site ? centres.some((of) => of.site === to) : to === centre.site))
          // Two sites may call a circuit the same.
          .map(({ id, sharedRisk }) => sharedRisk ?? `${site}/${id}`),
      )
      const risks = new Set(between)
      const reason = `${centre.site} has ${risks.size} of the ${DIVERSE_CIRCUITS} circuits to other data centres that share no risk`
      ask.require(centre, 'diverse-circuits', centres.length < 2 || risks.size >= DIVERSE_CIRCUITS, reason)
    }
  },
})

/**
 * The management networks of data centres reach each other over circuits of their own, in tunnels to those of the hubs: whoever stands on a router of one can go on to the devices of another whose
 * fabric is down. Nobody passes through.
 */
function outOfBand(points: readonly Attachment[], ask: CompanyAsk): void {
  for (const from of points) {
    for (const circuit of from.circuits) ask.carrier(from, circuit, { from: { announce: [], accept: 'default' } })
    for (const to of points) {
      if (!to.hub || to === from || (from.hub && to.site < from.site)) continue
      const side = { announce: ['inside'], accept: 'their-inside' } as const
      for (const circuit of from.circuits.filter(carriesTunnels)) {
        for (const over of to.circuits.filter(carriesTunnels)) ask.tunnel(from, circuit, to, over, { from: side, to: side })
      }
    }
  }
}

/** What a site says to whom it does not share the hub's part with. */
function said(from: Attachment) {
  return from.hub ? (['site', 'company', 'default'] as const) : (['site'] as const)
}

function side(at: Attachment, other: Attachment, preference: number, keeps?: readonly number[]) {
  return {
    announce: at.hub && other.hub ? (['site', 'learned'] as const) : at.hub ? (['company', 'default'] as const) : (['site'] as const),
    accept: at.hub && !other.hub ? ('their-site' as const) : ('foreign' as const),
    preference,
    ...(keeps === undefined ? {} : { keeps }),
  }
}

/** The hub that a site goes by while it can: the one that its private circuits end at, else the nearest, else the first by name. */
function ownHub(from: Attachment, hubs: readonly Attachment[]): Attachment | undefined {
  const privately = hubs.filter((hub) => from.circuits.some(({ kind, to }) => kind === 'private' && to === hub.site))
  return sortedBy(privately.length > 0 ? privately : hubs, (hub) => `${distance(from, hub).toFixed(6)} ${hub.site}`)[0]
}

/** Degrees between two places, as a means to compare; 0 where one does not say where it is. */
function distance({ location: a }: Attachment, { location: b }: Attachment): number {
  if (!a || !b) return 0
  const east = (a[1] - b[1]) * Math.cos((((a[0] + b[0]) / 2) * Math.PI) / 180)
  return Math.hypot(a[0] - b[0], east)
}

/** An internet circuit whose addresses are known can carry tunnels. */
function carriesTunnels({ kind, to, addresses }: CircuitFacts): boolean {
  return kind === 'internet' && to === undefined && (addresses?.v4 ?? addresses?.v6) !== undefined
}

/**
 * The edge that a circuit lands on while none to the same place does: private ones on the first, which is the one that is active, internet ones on the other, so that losing an edge loses one of the two. The next to the same place
 * lands on the other edge. One that is plugged in stays where it is when others come or go.
 */
function landing(from: Attachment, { kind }: CircuitFacts): string | undefined {
  return from.devices.length === 2 ? from.devices[kind === 'private' ? 0 : 1] : undefined
}
