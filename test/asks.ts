/** Runs a standard for facts as YAML has them, for tests of standards. */
import assert from 'node:assert/strict'
import { askSite } from '#compile/ask/ask-site.ts'
import { schemaOf } from '#compile/check.ts'
import type { SiteFacts } from '#model/site.ts'
import type { Asks } from '#standards/authoring/asks.ts'
import { pinOf, type Standard } from '#standards/authoring/standard.ts'

/** The asks of a standard for these facts, which must pass its schema. Throws the diagnostics if there are any. */
export function asksOf(standard: Standard, facts: object, zones: readonly string[]): Asks {
  const read = schemaOf(standard).safeParse({ standard: pinOf(standard), city: 'Boston', country: 'US', ...facts })
  assert.ok(read.success, read.error?.message)
  const asked = askSite({ name: 'here', file: 'sites/here.yaml', standard, facts: read.data as SiteFacts }, new Set(zones))
  if (asked.diagnostics.length > 0) throw new Error(asked.diagnostics.map((diagnostic) => diagnostic.message).join('\n'))
  return asked.asks
}
