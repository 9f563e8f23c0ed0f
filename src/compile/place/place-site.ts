/** The pass place: device types, platforms, racks and rack units. */
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import { byName } from '#base/order.ts'
import type { Why } from '#base/place.ts'
import { suggest } from '#base/suggest.ts'
import type { DeviceType } from '#catalog/device-type.ts'
import type { PowerSupply, RackPlace } from '#design/device.ts'
import { allocateUnits, showUnits } from '#ledger/allocate-units.ts'
import { choose } from '#ledger/choose.ts'
import type { Entry } from '#ledger/ledger.ts'
import type { Asks, DeviceAsk } from '#standards/authoring/asks.ts'
import { ROLES } from '#standards/roles.ts'
import { type Company, factOrigin, type Site, stateOf } from '../company.ts'
import { type ClaimedEntry, explain, type Held, ledgerOrigin } from '../holdings.ts'

/** A device with its type, its platform and its place. */
export interface PlacedDevice {
  readonly ask: DeviceAsk
  readonly type: DeviceType
  readonly platform: readonly string[]
  readonly place?: RackPlace
  readonly supplies?: readonly PowerSupply[]
  readonly why: Why
}

/** The devices of a site, by name. */
export interface Placed {
  readonly devices: ReadonlyMap<string, PlacedDevice>
  readonly claims: readonly ClaimedEntry[]
  readonly diagnostics: readonly Diagnostic[]
}

/** What a company decides about hardware: narrow enough that a new policy does not place anything again. */
export interface HardwareChoices extends Pick<Company, 'catalog'> {
  readonly hardware: Readonly<Record<string, string>>
  readonly platforms: Readonly<Record<string, readonly string[]>>
  readonly targets: readonly string[]
}

/** Places the devices of a site in its racks. */
export function placeSite(site: Site, { asks, held }: { readonly asks: Asks; readonly held: Held }, choices: HardwareChoices): Placed {
  const diagnostics: Diagnostic[] = []
  const state = stateOf(site.facts.status)
  const typed = asks.devices.flatMap((ask) => typeDevice(site, ask, choices, diagnostics))

  const rackOf = chooseRacks(typed, held('unit'), state)
  const claims: ClaimedEntry[] = []
  const places = new Map<string, RackPlace>()
  for (const rack of asks.racks) {
    const inside = typed.filter(({ ask, type }) => rackOf.get(ask.name) === rack.name && type.height > 0)
    const key = (device: string) => `unit ${rack.name} ${device}`
    const wants = inside.map(({ ask, type }) => ({ key: key(ask.name), state, height: type.height, from: ask.rack!.from }))
    const { unitOf, problems } = allocateUnits({ held: held('unit', rack.name), wants, height: rack.units })
    const askOf = new Map(inside.map(({ ask }) => [key(ask.name), ask.why[0]]))
    diagnostics.push(...explain(problems, site.name, 'rack unit', `the rack ${site.name}/${rack.name} (${rack.units} units)`, (of) => askOf.get(of)))
    for (const { ask, type } of inside) {
      const unit = unitOf.get(key(ask.name))
      if (unit === undefined) continue
      claims.push({ key: key(ask.name), value: showUnits(unit, type.height), state })
      places.set(ask.name, { rack: `${site.name}/${rack.name}`, unit, height: type.height, why: [...rack.why, ledgerOrigin(site.name, key(ask.name))] })
    }
  }
  const devices = new Map<string, PlacedDevice>()
  for (const device of typed) {
    const place = places.get(device.ask.name)
    devices.set(device.ask.name, place ? { ...device, place, supplies: suppliesOf(device, typed) } : device)
  }
  return { devices, claims, diagnostics }
}

/** The supplies of a device on both feeds in turn. Of the members of a group with one supply each, so that no feed carries all of them. */
function suppliesOf({ type, ask }: PlacedDevice, devices: readonly PlacedDevice[]): PowerSupply[] {
  const group = () => devices.filter((other) => other.ask.group === ask.group).map((other) => other.ask.name)
  const first = type.powerPorts.length === 1 ? group().sort(byName).indexOf(ask.name) : 0
  return type.powerPorts.map(({ name }, index) => ({ name, feed: (first + index) % 2 === 0 ? 'a' : 'b' }))
}

function typeDevice(site: Site, ask: DeviceAsk, choices: HardwareChoices, diagnostics: Diagnostic[]): PlacedDevice[] {
  const who = `${site.name}/${ask.name}`
  const role = ROLES[ask.role]
  const platform = choices.platforms[ask.role] ?? role?.platform
  const known = [...new Set([...Object.keys(ROLES), ...Object.keys(choices.platforms)])].sort(byName)
  if (!platform) {
    const near = suggest(ask.role, known)
    diagnostics.push(
      diagnose(
        'unknown-role',
        { who, role: ask.role },
        { origin: ask.why[0], value: ask.role, allowed: known, ...(near ? { fix: `did you mean "${near}"?` } : {}) },
      ),
    )
    return []
  }
  const missing = platform.find((target) => !choices.targets.includes(target))
  if (missing !== undefined) {
    diagnostics.push(diagnose('unknown-target', { role: ask.role, target: missing }, { origin: ask.why[0], value: missing, allowed: choices.targets }))
    return []
  }
  const bySite = site.facts.hardware?.[ask.role]
  const model = bySite ?? ask.model ?? choices.hardware[ask.role] ?? role?.model ?? ''
  const type = choices.catalog.get(model)
  const why = [...ask.why, ...(bySite === undefined ? [] : [factOrigin(site.file, 'hardware', ask.role)])]
  if (!type) {
    const near = suggest(model, choices.catalog.keys())
    diagnostics.push(
      diagnose('unknown-model', { who, model }, { origin: why[why.length - 1], value: model, ...(near ? { fix: `did you mean "${near}"?` } : {}) }),
    )
    return []
  }
  return [{ ask, type: stacked(type, ask.members), platform, why }]
}

const stacks = new WeakMap<DeviceType, Map<number, DeviceType>>()

/** So many boxes of a type as one device. The ports of the first have their plain names, those of the n-th `sN-` before them, so that a member more renames no port. */
function stacked(type: DeviceType, members: number): DeviceType {
  if (members === 1) return type
  const known = stacks.get(type) ?? new Map<number, DeviceType>()
  stacks.set(type, known)
  const made = known.get(members)
  if (made) return made
  const each = Array.from({ length: members }, (_, index) => index + 1)
  const ports = each.flatMap((member) => (member === 1 ? type.ports : type.ports.map((port) => ({ ...port, name: `s${member}-${port.name}` }))))
  const powerPorts = each.flatMap((member) => (member === 1 ? type.powerPorts : type.powerPorts.map((port) => ({ ...port, name: `s${member}-${port.name}` }))))
  const stack = { ...type, height: type.height * members, ports, powerPorts }
  known.set(members, stack)
  return stack
}

/** The rack of each device. Where the ledger has `units` for it in one that will do it stays; else it goes to the one it prefers, or the members of its group are spread over all that will do. */
function chooseRacks(devices: readonly PlacedDevice[], units: readonly Entry[], state: 'planned' | 'active'): ReadonlyMap<string, string> {
  const held = units.map((entry): Entry => {
    const [, rack, device] = entry.key.split(' ') as [string, string, string]
    return { ...entry, key: `rack ${device}`, value: rack }
  })
  const rackHeld = new Map(held.map(({ key, value }) => [key, value]))
  const rackOf = new Map<string, string>()
  const groups = new Map<string, PlacedDevice[]>()
  for (const device of devices) {
    const { rack, name, group } = device.ask
    const stands = rackHeld.get(`rack ${name}`)
    if (rack?.among.length === 1) rackOf.set(name, rack.among[0]!)
    else if (rack?.prefer !== undefined) rackOf.set(name, stands !== undefined && rack.among.includes(stands) ? stands : rack.prefer)
    else if (rack) groups.set(group, [...(groups.get(group) ?? []), device])
  }
  for (const members of groups.values()) {
    const wants = members.map(({ ask }) => ({ key: `rack ${ask.name}`, state, among: ask.rack!.among }))
    for (const [key, rack] of choose({ held, wants }).memberOf) rackOf.set(key.slice('rack '.length), rack)
  }
  return rackOf
}
