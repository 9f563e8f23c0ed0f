/** JSON Schema of a company's YAML, so that editors complete and check it: a site's facts follow from its `standard@version`, and zones, services, sites and teams are enumerated. */
import { z } from 'zod'
import { byName } from '#base/order.ts'
import { schemaOf } from '#compile/check.ts'
import type { Company } from '#compile/company.ts'
import type { Reference } from '#model/fact.ts'
import { serviceFacts } from '#model/service.ts'
import { zonesOf } from '#standards/authoring/company.ts'
import { pinOf, type Standard } from '#standards/authoring/standard.ts'

type JsonSchema = Record<string, unknown>

/** The dialect that editors of YAML understand best. */
const DIALECT = 'http://json-schema.org/draft-07/schema#'

/** The schemas of the files in `sites/` and in `services/`. */
export function jsonSchemas(company: Company): { readonly site: JsonSchema; readonly service: JsonSchema } {
  const names: Record<Reference, readonly string[]> = {
    zone: zonesOf(company.declaration.zones).map((zone) => zone.name),
    site: company.sites.map((site) => site.name),
    service: company.services.map((service) => service.name),
    team: Object.keys(company.declaration.teams ?? {}),
  }
  const standards = company.declaration.standards.filter((standard): standard is Standard => standard.scope === 'site')
  const pins = standards.map(pinOf).sort(byName)
  return {
    site: {
      $schema: DIALECT,
      title: `a site of ${company.declaration.name}`,
      type: 'object',
      required: ['standard'],
      properties: { standard: { enum: pins } },
      allOf: standards.map((standard) => {
        const { $schema: _dialect, ...facts } = schema(schemaOf(standard), names)
        const properties = { ...(facts.properties as JsonSchema), standard: { const: pinOf(standard), description: standard.lessons.join('\n') } }
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        return { if: { properties: { standard: { const: pinOf(standard) } } }, then: { ...facts, properties } }
      }),
    },
    service: { ...schema(serviceFacts, names), $schema: DIALECT, title: `a service of ${company.declaration.name}` },
  }
}

function schema(of: z.ZodType, names: Record<Reference, readonly string[]>): JsonSchema {
  return z.toJSONSchema(of, {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      const reference = jsonSchema.reference as Reference | undefined
      if (!reference) return
      delete jsonSchema.reference
      const allowed = [...names[reference]].sort(byName)
      if (allowed.length > 0) {
        jsonSchema.enum = allowed
        delete jsonSchema.pattern
      }
    },
  }) as JsonSchema
}
