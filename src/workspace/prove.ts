/** Proves a built company: the files of its devices are read back, and the properties judged from what they say. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Diagnostic, diagnose, type Result, result } from '#base/diagnostic.ts'
import type { Company } from '#compile/company.ts'
import type { Design } from '#design/design.ts'
import { type Change, changeBetween } from '#proofs/change.ts'
import { type ReadTold, readTold, type Told } from '#proofs/engine/network/told.ts'
import type { Proof, Property, Verdict } from '#proofs/proof.ts'
import { properties } from '#proofs/properties/index.ts'
import { networkOf, proofOf, prove } from '#proofs/prove.ts'
import type { Built } from './workspace.ts'

/** Files of devices, by path (`bos1/fw-a/nftables.conf`). */
type Files = ReadonlyMap<string, string>

/** What is proved; or why a file cannot be read. */
export function proofOfBuilt(built: Provable): Result<Proof> {
  return prover()(built)
}

/** What of a build is proved. */
export type Provable = Pick<Built, 'company' | 'design' | 'files'>

/** Tells what is proved of a build, after others. */
export type Prover = (built: Provable) => Result<Proof>

/**
 * Proves builds one after the other: what files say that have not changed is not read again, nor routed, and after a proof all of whose verdicts held, only what is otherwise is proved. With `whole` all is proved
 * each time.
 */
export function prover({ whole = false }: { readonly whole?: boolean } = {}): Prover {
  const read = reader()
  let last: Proof | undefined
  let held: Proof | undefined
  return ({ company, design, files }) => {
    const devices = read(design, files)
    if (!devices.ok) return devices
    if (last && HELD.has(last)) held = last
    last = held && !whole ? proofOf(company, design, devices.value, held, true) : proofOf(company, design, devices.value, last)
    return result(last, [])
  }
}

/** Proofs all of whose verdicts held. */
const HELD = new WeakSet<Proof>()

/**
 * What a change of the company opens, closes and leads elsewhere, and what is proved of it afterwards; or why a file of either side cannot be read. Who is outside is what the company says now, on both sides, so that the
 * same packets are compared.
 */
export function changeOf(
  company: Company,
  before: Pick<Built, 'design' | 'files'>,
  after: Pick<Built, 'design' | 'files'>,
): Result<{ readonly change: Change; readonly proof: Proof }> {
  const read = reader()
  const was = read(before.design, before.files)
  if (!was.ok) return was
  const is = read(after.design, after.files)
  if (!is.ok) return is
  const proof = proofOf(company, after.design, is.value)
  return result({ change: changeBetween(networkOf(company, before.design, was.value, proof), proof), proof }, [])
}

/** Reads the files of devices, again and again: those that are the same as last time only once. */
function reader(): (design: Design, files: Files) => Result<readonly Told[]> {
  let last = new Map<string, ReadTold>()
  return (design, files) => {
    const diagnostics: Diagnostic[] = []
    const byDevice = filesByDevice(files)
    const now = new Map<string, ReadTold>()
    for (const { devices } of design.sites)
      for (const { id, platform } of devices) {
        if (!platform.includes('linux')) continue
        const found = readTold(id, byDevice.get(id) ?? new Map(), last.get(id))
        diagnostics.push(...found.diagnostics)
        if (found.ok) now.set(id, found.value)
      }
    if (diagnostics.length > 0) return { ok: false, diagnostics }
    last = now
    const devices = [...now.values()].map(({ told }) => told)
    return result(devices, diagnostics)
  }
}

/** The verdicts; where only some properties are asked, that is so for all proofs of a prover. */
export function verdictsOf(proof: Proof, asked: readonly Property[] = properties): readonly Verdict[] {
  const verdicts = prove(proof, asked)
  if (verdicts.every(({ holds }) => holds)) HELD.add(proof)
  return verdicts
}

/** The printed files, with those of the devices that have a folder in `folder` (edited by hand, or collected) in place of their own: all of them, so what is missing there is missing. */
export function withConfigs(printed: Files, folder: string): Result<Files> {
  const byDevice = filesByDevice(printed)
  const files = new Map(printed)
  let found = 0
  for (const [device, own] of byDevice) {
    const at = join(folder, device)
    if (!isFolder(at)) continue
    found++
    for (const path of own.keys()) files.delete(`${device}/${path}`)
    for (const entry of readdirSync(at, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) {
        const path = join(entry.parentPath, entry.name)
        files.set(`${device}/${path.slice(at.length + 1)}`, readFileSync(path, 'utf8'))
      }
  }
  return found > 0 ? result(files, []) : { ok: false, diagnostics: [diagnose('no-configs', { folder }, { value: folder })] }
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory()
}

/** Files by device, then by path below its folder. */
function filesByDevice(files: Files): ReadonlyMap<string, Files> {
  const byDevice = new Map<string, Map<string, string>>()
  for (const [path, text] of files) {
    const end = path.indexOf('/', path.indexOf('/') + 1)
    const device = path.slice(0, end)
    const own = byDevice.get(device)
    if (own) own.set(path.slice(end + 1), text)
    else byDevice.set(device, new Map([[path.slice(end + 1), text]]))
  }
  return byDevice
}
