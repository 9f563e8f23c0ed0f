/** What the toy operating system is told, in its own words. Every part that becomes a line has a why. */
import type { Why } from '#base/place.ts'

/** One device's configuration. */
export interface ExampleTree {
  readonly hostname: { readonly name: string; readonly why: Why }
  readonly interfaces: readonly ExampleInterface[]
  /** A route without a next hop discards. */
  readonly routes: readonly { readonly prefix: string; readonly via?: string; readonly why: Why }[]
}

/** A port or a loopback, with its addresses. */
export interface ExampleInterface {
  readonly name: string
  readonly addresses: readonly { readonly address: string; readonly why: Why }[]
  readonly why: Why
}
