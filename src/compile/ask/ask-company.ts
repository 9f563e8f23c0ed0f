/** Runs the company standards over the attachment points that the sites export. */
import { type Diagnostic, Refusal } from '#base/diagnostic.ts'
import { sortedBy } from '#base/order.ts'
import type { Attachment, Call, LinkAsk, Requirement } from '#standards/authoring/asks.ts'
import { companyAsking } from '#standards/authoring/company-asking.ts'
import { factsView, recorder } from '#standards/authoring/facts-view.ts'
import type { CompanyStandard } from '#standards/authoring/standard.ts'
import { factOrigin } from '../company.ts'
import { thrownBy, unlessAsync } from './thrown.ts'

/** What a company standard wants, by the site that it wants it of. */
export interface CompanyAsked {
  readonly links: ReadonlyMap<string, readonly LinkAsk[]>
  readonly requirements: readonly (Requirement & { readonly site: string })[]
  readonly calls: readonly Call[]
  readonly diagnostics: readonly Diagnostic[]
}

/** The links that a company standard asks for between the attachment points. `fileOf` gives a site's file, where its circuits are facts. */
export function askCompany(standard: CompanyStandard, attachments: readonly Attachment[], fileOf: (site: string) => string): CompanyAsked {
  const reads = recorder()
  const views = sortedBy(attachments, (point) => `${point.site} ${point.name}`).map((point) => {
    const circuits = sortedBy(point.circuits, (circuit) => circuit.id)
    return { ...point, circuits: factsView(circuits, factOrigin(fileOf(point.site), 'circuits'), reads.record) }
  })
  const { ask, links, requirements, calls } = companyAsking(standard, reads)
  try {
    const late = unlessAsync(standard.design(views, ask), standard)
    const sorted = new Map([...links].map(([site, of]) => [site, sortedBy(of, (link) => link.name)]))
    return { links: sorted, requirements, calls, diagnostics: late }
  } catch (thrown) {
    return {
      links: new Map(),
      requirements: [],
      calls,
      diagnostics: thrown instanceof Refusal ? thrown.diagnostics : [thrownBy(thrown, standard, 'the company')],
    }
  }
}
