/** Traffic classes that gateways set on what comes in from a segment: speech first, and nobody else says so of himself. */
import type { MarkRule } from '#design/filter.ts'

/** Ports of speech (RTP) and of the signalling of calls (SIP, RFC 3261 §19.1.2), with their classes (RFC 4594 §4.1, §4.2). */
const VOICE: readonly Pick<MarkRule, 'service' | 'class'>[] = [
  { service: { protocol: 'udp', ports: [16384, 32767] }, class: 'ef' },
  { service: { protocol: 'udp', ports: [5060, 5061] }, class: 'cs3' },
  { service: { protocol: 'tcp', ports: [5060, 5061] }, class: 'cs3' },
]

/** The marks of a segment. */
export function classesOf(voice: boolean): readonly Pick<MarkRule, 'service' | 'class'>[] {
  return [...(voice ? VOICE : []), { class: 'cs0' }]
}
