/** What a company standard asks with: circuits between the attachment points of sites. */
import { diagnose, Refusal } from '#base/diagnostic.ts'
import { portSpeed } from '#catalog/port-speed.ts'
import type { CircuitFacts } from '#model/site.ts'
import type { Attachment, Call, Carries, CircuitTerms, LinkAsk, Requirement } from './asks.ts'
import { authoredAt } from './call.ts'
import { originOf, plain, type Reads } from './facts-view.ts'
import { exchange, type Side } from './site-asking.ts'
import { type CompanyStandard, pinOf, refusal } from './standard.ts'

/** The asks of a company standard. */
export interface CompanyAsk {
  /** A circuit of `from` that ends at `to`: a routed hop with a BGP session per family, between one device of each. */
  circuit(from: Attachment, circuit: CircuitFacts, to: Attachment, options: { from?: Side; to?: Side; on?: string | undefined }): void
  /** A circuit of `from` whose other end is the carrier's: provider-assigned addresses, with a static default or BGP. */
  carrier(from: Attachment, circuit: CircuitFacts, options: { from?: Side; on?: string | undefined }): void
  /** A WireGuard tunnel from the device that holds `circuit` to the one that holds `over`: a routed hop with a BGP session per family. `from` calls. */
  tunnel(from: Attachment, circuit: CircuitFacts, to: Attachment, over: CircuitFacts, options: { from?: Side; to?: Side }): void
  /** Insists on something at a site that the company may waive by this name; see {@link Requirement}. */
  require(at: Attachment, name: string, met: boolean, reason: string): void
  /** Refuses what the standard can't build, at the fact in question. */
  refuse(circuit: CircuitFacts, reason: string): never
}

/** The links that company standards want, by the site whose circuit they run over. */
export type CompanyLinks = ReadonlyMap<string, readonly LinkAsk[]>

/** The name of a tunnel over a circuit to a site, over a circuit of it. */
export function tunnelName(circuit: string, to: string, over: string): string {
  return `${circuit}-${to}-${over}`
}

/** Collects the asks of one run of a company standard. */
export function companyAsking(
  by: CompanyStandard,
  reads: Reads,
): { ask: CompanyAsk; links: CompanyLinks; requirements: (Requirement & { readonly site: string })[]; calls: Call[] } {
  const links = new Map<string, LinkAsk[]>()
  const calls: Call[] = []
  const requirements: (Requirement & { readonly site: string })[] = []
  const taken = new Map<string, Call>()

  function add(below: unknown, from: Attachment, given: CircuitFacts, to: Attachment | undefined, carries: Carries, on?: string): void {
    const circuit = plain(given)
    const tunnel = carries.kind === 'tunnel'
    const name = tunnel ? tunnelName(circuit.id, to!.site, carries.over.b.id) : circuit.id
    const origin = `ask ${from.site} circuit ${name}`
    const places = authoredAt(below)
    const other = taken.get(origin)
    if (other) {
      throw new Refusal([
        diagnose(
          'duplicate-ask',
          { what: `circuit "${name}"`, site: from.site, standard: pinOf(by) },
          { place: places[0], notes: [{ message: 'asked for first here', place: other.places[0] }] },
        ),
      ])
    }
    const fact = originOf(given)
    const call = { origin, standard: pinOf(by), places, facts: [...(fact ? [fact] : []), ...reads.take()] }
    taken.set(origin, call)
    calls.push(call)
    // Circuits between the same two sites, or of one kind to carriers, share no device at either end.
    const end = (at: Attachment, apart: string) => ({ site: at.site, among: plain(at).devices, ...(tunnel ? {} : { apart }) })
    const a = { ...end(from, to?.site ?? circuit.kind), ...(on === undefined ? {} : { prefer: on }) }
    const b = to ? { b: end(to, from.site) } : {}
    const link: LinkAsk = { name, a, ...b, speed: portSpeed(circuit.bandwidth), carries, ...(tunnel ? {} : { circuit: termsOf(circuit) }), why: [origin] }
    links.set(from.site, [...(links.get(from.site) ?? []), link])
  }

  const ask: CompanyAsk = {
    circuit(from, circuit, to, options) {
      add(ask.circuit, from, circuit, to, { kind: 'route', a: exchange(options.from), b: exchange(options.to) }, options.on)
    },
    carrier(from, circuit, options) {
      add(ask.carrier, from, circuit, undefined, { kind: 'carrier', a: exchange(options.from) }, options.on)
    },
    tunnel(from, circuit, to, over, options) {
      const carries = {
        kind: 'tunnel',
        a: exchange(options.from),
        b: exchange(options.to),
        over: { a: termsOf(plain(circuit)), b: termsOf(plain(over)) },
      } as const
      add(ask.tunnel, from, circuit, to, carries)
    },
    require(at, name, met, reason) {
      const origin = `ask ${at.site} requirement ${name}`
      calls.push({ origin, standard: pinOf(by), places: authoredAt(ask.require), facts: reads.take() })
      requirements.push({ site: at.site, name, met, reason, why: [origin] })
    },
    refuse(circuit, reason) {
      throw new Refusal([refusal(by, reason, originOf(circuit), authoredAt(ask.refuse)[0])])
    },
  }
  return { ask, links, requirements, calls }
}

function termsOf({ id, carrier, kind, vlan, mtu, asn, addresses }: CircuitFacts): CircuitTerms {
  return { id, carrier, kind, vlan, mtu, asn, addresses }
}
