/** A twin: a company, or some of its sites, booted on this machine. What is up is written down in its folder, so that every later command finds it. */
import { hash } from 'node:crypto'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { writeWhole } from '#workspace/write-whole.ts'
import { type Lab, labNamed } from './lab.ts'
import type { Cable } from './machine.ts'
import type { TRANSLATIONS } from './translate.ts'

/** What is up. */
export interface Twin {
  /** The company's folder. */
  readonly company: string
  /** The sites that are booted; all, if it is empty. */
  readonly sites: readonly string[]
  readonly machines: readonly TwinMachine[]
  readonly cables: readonly TwinCable[]
  /** Ports whose cable leads to a site that is not booted, as `device port`. */
  readonly unplugged: readonly string[]
  /** Segments that no port is free for, so that no host is on them. */
  readonly hostless: readonly string[]
  /** Who may be asked to send. */
  readonly spots: readonly Spot[]
  /** What is done otherwise than printed. */
  readonly translations: readonly (keyof typeof TRANSLATIONS)[]
  /** What there is, and limits of the kernel that were raised. */
  readonly notes: readonly string[]
  /** Cables, circuits and devices that are cut. */
  readonly cut: readonly string[]
}

/** A machine that is up. */
export interface TwinMachine {
  readonly name: string
  /** A device of the design, or what stands in for somebody outside of it. */
  readonly kind: 'device' | 'host' | 'carrier'
  /** VRFs that are namespaces. */
  readonly vrfs: readonly string[]
  /** Whether daemons run on it, so that it has a place of its own. */
  readonly daemons: boolean
}

/** Somebody who sends and receives: a host on a segment, one of a service, or the internet; or what balancers take connections on, which begins none. */
export interface Spot {
  /** The segment, the service at a site, what is balanced there, or `internet`. */
  readonly name: string
  readonly machine: string
  /** The VRF, if it is a namespace. */
  readonly vrf: string
  /** Of each family at most one. */
  readonly addresses: readonly string[]
  /** Ports that it answers on: `443/tcp`. */
  readonly listens: readonly string[]
  readonly sends: boolean
}

/** A cable with the id of its link, and of its circuit. */
export interface TwinCable {
  readonly id: string
  readonly circuit?: string
  readonly ends: Cable
}

/** The lab of a company's twin: one for each folder, which may be gone meanwhile. */
export function labOf(company: string): Lab & { readonly name: string } {
  const name = `netwright-twin-${hash('sha256', existsSync(company) ? realpathSync(company) : resolve(company)).slice(0, 8)}`
  return { name, ...labNamed(name) }
}

/** The twin that is up for a company; undefined where there is none, or one that is not whole. */
export function readTwin(company: string): Twin | undefined {
  const file = join(labOf(company).folder, STATE)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Twin) : undefined
}

/** Writes down what is up. */
export function writeTwin(twin: Twin): void {
  writeWhole(join(labOf(twin.company).folder, STATE), JSON.stringify(twin))
}

const STATE = 'twin.json'
