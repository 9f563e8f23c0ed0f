/**
 * Devices whose files change, those that change alike together: the same rules, and in each file the same stretches, as many lines in each, every line beginning with the same
 * word. Addresses and names may differ, which is what they do between devices of a pair.
 */
import { byName, sortedBy } from '#base/order.ts'
import { count, grouped } from '#base/units.ts'
import type { Hunk } from './diff-lines.ts'
import type { DeviceChange, FilePlan, Plan } from './plan.ts'
import { atMost, line, namesOf, type PlanLine, showFields, type Tone } from './plan-line.ts'

/** A device that both designs have, with what changes of what it is told. */
interface Touched {
  readonly id: string
  readonly change?: DeviceChange
  readonly files: readonly FilePlan[]
}

/** The lines of all groups. With `verbose`, the lines that change, and the files of devices that come or go. */
export function showGroups(plan: Plan, verbose: boolean): PlanLine[] {
  const comeOrGo = new Set(plan.sites.flatMap(({ devices }) => [...devices.added, ...devices.removed]))
  const groups = Map.groupBy(touchedBy(plan, comeOrGo), likenessOf)
  const whole = verbose ? plan.files.filter(({ device }) => comeOrGo.has(device)) : []
  return [
    ...[...groups.values()].flatMap((group) => showGroup(group, verbose)),
    ...whole.map(({ path, how, added, removed }) =>
      how === 'added' ? line('add', `+ ${path}   ${count(added, 'line')}`) : line('remove', `- ${path}   ${count(removed, 'line')}`),
    ),
  ]
}

function touchedBy({ sites, files }: Plan, comeOrGo: ReadonlySet<string>): Touched[] {
  const told = sites.flatMap(({ devices }) => devices.changed.filter(({ parts }) => parts.length > 0))
  const changeOf = new Map(told.map((change) => [change.id, change]))
  const filesOf = Map.groupBy(
    files.filter(({ device }) => !comeOrGo.has(device)),
    ({ device }) => device,
  )
  return [...new Set([...changeOf.keys(), ...filesOf.keys()])].sort(byName).map((id) => {
    const change = changeOf.get(id)
    return { id, ...(change ? { change } : {}), files: filesOf.get(id) ?? [] }
  })
}

/** Equal for devices that change alike. */
function likenessOf({ change, files }: Touched): string {
  const words = (lines: readonly string[]) => lines.map((text) => /^\s*(\S*)/.exec(text)![1]!.replace(/.*\d.*/, '#'))
  const shapes = files.map((file) => [fileName(file), file.how, file.hunks.map(({ removed, added }) => [words(removed), words(added)])])
  const sets = change?.sets.map(({ name, added, removed }) => [name, added.length, removed.length])
  return JSON.stringify([change?.rules, sets, files.length === 0 && change?.parts, shapes])
}

function showGroup(group: readonly Touched[], verbose: boolean): PlanLine[] {
  const { change, files } = group[0]!
  const names = namesOf(
    group.map(({ id }) => id),
    verbose,
  )
  const each = group.length > 1 ? ' each' : ''
  const what = files.length > 0 ? `${count(touchedLines(files), 'line')}${each}` : `${change!.parts.join(', ')}, in no file`
  const { added = [], removed = [], changed = [] } = change?.rules ?? {}
  const sets = (change?.sets ?? []).map((set) => {
    const signs = [...(set.added.length > 0 ? [`+${grouped(set.added.length)}`] : []), ...(set.removed.length > 0 ? [`-${grouped(set.removed.length)}`] : [])]
    return line('change', `~ ${set.name}   ${signs.join(' ')} ${set.added.length + set.removed.length === 1 ? 'prefix' : 'prefixes'}`)
  })
  return [
    line('change', `~ ${names}   ${what}`),
    ...titled('rules', verbose, [
      ...added.map((id) => line('add', `+ ${id}`)),
      ...removed.map((id) => line('remove', `- ${id}`)),
      ...changed.map(({ id, fields }) => line('change', `~ ${id}   ${showFields(fields)}`)),
    ]),
    ...titled('sets', verbose, sets),
    ...(verbose ? showDiffs(group.flatMap((touched) => touched.files)) : []),
  ]
}

/** Lines under a title that stands before the first of them. */
function titled(title: string, verbose: boolean, lines: readonly PlanLine[]): PlanLine[] {
  return atMost(lines, '', verbose).map(({ text, tone }, index) => line(tone, `  ${(index === 0 ? title : '').padEnd(7)}${text}`))
}

/** Each different diff once, under the files that have it. */
function showDiffs(files: readonly FilePlan[]): PlanLine[] {
  const sorted = sortedBy(files, (file) => `${fileName(file)} ${file.path}`)
  return [...Map.groupBy(sorted, ({ hunks }) => JSON.stringify(hunks)).values()].flatMap((same) => [
    line('quiet', `    ${same.map(({ path }) => path).join(' ')}`),
    ...same[0]!.hunks.flatMap(showHunk),
  ])
}

/** Each line with its number in the file that has it. */
function showHunk({ before, removed, after, added }: Hunk): PlanLine[] {
  const numbered = (tone: Tone, sign: string, from: number, lines: readonly string[]) =>
    lines.map((text, index) => line(tone, `${String(from + index).padStart(9)} ${sign} ${text}`))
  return [...numbered('remove', '-', before, removed), ...numbered('add', '+', after, added)]
}

/** Lines that are not as they were; one that is replaced counts once. */
function touchedLines(files: readonly FilePlan[]): number {
  return files.flatMap(({ hunks }) => hunks).reduce((sum, { removed, added }) => sum + Math.max(removed.length, added.length), 0)
}

/** The path without the device's folder. */
function fileName({ path, device }: FilePlan): string {
  return path.slice(device.length + 1)
}
