/** The format of certificates; docs/certificate.md says what each member is for. */
import type { Family } from '#base/ip.ts'

/** What the format is called, and which one it is: another number is read otherwise. */
export const FORMAT = 'netwright certificate'
export const VERSION = 1

/** A certificate, as plain data. Numbers are places in lists of it; an interval of addresses is the number of its first atom and of its last. */
export interface Certificate {
  readonly format: typeof FORMAT
  readonly version: typeof VERSION
  readonly company: string
  /** SHA-256 of each file, by path. */
  readonly files: Readonly<Record<string, string>>
  /** Name; whether it has a filter, which asks by which port packets come; whether it is a balancer. */
  readonly devices: readonly (readonly [name: string, asks: number, balances: number])[]
  /** Device, and VRF. */
  readonly tables: readonly (readonly [device: number, vrf: string])[]
  /** Table, name, wire, and the port's own addresses. */
  readonly ports: readonly (readonly [table: number, name: string, wire: number, ...addresses: readonly string[]])[]
  /** Who answers for an address on a wire. */
  readonly answers: readonly (readonly [wire: number, address: string, port: number])[]
  /** By whom and where connections begin: id, and the number of its zone at its site. */
  readonly places: readonly (readonly [id: string, zone: number])[]
  readonly flows: readonly string[]
  readonly claims: readonly ClaimText[]
  /** Filters between zones: the device, and its zones with a port of each, or -1. */
  readonly filters: readonly (readonly [device: number, ...zones: readonly (readonly [name: string, port: number])[]])[]
  readonly families: Readonly<Record<Family, FamilyCertificate>>
  /** By property: id, whether it holds, and a packet that shows that it does not. */
  readonly verdicts: Readonly<Record<string, readonly (readonly [id: string, holds: number, packet?: string])[]>>
}

/** What is claimed: `world` is the one in which devices of a role are missing that packets have to go by. */
export interface ClaimText {
  readonly id: string
  readonly kind: 'isolate' | 'reach'
  /** Whether who is meant is outside of the company. */
  readonly outside: number
  readonly world?: number
}

/** What is of one family. */
export interface FamilyCertificate {
  /** The first address of each atom, in hexadecimal, in order. */
  readonly atoms: readonly string[]
  /** Runs of atoms of one kind, as first atom and kind, one after the other; -1 is what nobody asks about. */
  readonly kinds: readonly number[]
  /** Addresses of links and of routers' loopbacks, as intervals: nobody asks about these, nor about what routers have at their own interfaces. */
  readonly links: readonly number[]
  /** What routes do: a port, on whose link the destinations are; -1, for nothing; or next hops, each a port with an address on its wire, or with the port that a tunnel leads to, or -1. */
  readonly ways: readonly (number | readonly (readonly [port: number, to: string | number])[])[]
  /** By table: prefix and way, one after the other. */
  readonly routes: readonly (readonly (string | number)[])[]
  /** The first and last atom of the source and of the destination, then the first and last value of protocol, source port, destination port and type. */
  readonly boxes: readonly (readonly number[])[]
  /** What each gate lets through. */
  readonly gates: readonly (readonly number[])[]
  /** In by a port, out by a port or -1 for the device itself, and the gate there: one after the other. */
  readonly passages: readonly number[]
  /** Whether some way ends nowhere; then for each way where it ends, and its gates. */
  readonly fates: readonly (readonly [lost: number, ...ways: readonly (readonly number[])[]])[]
  /** Fates where no device is missing, then those of {@link ClaimText}. */
  readonly worlds: readonly WorldCertificate[]
  /** By zone at a site: its addresses. */
  readonly zones: readonly (readonly number[])[]
  /** By place: what carriers bring there, as intervals; null where everything gets in. */
  readonly brought: readonly (readonly number[] | null)[]
  readonly flows: readonly FlowCertificate[]
  /** By claim. */
  readonly claims: readonly FlowCertificate[]
}

/** What becomes of packets. */
export interface WorldCertificate {
  /** Devices that are missing. */
  readonly missing: readonly number[]
  /** Table; port by which packets come, -1 for any of a device without a filter, -2 for what the device sends itself; row of fates; row of ranks. */
  readonly stops: readonly (readonly [table: number, port: number, fates: number, ranks: number])[]
  /** By kind, as value and how often, one after the other: a fate; -1 for what goes round; -2 where no packets come. */
  readonly rows: readonly (readonly number[])[]
  /** The same of ranks: how far it is to the end at most. */
  readonly ranks: readonly (readonly number[])[]
  /** By place: stops, each with intervals of sources. */
  readonly places: readonly (readonly (readonly [stop: number, ...sources: readonly number[]])[])[]
}

/** Packets that are meant, by addresses. */
export interface FlowCertificate {
  /** Intervals of senders. */
  readonly from: readonly number[]
  /** Who is called, with the number of the zone at a site. */
  readonly to: readonly (readonly [first: number, last: number, zone: number])[]
  /** Who is there to receive, of which prefix of `to`, and the place that it is, or the empty text. */
  readonly receivers: readonly (readonly [first: number, last: number, prefixFirst: number, prefixLast: number, place: string])[]
  /** Protocol, first and last port; none at all for everything. */
  readonly services: readonly (readonly number[])[]
}

/** Values of rows that are no fates, and ports that are none. */
export const ROUND = -1
export const UNMET = -2
export const ANY = -1
export const OWN = -2
