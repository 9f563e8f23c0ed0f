/** How full links get, for people and for machines: those that are asked for more than they carry, or else the fullest. */
import { count, showBandwidth } from '#base/units.ts'
import type { Fullest } from '#proofs/failures/fullest.ts'
import { tone } from './terminal.ts'

/** Links over capacity that are told. */
const MOST = 10

/** One direction of a link as plain data, bandwidth and loads in bit/s. */
export function plainLink({ link, direction, bandwidth, atRest, load, failure }: Fullest) {
  return { link, direction, bandwidth, atRest, load, ...(failure ? { failure } : {}) }
}

/** The lines of all links; none where nobody says what is asked of them. */
export function showLinks(links: readonly Fullest[]): readonly string[] {
  const sorted = links.filter(({ load }) => load > 0).sort((a, b) => b.load / b.bandwidth - a.load / a.bandwidth)
  const over = sorted.filter(({ load, bandwidth }) => load > bandwidth)
  if (over.length > 0) return [tone('change', `  ${count(over.length, 'link direction')} over capacity; the most:`), ...over.slice(0, MOST).map(lineOf)]
  return sorted.length > 0 ? [tone('add', '✓ no link is over capacity; the fullest:'), ...sorted.slice(0, 1).map(lineOf)] : []
}

function lineOf({ link, direction, bandwidth, atRest, load, failure }: Fullest): string {
  const percent = (of: number) => `${Math.round((of / bandwidth) * 100)} %`
  return `    ${link} ${direction}: ${percent(load)} of ${showBandwidth(bandwidth)}${failure ? ` without ${failure.kind} ${failure.id}, ${percent(atRest)}` : ''} at rest`
}
