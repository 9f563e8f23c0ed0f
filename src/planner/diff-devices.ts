/**
 * The difference of two states of a device: what it is made of, which parts of what it is told differ, and what its filter accepts more or less by name of the rules. What
 * that newly allows or denies is not decided here: it takes a proof.
 */
import { byName } from '#base/order.ts'
import type { Device } from '#design/device.ts'
import type { Filter, FilterRule } from '#design/filter.ts'
import { showService } from '#model/port.ts'
import { alike } from './alike.ts'
import { byFields, diffNodes } from './diff-nodes.ts'
import { DEVICE_PARTS, deviceFields, diffFields, type Fields } from './fields.ts'
import type { Changes, DeviceChange, SetChange } from './plan.ts'

const ruleFields: Fields<FilterRule, never> = {
  from: String,
  to: String,
  services: (services) => (services.length > 0 ? services.map(showService).join(' ') : 'everything'),
  owner: String,
  reason: String,
}

/** What differs; undefined when nothing does. */
export function diffDevice(before: Device, after: Device): DeviceChange | undefined {
  const fields = diffFields(deviceFields, before, after)
  const parts = DEVICE_PARTS.filter((part) => !alike(before[part], after[part]))
  if (fields.length + parts.length === 0) return undefined
  const filters = parts.includes('filter')
  const rules: Changes = filters ? diffRules(before.filter, after.filter) : { added: [], removed: [], changed: [] }
  return { id: after.id, fields, parts, rules, sets: filters ? diffSets(before.filter, after.filter) : [] }
}

function diffRules(before: Filter | undefined, after: Filter | undefined): Changes {
  const rulesOf = (filter: Filter | undefined) =>
    (filter?.pairs ?? []).flatMap(({ from, to, rules }) => rules.map((rule) => ({ ...rule, id: `${rule.id} (${from} → ${to})` })))
  return diffNodes(rulesOf(before), rulesOf(after), byFields(ruleFields))
}

function diffSets(before: Filter | undefined, after: Filter | undefined): SetChange[] {
  const was = new Map((before?.sets ?? []).map(({ name, prefixes }) => [name, new Set(prefixes.map(({ prefix }) => prefix))]))
  const changes = (after?.sets ?? []).flatMap(({ name, prefixes }): SetChange[] => {
    const old = was.get(name)
    if (!old) return []
    const now = new Set(prefixes.map(({ prefix }) => prefix))
    const added = [...now.difference(old)]
    const removed = [...old.difference(now)]
    return added.length + removed.length > 0 ? [{ name, added, removed }] : []
  })
  return changes.sort((a, b) => byName(a.name, b.name))
}
