/** Who reaches whom otherwise, as lines: the five largest of each sort, each with one packet. */
import { count, grouped } from '#base/units.ts'
import { isSameReach, type ReachLine, type ReachPlan, type Whom } from './diff-reach.ts'
import { line, type PlanLine, type Tone } from './plan-line.ts'

/** Lines of a sort that are told. */
const MOST = 5

/** Sites that are named, where several change alike. */
const SITES = 3

/** The lines. */
export function showReach(reach: ReachPlan, verbose: boolean): readonly PlanLine[] {
  const { opened, closed, rerouted, places, unchanged } = reach
  if (isSameReach(reach)) return [line('plain', `${'reach'.padEnd(14)}as before, from all ${count(places, 'place')}`)]
  return [
    ...showSort('newly allowed', 'add', opened, verbose),
    ...showSort('newly denied', 'remove', closed, verbose),
    ...showSort('re-routed', 'change', rerouted, verbose),
    line('plain', `${'unchanged'.padEnd(14)}${grouped(unchanged)} of ${count(places, 'place')}`),
  ]
}

function showSort(title: string, tone: Tone, lines: readonly ReachLine[], verbose: boolean): readonly PlanLine[] {
  if (lines.length === 0) return [line('plain', `${title.padEnd(14)}nothing`)]
  const told = verbose ? lines : lines.slice(0, MOST)
  return [
    line('plain', title),
    ...told.flatMap(({ from, to, services, hosts, packet, way }) => [
      line(tone, `  ${showWhom(from)}${hosts > 0 ? ` (≤${count(hosts, 'host')})` : ''} → ${showWhom(to)} ${services.join(' ')}`),
      line('quiet', `    ${packet}`),
      ...(way ? [line('quiet', `    ${showWay(way)}`)] : []),
    ]),
    ...(lines.length > told.length ? [line('quiet', `  … and ${grouped(lines.length - told.length)} more`)] : []),
  ]
}

/** `ber-office/users-3`, `users at 14 sites: abe-warehouse atl-office aus-office …`, `erp`. */
function showWhom({ name, sites, segments }: Whom): string {
  if (segments.length === 1) return segments[0]!
  if (segments.length === 0) return name
  const some = sites.length > SITES ? `${count(sites.length, 'site')}: ${sites.slice(0, SITES).join(' ')} …` : sites.join(' ')
  return `${name} at ${some}`
}

/** The devices of one way that are not on the other. */
function showWay({ before, after }: NonNullable<ReachLine['way']>): string {
  const [gone, come] = [before.filter((device) => !after.includes(device)), after.filter((device) => !before.includes(device))]
  if (come.length === 0) return `no more by ${gone.join(' ')}`
  return gone.length === 0 ? `by ${come.join(' ')} too` : `by ${come.join(' ')} in place of ${gone.join(' ')}`
}
