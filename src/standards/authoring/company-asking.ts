/** What a company standard asks with: circuits between the attachment points of sites. */
import { diagnose, Refusal } from '#base/diagnostic.ts'
import type { CircuitFacts } from '#model/site.ts'
import type { Attachment, Call, Carries, LinkAsk } from './asks.ts'
import { authoredAt } from './call.ts'
import { originOf, plain, type Reads } from './facts-view.ts'
import { exchange, type Side } from './site-asking.ts'
import { type CompanyStandard, pinOf, refusal } from './standard.ts'

/** The asks of a company standard. */
export interface CompanyAsk {
  /** A circuit of `from` that ends at `to`: a routed hop with a BGP session per family, between one device of each. */
  circuit(from: Attachment, circuit: CircuitFacts, to: Attachment, options: { from?: Side; to?: Side }): void
  /** A circuit of `from` whose other end is the carrier's: provider-assigned addresses, with a static default or BGP. */
  carrier(from: Attachment, circuit: CircuitFacts, options: { from?: Side }): void
  /** Refuses what the standard can't build, at the fact in question. */
  refuse(circuit: CircuitFacts, reason: string): never
}

/** The links that company standards want, by the site whose circuit they run over. */
export type CompanyLinks = ReadonlyMap<string, readonly LinkAsk[]>

/** Collects the asks of one run of a company standard. */
export function companyAsking(by: CompanyStandard, reads: Reads): { ask: CompanyAsk; links: CompanyLinks; calls: Call[] } {
  const links = new Map<string, LinkAsk[]>()
  const calls: Call[] = []
  const taken = new Map<string, Call>()

  function add(below: unknown, from: Attachment, given: CircuitFacts, to: Attachment | undefined, carries: Carries): void {
    const circuit = plain(given)
    const origin = `ask ${from.site} circuit ${circuit.id}`
    const places = authoredAt(below)
    const other = taken.get(origin)
    if (other) {
      throw new Refusal([
        diagnose(
          'duplicate-ask',
          { what: `circuit "${circuit.id}"`, site: from.site, standard: pinOf(by) },
          { place: places[0], notes: [{ message: 'asked for first here', place: other.places[0] }] },
        ),
      ])
    }
    const fact = originOf(given)
    const call = { origin, standard: pinOf(by), places, facts: [...(fact ? [fact] : []), ...reads.take()] }
    taken.set(origin, call)
    calls.push(call)
    const end = (at: Attachment) => ({ site: at.site, among: plain(at).devices })
    const link: LinkAsk = { name: circuit.id, a: end(from), ...(to ? { b: end(to) } : {}), speed: circuit.bandwidth, carries, circuit, why: [origin] }
    links.set(from.site, [...(links.get(from.site) ?? []), link])
  }

  const ask: CompanyAsk = {
    circuit(from, circuit, to, options) {
      add(ask.circuit, from, circuit, to, { kind: 'route', a: exchange(options.from), b: exchange(options.to) })
    },
    carrier(from, circuit, options) {
      add(ask.carrier, from, circuit, undefined, { kind: 'carrier', a: exchange(options.from) })
    },
    refuse(circuit, reason) {
      throw new Refusal([refusal(by, reason, originOf(circuit), authoredAt(ask.refuse)[0])])
    },
  }
  return { ask, links, calls }
}
