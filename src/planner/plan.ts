/**
 * A plan: the difference between two designs and between the files printed from them, as plain data. It is sorted, holds no clock, and its JSON is the same for the
 * same two designs. Origins (`why`) are no part of it: a statement that moved to another line changes nothing in the world.
 */
import type { Money } from '#base/units.ts'
import type { Hunk } from './diff-lines.ts'
import type { ReachPlan } from './diff-reach.ts'
import type { DevicePart } from './fields.ts'

/** A member of a node that differs, as a person reads it: `place`, `rack-1 U12`, `rack-2 U12`. The side that has none is absent. */
export interface FieldChange {
  readonly field: string
  readonly before?: string
  readonly after?: string
}

/** A node that both designs have. */
export interface NodeChange {
  readonly id: string
  readonly fields: readonly FieldChange[]
}

/** What comes, goes and changes among nodes of a kind: ids, in the order of names. */
export interface Changes<C extends NodeChange = NodeChange> {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly C[]
}

/** A device that both designs have. `fields` is what it is made of and where; `parts` is which of the things that it is told differ. */
export interface DeviceChange extends NodeChange {
  readonly parts: readonly DevicePart[]
  /** Rules of its filter, each as `rule (from zone → to zone)`. */
  readonly rules: Changes
  readonly sets: readonly SetChange[]
}

/** A set of a filter that holds other addresses. A set that only one side has is not listed: it comes and goes with the rules that name it. */
export interface SetChange {
  readonly name: string
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

/** What is paid whatever is used. Amounts of different currencies, or for different terms, are never added up. */
export interface FixedCost {
  readonly sums: readonly Money[]
  /** Circuits whose price is not known. */
  readonly unknown: number
}

/** When a new site opens, and the circuit that takes longest from order to hand-over. */
export interface FirstDay {
  /** ISO 8601 date. */
  readonly date: string
  /** Absent where no lead time is known. `leadTime` in s. */
  readonly critical?: { readonly circuit: string; readonly leadTime: number }
  /** Ids of circuits whose lead time is not known: one of them may be the critical one. */
  readonly unknown: readonly string[]
}

/** A site that comes, goes or changes. For one that comes or goes, everything in it does. */
export interface SitePlan {
  readonly id: string
  readonly how: 'added' | 'removed' | 'changed'
  /** Of the later design, or of the earlier for a site that goes. */
  readonly standard: string
  readonly seats: number
  readonly fields: readonly FieldChange[]
  readonly zones: Changes
  readonly racks: Changes
  readonly segments: Changes
  readonly devices: Changes<DeviceChange>
  readonly cables: Changes
  /** Where circuits are plugged in. */
  readonly handovers: Changes
  readonly circuits: Changes
  readonly cost: { readonly before: FixedCost; readonly after: FixedCost }
  /** For a site that comes, when it says so. */
  readonly firstDay?: FirstDay
}

/** What kind of number an {@link AddressChange} is about. */
export type Numbered = 'block' | 'zone' | 'zone number' | 'segment' | 'vlan' | 'vni' | 'interface' | 'loopback' | 'asn' | 'replica'

/** Numbers of something that both designs have, of one address family. */
export interface AddressChange {
  readonly id: string
  readonly what: Numbered
  readonly before: readonly string[]
  readonly after: readonly string[]
}

/** What became of the numbers of things that both designs have. */
export interface AddressChanges {
  /** An address, prefix, VLAN or AS number is gone and another is in its place. */
  readonly renumbered: readonly AddressChange[]
  /** More blocks, or longer ones around those that were: nothing that had an address has another. */
  readonly grown: readonly AddressChange[]
  /** The reverse of growth. */
  readonly shrunk: readonly AddressChange[]
}

/** A printed file that comes, goes or changes. */
export interface FilePlan {
  /** `site/device/file`. */
  readonly path: string
  /** Id of the device. */
  readonly device: string
  readonly how: 'added' | 'removed' | 'changed'
  /** Lines. */
  readonly added: number
  readonly removed: number
  readonly hunks: readonly Hunk[]
}

/** All that a change does. */
export interface Plan {
  readonly kind: 'plan'
  /** Of the company itself. */
  readonly fields: readonly FieldChange[]
  readonly sites: readonly SitePlan[]
  readonly services: Changes
  readonly addresses: AddressChanges
  readonly files: readonly FilePlan[]
  /** Who reaches whom otherwise; absent where there is nothing to compare with. */
  readonly reach?: ReachPlan
  /** Of all circuits of the company. */
  readonly cost: { readonly before: FixedCost; readonly after: FixedCost }
}

/** Whether nothing comes, goes or changes among the nodes. */
export function unchanged(changes: Changes): boolean {
  return changes.added.length + changes.removed.length + changes.changed.length === 0
}

/** Whether the plan changes nothing. */
export function isEmptyPlan({ fields, sites, services, addresses, files }: Plan): boolean {
  const { renumbered, grown, shrunk } = addresses
  return fields.length + sites.length + files.length + renumbered.length + grown.length + shrunk.length === 0 && unchanged(services)
}
