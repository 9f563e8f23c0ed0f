/**
 * Tries all single failures, on as many processors as there are: each thread makes the proof for itself, and takes the next failures that nobody has taken. What a failure comes to does not depend on which
 * others a thread has tried before, so the answers are the same on one processor and on many.
 */
import { availableParallelism, freemem } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Company } from '#compile/company.ts'
import { type Failure, failuresOf } from '#proofs/failures/failures.ts'
import { type Fullest, fullestOf, type More, moreWithout } from '#proofs/failures/fullest.ts'
import { type Trial, trials } from '#proofs/failures/trial.ts'
import type { Counter, Proof } from '#proofs/proof.ts'
import { utilisationOf } from '#proofs/utilisation.ts'
import type { Provable } from './prove.ts'

/** Failures that a thread takes at once: neighbours have much in common. */
const AT_ONCE = 16

/** Failures for which a thread more is worth its start: it proves for a while before the first one. */
const WORTH_A_THREAD = 400

/** Bytes that the proof of a thread takes, for each device; measured: 3.0 GB for 804 devices. */
const BYTES_A_DEVICE = 4e6

/** What a thread is given: what to prove, and the number of the next failure that nobody has taken. */
export interface Given {
  readonly provable: Provable
  readonly next: Int32Array
}

/** What one failure came to, in numbers of places and flows of the proof, which are the same in each thread. */
export interface Tried {
  /** Of the failure. */
  readonly number: number
  readonly cutOff: readonly number[]
  readonly lost: readonly (readonly [flow: number, place: number, counter: Counter])[]
  readonly leaks: readonly (readonly [place: number, counter: Counter])[]
  readonly unstable: Trial['unstable']
  readonly more: More
}

/** Failures that are being tried. */
export interface Trying {
  /** What each single failure of what the company means comes to, and how full links get; `told` hears how many of them have been taken. */
  finish(told: (tried: number, of: number) => void): Promise<{ readonly trials: readonly Trial[]; readonly links: readonly Fullest[] }>
}

/** Begins: other threads prove what this one has proved, so that they are ready when it is. */
export function tryFailures(provable: Provable, proof: Proof): Trying {
  const failures = failuresOf(proof)
  const next = nobodyYet()
  const tried: Tried[] = []
  const add = (one: Tried) => tried.push(one)
  const others = Array.from({ length: threadsFor(failures.length, proof.world.told.size) - 1 }, () => tryElsewhere(provable, next, add))
  return {
    async finish(told) {
      const tryOne = trying(proof, failures)
      for (const number of taken(next, failures.length)) {
        told(number, failures.length)
        add(tryOne(number))
      }
      // A thread that has ended early, for want of memory say, leaves what it had taken to this one.
      await Promise.all(others)
      const known = new Set(tried.map(({ number }) => number))
      for (const number of failures.keys()) if (!known.has(number)) add(tryOne(number))
      tried.sort((a, b) => a.number - b.number)
      return {
        trials: tried.map((one) => trialOf(proof, failures, one)),
        links: fullestOf(
          utilisationOf(proof),
          tried.map(({ number, more }) => [failures[number]!, more]),
        ),
      }
    },
  }
}

/** Tries the failures that nobody else has taken on a thread of its own, and tells each; until it ends. */
export function tryElsewhere({ company, design, files }: Provable, next: Int32Array, tell: (tried: Tried) => void): Promise<void> {
  const workerData: Given = { provable: { company: withoutCode(company), design, files }, next }
  const worker = new Worker(new URL('./failures-thread.ts', import.meta.url), { workerData })
  return new Promise((resolve) => {
    worker
      .on('message', tell)
      .on('error', () => undefined)
      .on('exit', () => resolve())
  })
}

/** The number of the next failure, for several threads: nobody has taken any. */
export function nobodyYet(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
}

/** Tries the failures that nobody else has taken, one after the other, and tells each. */
export function tryNext(proof: Proof, next: Int32Array, tell: (tried: Tried) => void): void {
  const failures = failuresOf(proof)
  const tryOne = trying(proof, failures)
  for (const number of taken(next, failures.length)) tell(tryOne(number))
}

function* taken(next: Int32Array, count: number): Iterable<number> {
  for (let from = Atomics.add(next, 0, AT_ONCE); from < count; from = Atomics.add(next, 0, AT_ONCE))
    for (let number = from; number < Math.min(from + AT_ONCE, count); number++) yield number
}

function trying(proof: Proof, failures: readonly Failure[]): (number: number) => Tried {
  const tryOne = trials(proof, proof.intent.flows)
  const utilisation = utilisationOf(proof)
  const places = new Map(proof.places.map((place, number) => [place, number]))
  const flows = new Map(proof.intent.flows.map(({ id }, number) => [id, number]))
  return (number) => {
    const failure = failures[number]!
    const left = proof.world.without(failure.gone)
    const { cutOff, lost, leaks, unstable } = tryOne(failure, left)
    return {
      number,
      cutOff: cutOff.map((place) => places.get(place)!),
      lost: lost.map(({ tried, place, counter }) => [flows.get(tried.id)!, places.get(place)!, counter]),
      leaks: leaks.map(({ place, counter }) => [places.get(place)!, counter]),
      unstable,
      more: moreWithout(utilisation, left),
    }
  }
}

function trialOf({ places, intent }: Proof, failures: readonly Failure[], { number, cutOff, lost, leaks, unstable }: Tried): Trial {
  return {
    failure: failures[number]!,
    cutOff: cutOff.map((place) => places[place]!),
    lost: lost.map(([flow, place, counter]) => ({ tried: intent.flows[flow]!, place: places[place]!, counter })),
    leaks: leaks.map(([place, counter]) => ({ place: places[place]!, counter })),
    unstable,
  }
}

function threadsFor(failures: number, devices: number): number {
  const room = Math.floor(freemem() / (devices * BYTES_A_DEVICE))
  return Math.max(1, Math.min(availableParallelism(), room, Math.ceil(failures / WORTH_A_THREAD)))
}

/** The company without the code of its standards and targets, which no proof asks for and no thread can be given. */
function withoutCode({ declaration, sites, services, catalog, targets }: Company): Company {
  const bare = ({ name, version, kind }: Company['sites'][number]['standard']) => ({ name, version, kind }) as Company['sites'][number]['standard']
  return {
    declaration: { ...declaration, standards: [] },
    sites: sites.map((site) => ({ ...site, standard: bare(site.standard) })),
    services,
    catalog,
    targets: targets.map(({ name, can }) => ({ name, can })),
  }
}
