/** Where a call of the authoring API was made, in files that people wrote: the company's own, and the built-in standards. */
import { callSites } from '#base/call-site.ts'
import type { Place } from '#base/place.ts'

const authoring = callSites(callSites, () => true)[0]!.file.replace(/[^/]*$/, '')
const standards = authoring.replace(/authoring\/$/, '')
const program = standards.replace(/standards\/$/, '')

/** The frames above `below`, innermost first, down to where the compiler called: without the authoring API's own, and a line once where a callback stands on it. */
export function authoredAt(below: unknown): Place[] {
  const places: Place[] = []
  for (const place of callSites(below, () => true)) {
    if (place.file.startsWith(authoring)) continue
    if (place.file.startsWith(program) && !place.file.startsWith(standards)) break
    const inner = places[places.length - 1]
    if (inner?.file !== place.file || inner.line !== place.line) places.push(place)
  }
  return places
}
