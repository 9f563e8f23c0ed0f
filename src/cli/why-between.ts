/** `netwright why A B`: whether A gets to B, over which devices, by which rules and routes or against which obstacles, with where each comes from. */
import { diagnose } from '#base/diagnostic.ts'
import { showPlace } from '#base/place.ts'
import { count } from '#base/units.ts'
import { parsePort } from '#model/port.ts'
import { showReach } from '#planner/show-reach.ts'
import { waysBetween } from '#proofs/between.ts'
import { explainWays } from '#workspace/explain-way.ts'
import { prover } from '#workspace/prove.ts'
import { nearestFlow, type Opening, type Writing, wouldOpen } from '#workspace/would-open.ts'
import { buildCompany, EXIT, refuse, type Shared } from './session.ts'
import { showWay } from './show-way.ts'
import { say, sayJson, tone } from './terminal.ts'

/** Runs the verb. `to` may end in a port, `:443` or `:53/udp`; without one it is what a service listens on first, else a ping. Ends with 1 when nothing gets there. */
export async function whyBetween(from: string, to: string, options: Shared & { readonly company?: string; readonly all?: boolean }): Promise<void> {
  const session = await buildCompany(options.company ?? '.', options)
  if (!session) return
  const { workspace, built } = session
  const proofOf = prover()
  const proof = proofOf(built)
  if (!proof.ok) {
    refuse(proof.diagnostics, options.json)
    return
  }
  const { name, port } = targetOf(to)
  const service = port === undefined ? undefined : (parsePort(port) ?? parsePort(`${port}/tcp`))
  if (port !== undefined && !service) {
    refuse([diagnose('bad-port', {}, { value: port, allowed: ['443', '443/tcp', '8000-8099/udp', 'icmp'] })], options.json)
    return
  }
  const asked = { from, to: name, ...(service ? { service } : {}) }
  const found = waysBetween(proof.value, asked)
  if ('nobody' in found) {
    refuse([diagnose('nothing-there', { subject: found.nobody }, { value: found.nobody })], options.json)
    return
  }
  const { ways } = found
  const isClosed = ways.length === 0 || ways.some(({ arrives }) => !arrives)
  if (isClosed) process.exitCode = EXIT.refused
  const opening = isClosed ? wouldOpen(workspace, built, proofOf, proof.value, asked) : undefined
  // Where no filter drops it, what is missing is no policy.
  const near = ways.some(({ gates }) => gates.some(({ passes }) => !passes)) ? nearestFlow(proof.value, asked) : undefined
  const said = near?.why[0] === undefined ? undefined : built.places(near.why[0]).place
  const told = explainWays(workspace, built, ways)
  if (options.json) {
    const nearest = near && { id: near.id, owner: near.owner, ...(said ? { place: said } : {}) }
    sayJson({ ok: true, ways: told, ...(nearest ? { nearest } : {}), ...(opening ? { opening } : {}) })
    return
  }
  for (const [index, way] of told.entries()) {
    if (index > 0) say()
    for (const line of showWay(way, options.all === true)) say(line)
  }
  if (!isClosed) return
  if (near) say(`no policy allows it; nearest: ${near.id}${said ? `  ${showPlace(said)}` : ''}`)
  for (const line of describeOpening(opening)) say(line)
}

function describeOpening(opening: Opening | undefined): readonly string[] {
  if (!opening) return ['no policy and no need alone would open it']
  const { reach, breaks } = opening
  const others = showReach(reach, false).map((line) => `  ${tone(line.tone, line.text)}`)
  const broken = breaks.slice(0, MOST_BROKEN).map(({ id, place }) => tone('remove', `  ✗ it would break: ${id}${place ? `  ${showPlace(place)}` : ''}`))
  return [
    `would open it: ${describeWriting(opening)}`,
    ...opening.others.map((other) => `  so would, and no more: ${describeWriting(other)}`),
    ...others,
    ...broken,
    ...(breaks.length > MOST_BROKEN ? [`  and ${count(breaks.length - MOST_BROKEN, 'other claim')}`] : []),
  ]
}

/** `company.ts:30:1 ports: ['443/tcp', '8443/tcp'] in place of ports: ['443/tcp']`; of a new statement that alone. */
function describeWriting({ place, code, was }: Writing): string {
  if (!place) return code
  return `${showPlace(place)} ${code}${was === undefined ? '' : ` in place of ${was}`}`
}

/** Claims that are told of those that would break. */
const MOST_BROKEN = 5

/** `erp:443`, `ber-office/users-3:53/udp`, `10.0.0.1:22`; an address of IPv6 with a port stands in brackets. */
function targetOf(text: string): { readonly name: string; readonly port?: string | undefined } {
  const bracketed = /^\[([^\]]+)\](?::(.+))?$/.exec(text)
  const [, name = text, port] = bracketed ?? (text.includes('::') || text.split(':').length > 2 ? [] : (/^([^:]+):(.+)$/.exec(text) ?? []))
  return { name, port }
}
