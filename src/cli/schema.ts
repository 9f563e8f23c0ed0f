/** `netwright schema`: JSON Schema of a company's YAML. */

import { jsonSchemas } from '#workspace/json-schema.ts'
import { buildCompany } from './session.ts'
import { sayJson } from './terminal.ts'

/** Runs the verb: both schemas, or the one of a kind of file. */
export async function schema(folder: string, options: { readonly kind?: 'site' | 'service'; readonly json?: boolean }): Promise<void> {
  const session = await buildCompany(folder, options)
  if (!session) return
  const schemas = jsonSchemas(session.built.company)
  if (options.kind) sayJson(schemas[options.kind])
  else sayJson({ $schema: schemas.site.$schema, oneOf: [{ $ref: '#/$defs/site' }, { $ref: '#/$defs/service' }], $defs: schemas })
}
