/** What the compiler is given: a company, read and checked for form. */
import type { Origin } from '#base/place.ts'
import type { Catalog } from '#catalog/catalog.ts'
import type { Abilities } from '#design/capability.ts'
import type { Lifecycle } from '#design/device.ts'
import type { ServiceFacts } from '#model/service.ts'
import type { SiteFacts } from '#model/site.ts'
import type { CompanyDeclaration } from '#standards/authoring/company.ts'
import type { Standard } from '#standards/authoring/standard.ts'

/** A site as the passes see it. Of its standard they see which it is, and none of its code: an edit there that changes no ask concerns none of them. */
export interface Site {
  readonly name: string
  /** Relative to the company folder; origins of its facts begin with `fact FILE#`. */
  readonly file: string
  readonly standard: Pick<Standard, 'name' | 'version' | 'kind'>
  readonly facts: SiteFacts
}

/** A site as read: its facts have passed the schema of its standard. */
export interface ReadSite extends Site {
  readonly standard: Standard
}

/** A service as read. */
export interface ServiceSite {
  readonly name: string
  readonly file: string
  readonly facts: ServiceFacts
}

/** A target as the compiler sees it: what it can do. How it prints is no affair of the compiler. */
export interface TargetAbilities {
  readonly name: string
  readonly can: Abilities
}

/** All that is compiled. */
export interface Company {
  readonly declaration: CompanyDeclaration
  readonly sites: readonly ReadSite[]
  readonly services: readonly ServiceSite[]
  readonly catalog: Catalog
  readonly targets: readonly TargetAbilities[]
}

/** The zone that a site's loopbacks and links are in; no segment is. */
export const INFRASTRUCTURE = 'infrastructure'

/** The origin of a fact: `fact sites/ber-office.yaml#/seats`. */
export function factOrigin(file: string, ...path: readonly string[]): Origin {
  return `fact ${file}#${path.map((part) => `/${part}`).join('')}`
}

/** Whether something planned is promised to nobody yet; what is active or on its way out is in use. */
export function stateOf(status: Lifecycle | undefined): 'planned' | 'active' {
  return status === 'planned' ? 'planned' : 'active'
}
