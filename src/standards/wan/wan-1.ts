/**
 * wan@1: a company standard. Every site reaches the company over its private circuits, by eBGP: point-to-point circuits end at an edge of the site that they name, carrier VPNs at
 * the carrier. Sites say only what is theirs, hubs (data centres) the whole company as one summary; no site carries traffic between others unless it is a hub. Internet circuits give a way out and carry nothing of the company.
 */
import { suggest } from '#base/suggest.ts'
import { companyStandard } from '../authoring/standard.ts'

export const wan1 = companyStandard('wan', 1, {
  lessons: ['1: a new office is a new file: hubs announce the company as one summary, so no router elsewhere learns of it'],
  design(attachments, ask) {
    const points = new Map(attachments.filter((point) => point.name === 'wan').map((point) => [point.site, point]))
    for (const from of points.values()) {
      const said = from.hub ? (['site', 'company', 'default'] as const) : (['site'] as const)
      for (const circuit of from.circuits) {
        if (circuit.to === undefined) {
          ask.carrier(from, circuit, { from: { announce: circuit.kind === 'private' ? said : [], accept: 'foreign' } })
          continue
        }
        const to = points.get(circuit.to)
        if (!to || to === from) {
          const near = suggest(
            circuit.to,
            [...points.keys()].filter((site) => site !== from.site),
          )
          return ask.refuse(
            circuit,
            `circuit "${circuit.id}" of ${from.site} goes to "${circuit.to}", which is no other site on the WAN${near ? `; did you mean "${near}"?` : ''}`,
          )
        }
        const both = from.hub && to.hub
        const side = (at: typeof from, other: typeof from) => ({
          announce: both ? (['site', 'learned'] as const) : at.hub ? (['company', 'default'] as const) : (['site'] as const),
          accept: at.hub && !other.hub ? ('their-site' as const) : ('foreign' as const),
        })
        ask.circuit(from, circuit, to, { from: side(from, to), to: side(to, from) })
      }
    }
  },
})
