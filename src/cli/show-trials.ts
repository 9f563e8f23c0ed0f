/** What single failures cost, for people and for machines: those that cost nobody anything are counted, those that cost most told. */
import { count, grouped } from '#base/units.ts'
import type { Trial } from '#proofs/failures/trial.ts'
import type { Proof } from '#proofs/proof.ts'
import { tone } from './terminal.ts'

/** Failures of a sort that are told. */
const MOST = 5

/** Places and flows that are told of one failure. */
const MOST_OF_ONE = 3

/** A trial as plain data. */
export function plainTrial({ failure: { kind, id }, cutOff, lost, leaks, unstable }: Trial) {
  return {
    kind,
    id,
    cutOff: cutOff.map((place) => place.id),
    lost: lost.map(({ tried, place, counter }) => ({ flow: tried.id, from: place.id, counter })),
    leaks: leaks.map(({ place, counter }) => ({ from: place.id, counter })),
    unstable,
  }
}

/** The lines of all trials. */
export function showTrials(proof: Proof, trials: readonly Trial[]): readonly string[] {
  const leaking = trials.filter(({ leaks }) => leaks.length > 0)
  const restless = trials.filter(({ unstable }) => unstable.length > 0)
  const costly = trials.filter(({ lost }) => lost.length > 0).sort((a, b) => b.lost.length - a.lost.length)
  const cutting = trials
    .filter(({ lost, cutOff }) => lost.length === 0 && cutOff.length > 0)
    .map((trial) => ({ trial, hosts: hostsOf(proof, trial) }))
    .sort((a, b) => b.hosts - a.hosts)
  const quiet = trials.length - costly.length - cutting.length
  return [
    tone('strong', `${grouped(trials.length)} single failures`),
    tone('add', `✓ ${grouped(quiet)} cost nobody anything`),
    ...(cutting.length > 0 ? [tone('plain', `  ${grouped(cutting.length)} cut off what hangs on them and nothing else; the most:`)] : []),
    ...cutting
      .slice(0, MOST)
      .map(({ trial: { failure, cutOff }, hosts }) => `    ${failure.kind} ${failure.id}: ${count(hosts, 'host')}, ${namesOf(cutOff.map(({ id }) => id))}`),
    ...(costly.length > 0 ? [tone('change', `  ${grouped(costly.length)} stop something for others; the most:`)] : []),
    ...costly.slice(0, MOST).flatMap(costOf),
    ...leaking.flatMap(({ failure, leaks }) => [
      tone('remove', `✗ without ${failure.kind} ${failure.id}, ${count(leaks.length, 'place')} gets somewhere that nothing allows`),
      ...leaks.slice(0, MOST_OF_ONE).map(({ place, counter }) => `    from ${place.id}: ${counter.packet ?? ''} ${counter.says}`),
    ]),
    ...restless.map(({ failure, unstable }) =>
      tone('remove', `✗ without ${failure.kind} ${failure.id}, routers do not agree on ${count(unstable.length, 'prefix', 'prefixes')}`),
    ),
  ]
}

function costOf({ failure, lost, cutOff }: Trial): readonly string[] {
  const flows = Map.groupBy(lost, ({ tried }) => tried.id)
  return [
    `    ${failure.kind} ${failure.id}: ${count(flows.size, 'flow')} from ${count(new Set(lost.map(({ place }) => place)).size, 'place')}${cutOff.length > 0 ? `, and cuts off ${namesOf(cutOff.map(({ id }) => id))}` : ''}`,
    ...[...flows]
      .slice(0, MOST_OF_ONE)
      .flatMap(([flow, of]) => [
        `      ${flow} from ${namesOf(of.map(({ place }) => place.id))}`,
        ...of.slice(0, 1).map(({ counter }) => `        ${counter.packet === undefined ? '' : `${counter.packet}  `}${counter.says}`),
      ]),
    ...(flows.size > MOST_OF_ONE ? [`      and ${count(flows.size - MOST_OF_ONE, 'other flow')}`] : []),
  ]
}

function namesOf(names: readonly string[]): string {
  return `${names.slice(0, MOST_OF_ONE).join(', ')}${names.length > MOST_OF_ONE ? ` and ${grouped(names.length - MOST_OF_ONE)} more` : ''}`
}

/** Hosts that the segments which are cut off were asked to have room for. */
function hostsOf({ design }: Proof, { cutOff }: Trial): number {
  const names = new Set(cutOff.map(({ id }) => id))
  return design.sites.flatMap(({ segments }) => segments.filter(({ id }) => names.has(id))).reduce((sum, { hosts }) => sum + hosts, 0)
}
