/** The constant choices of a target. */
import { callSites } from '#base/call-site.ts'
import type { Rule } from './target.ts'

/** Declares a constant choice of a target with its reason; the place is the line of this call, which is what `why` cites. */
export function rule(target: string, name: string, reason: string): Rule {
  return { origin: `rule ${target}/${name}`, reason, place: callSites(rule, () => true)[0]! }
}
