/** Where a call of the authoring API was made, in files that people wrote: the company's own, and the built-in standards. */
import { callSites } from '#base/call-site.ts'
import type { Place } from '#base/place.ts'

const authoring = callSites(callSites, () => true)[0]!.file.replace(/[^/]*$/, '')
const standards = authoring.replace(/authoring\/$/, '')
const program = standards.replace(/standards\/$/, '')

/** The frames above `below`, innermost first, without the authoring API's own and the compiler's. */
export function authoredAt(below: unknown): Place[] {
  return callSites(below, (file) => !file.startsWith(program) || (file.startsWith(standards) && !file.startsWith(authoring)))
}
