/** Paths of BGP, and which of several is best. */
import { showIp } from '#base/ip.ts'

/** Where packets of a path go: to an address on a port, or into the tunnel to another device's end of it. */
export type Hop = { readonly port: string; readonly address: string } | { readonly tunnel: string; readonly port: string }

/** Whether two are the same, or both absent. */
export function sameHop(a: Hop | undefined, b: Hop | undefined): boolean {
  if (a === b || !a || !b) return a === b
  return a.port === b.port && ('tunnel' in a ? 'tunnel' in b && a.tunnel === b.tunnel : 'address' in b && a.address === b.address)
}

/** A path to a prefix, as one speaker has it. */
export interface Path {
  /** Who it is from: a session's number; the distinguisher under which another device's VRF told it; or the speaker itself. */
  readonly from: number | string
  readonly kind: 'external' | 'internal' | 'own' | 'aggregate'
  /** Nearest first. */
  readonly asPath: readonly number[]
  readonly localPreference: number
  /** 0: IGP, from `network` and aggregates; 2: incomplete, from redistribution (RFC 4271 §4.3). */
  readonly origin: 0 | 2
  readonly largeCommunities: readonly string[]
  /** Bears GRACEFUL_SHUTDOWN (RFC 8326). */
  readonly leaving: boolean
  readonly hop: Hop | undefined
  /** Of who told it: the last of the tie-breakers (RFC 4271 §9.1.2.2 f and g). */
  readonly routerId: number
  /** Of EVPN: the targets that it bears. */
  readonly targets: readonly string[] | undefined
}

/** Local preference when nothing is said (FRR, `bgp default local-preference`). */
export const DEFAULT_PREFERENCE = 100

/**
 * Less than 0 when `a` is better: the decision process of RFC 4271 §9.1.2 with FRR's weight, under which what is one's own comes first. No path has a MED, and all next hops are on a link, so the steps that
 * compare those are left out.
 */
export function comparePaths(a: Path, b: Path): number {
  return compareUpToTies(a, b) || a.routerId - b.routerId || keyOf(a) - keyOf(b)
}

/** What makes a path better than another one, as the first step of the decision that tells them apart: `local preference 200 before 100`. */
export function whyBetter(best: Path, other: Path): string {
  const steps: readonly (readonly [name: string, of: (path: Path) => number | string])[] = [
    ['', (path) => (isOwn(path) ? 'its own' : 'what it hears')],
    ['local preference', (path) => path.localPreference],
    ['a path over other ASes of length', (path) => path.asPath.length],
    ['origin', (path) => (path.origin === 0 ? 'IGP' : 'incomplete')],
    ['', (path) => (path.kind === 'internal' ? 'from the own AS' : 'from another AS')],
    ['router id', (path) => showIp({ family: 4, value: BigInt(path.routerId) })],
  ]
  const step = steps.find(([, of]) => of(best) !== of(other))
  if (!step) return 'who is named first'
  const [name, of] = step
  return `${name === '' ? '' : `${name} `}${of(best)} before ${of(other)}`
}

function keyOf({ from }: Path): number {
  return typeof from === 'number' ? from : -1
}

function compareUpToTies(a: Path, b: Path): number {
  return (
    Number(isOwn(b)) - Number(isOwn(a)) ||
    b.localPreference - a.localPreference ||
    a.asPath.length - b.asPath.length ||
    a.origin - b.origin ||
    Number(a.kind === 'internal') - Number(b.kind === 'internal')
  )
}

function isOwn({ kind }: Path): boolean {
  return kind === 'own' || kind === 'aggregate'
}

/** The best path, and those as good as it that packets take too: of equal length, and with `relax` through whichever ASes. */
export function choose(paths: readonly Path[], most: { readonly external: number; readonly internal: number }, relax: boolean): readonly Path[] {
  if (paths.length < 2) return paths
  const sorted = [...paths].sort(comparePaths)
  const best = sorted[0]!
  if (isOwn(best)) return [best]
  const alike = sorted.filter((path) => compareUpToTies(best, path) === 0 && (relax || same(path.asPath, best.asPath)))
  return alike.slice(0, best.kind === 'internal' ? most.internal : most.external)
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((asn, index) => asn === b[index])
}
