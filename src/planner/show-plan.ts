/**
 * A plan as a person reads it: lines of text, each with the tone that a terminal gives a colour and a page a class. Sites that come, go and change; then the devices whose
 * files change, alike ones together; then services, addresses and money.
 */
import { byName } from '#base/order.ts'
import { count, grouped, showMoney } from '#base/units.ts'
import { showDays } from './fields.ts'
import { type AddressChange, type Changes, type FixedCost, isEmptyPlan, type Plan, type SitePlan } from './plan.ts'
import { atMost, line, namesOf, type PlanLine, showFields, type Tone } from './plan-line.ts'
import { showGroups } from './show-groups.ts'
import { showReach } from './show-reach.ts'

/** The kinds of nodes in a site, in the order in which they are told, with how one is called. */
const KINDS = [
  ['zones', 'zone'],
  ['segments', 'segment'],
  ['racks', 'rack'],
  ['devices', 'device'],
  ['cables', 'cable'],
  ['handovers', 'hand-over'],
  ['circuits', 'circuit'],
] as const satisfies readonly (readonly [keyof SitePlan, string])[]

/** The lines of a plan. `verbose` adds the lines of the files that change, and leaves no list short. */
export function showPlan(plan: Plan, { verbose = false }: { readonly verbose?: boolean } = {}): PlanLine[] {
  if (isEmptyPlan(plan)) return [line('quiet', 'nothing changes')]
  const sites = (how: SitePlan['how']) => plan.sites.filter((site) => site.how === how)
  return [
    ...(plan.fields.length > 0 ? [line('change', `~ company   ${showFields(plan.fields)}`)] : []),
    ...sites('added').flatMap((site) => showWhole(site, 'added')),
    ...sites('removed').flatMap((site) => showWhole(site, 'removed')),
    ...[...Map.groupBy(sites('changed'), likenessOf).values()].flatMap((alike) =>
      alike.length > 1 ? showAlike(alike, verbose) : showChanged(alike[0]!, verbose),
    ),
    ...showGroups(plan, verbose),
    ...showChanges('service', plan.services, '', (id) => id.slice('service/'.length), verbose),
    ...(plan.reach ? showReach(plan.reach, verbose) : []),
    ...showCost(plan),
    ...showAddresses('shrunk', plan.addresses.shrunk, verbose),
    ...showAddresses('grown', plan.addresses.grown, verbose),
    ...(plan.addresses.renumbered.length > 0
      ? showAddresses('renumbered', plan.addresses.renumbered, verbose)
      : [line('plain', `${'renumbered'.padEnd(13)}nothing`)]),
  ]
}

/** A site that comes or goes, in two lines. */
function showWhole(site: SitePlan, how: 'added' | 'removed'): PlanLine[] {
  const cost = how === 'added' ? site.cost.after : site.cost.before
  const circuits = site.circuits[how].length
  const parts = [
    count(site.devices[how].length, 'device'),
    count(site.cables[how].length, 'cable'),
    `${count(circuits, 'circuit')}${circuits > 0 ? ` (${showCosts(cost)})` : ''}`,
    ...showFirstDay(site),
  ]
  const [tone, sign] = how === 'added' ? (['add', '+'] as const) : (['remove', '-'] as const)
  const seats = site.seats > 0 ? `, ${count(site.seats, 'seat')}` : ''
  return [line(tone, `${sign} site ${site.id}   ${site.standard}${seats}`), line('plain', `    ${parts.join(' · ')}`)]
}

function showFirstDay({ firstDay, id }: SitePlan): string[] {
  if (!firstDay) return []
  const { date, critical, unknown } = firstDay
  const path = [
    ...(critical ? [`critical path: ${shortId(id, critical.circuit)}, ${showDays(critical.leadTime)}`] : []),
    ...(unknown.length > 0 ? [`lead time of ${unknown.map((circuit) => shortId(id, circuit)).join(', ')} unknown`] : []),
  ]
  return [`first day ${date}${path.length > 0 ? ` (${path.join('; ')})` : ''}`]
}

/** A site that changes; nothing when only what its devices are told does, which is told with their files. */
function showChanged(site: SitePlan, verbose: boolean): PlanLine[] {
  const lines = KINDS.flatMap(([kind, noun]) => showChanges(noun, site[kind], '    ', (id) => shortId(site.id, id), verbose))
  if (lines.length === 0 && site.fields.length === 0) return []
  return [line('change', `~ site ${site.id}   ${site.fields.length > 0 ? showFields(site.fields) : site.standard}`), ...lines]
}

/** One way in which nodes of a site change: they come, they go, or a member of them becomes something else; and how many do. */
interface Form {
  readonly tone: Tone
  readonly text: string
  readonly nodes: number
}

/** What changes at a site, in general: nodes without their names. */
function formsOf(site: SitePlan): Form[] {
  return KINDS.flatMap(([kind, noun]): Form[] => {
    const { added, removed, changed } = site[kind]
    const members = Map.groupBy(
      changed.filter(({ fields }) => fields.length > 0),
      ({ fields }) => showFields(fields),
    )
    return [
      ...(added.length > 0 ? [{ tone: 'add' as const, text: `+ ${noun}`, nodes: added.length }] : []),
      ...(removed.length > 0 ? [{ tone: 'remove' as const, text: `- ${noun}`, nodes: removed.length }] : []),
      ...[...members].map(([text, of]) => ({ tone: 'change' as const, text: `~ ${noun}   ${text}`, nodes: of.length })).sort((a, b) => byName(a.text, b.text)),
    ]
  })
}

/** Equal for sites that change alike. */
function likenessOf(site: SitePlan): string {
  return JSON.stringify([site.fields, formsOf(site).map(({ text }) => text)])
}

/** Sites that change alike, once for all, with how many nodes each form concerns. */
function showAlike(sites: readonly SitePlan[], verbose: boolean): PlanLine[] {
  const { fields } = sites[0]!
  const forms = Map.groupBy(sites.flatMap(formsOf), ({ text }) => text)
  if (forms.size === 0 && fields.length === 0) return []
  return [
    line('change', `~ ${count(sites.length, 'site')} change alike${fields.length > 0 ? `   ${showFields(fields)}` : ''}`),
    line(
      'plain',
      `    ${namesOf(
        sites.map(({ id }) => id),
        verbose,
      )}`,
    ),
    ...[...forms].map(([text, of]) => line(of[0]!.tone, `    ${text}   ${grouped(of.reduce((sum, { nodes }) => sum + nodes, 0))} in all`)),
  ]
}

/** Nodes of a kind: those that come in one line, those that go in one, and one for each that changes. */
function showChanges(noun: string, changes: Changes, indent: string, name: (id: string) => string, verbose: boolean): PlanLine[] {
  const total = (ids: readonly string[]) => `${count(ids.length, noun)}   ${namesOf(ids.map(name), verbose)}`
  const changed = changes.changed.filter(({ fields }) => fields.length > 0)
  return [
    ...(changes.added.length > 0 ? [line('add', `${indent}+ ${total(changes.added)}`)] : []),
    ...(changes.removed.length > 0 ? [line('remove', `${indent}- ${total(changes.removed)}`)] : []),
    ...atMost(
      changed.map(({ id, fields }) => line('change', `${indent}~ ${noun} ${name(id)}   ${showFields(fields)}`)),
      `${indent}  `,
      verbose,
    ),
  ]
}

/** The name of a node inside its site. */
function shortId(site: string, id: string): string {
  return id.slice(site.length + 1).replace(/^(zone|circuit)\//, '')
}

function showAddresses(how: string, changes: readonly AddressChange[], verbose: boolean): PlanLine[] {
  if (changes.length === 0) return []
  const lines = changes.map(({ id, what, before, after }) => {
    const words = before.length === 0 ? ['+', ...after] : after.length === 0 ? ['-', ...before] : [...before, '→', ...after]
    return line('change', `  ${what} ${id}   ${words.join(' ')}`)
  })
  return [line('plain', `${how.padEnd(13)}${grouped(changes.length)}`), ...atMost(lines, '  ', verbose)]
}

function showCost({ cost }: Plan): PlanLine[] {
  const [before, after] = [showCosts(cost.before), showCosts(cost.after)]
  return before === after ? [] : [line('plain', `${'circuits'.padEnd(13)}${before} → ${after}`)]
}

/** `1,680 EUR/month + 2 of unknown price`. */
function showCosts({ sums, unknown }: FixedCost): string {
  const parts = [...sums.map(showMoney), ...(unknown > 0 ? [`${grouped(unknown)} of unknown price`] : [])]
  return parts.length > 0 ? parts.join(' + ') : 'nothing'
}
