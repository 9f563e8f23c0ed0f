/** Proves a built company: the files of its devices are read back, and the properties judged from what they say. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Diagnostic, diagnose, type Result, result } from '#base/diagnostic.ts'
import { type ReadTold, readTold } from '#proofs/engine/network/told.ts'
import { failuresOf } from '#proofs/failures/failures.ts'
import { type Trial, trials } from '#proofs/failures/trial.ts'
import type { Proof, Verdict } from '#proofs/proof.ts'
import { properties } from '#proofs/properties/index.ts'
import { proofOf, prove } from '#proofs/prove.ts'
import type { Built } from './workspace.ts'

/** Files of devices, by path (`bos1/fw-a/nftables.conf`). */
type Files = ReadonlyMap<string, string>

/** What is proved; or why a file cannot be read. */
export function proofOfBuilt(built: Pick<Built, 'company' | 'design' | 'files'>): Result<Proof> {
  return prover()(built)
}

/** Proves builds one after the other: what files say that have not changed is not read again, nor routed. */
export function prover(): (built: Pick<Built, 'company' | 'design' | 'files'>) => Result<Proof> {
  let read = new Map<string, ReadTold>()
  let last: Proof | undefined
  return ({ company, design, files }) => {
    const diagnostics: Diagnostic[] = []
    const byDevice = filesByDevice(files)
    const now = new Map<string, ReadTold>()
    for (const { devices } of design.sites)
      for (const { id, platform } of devices) {
        if (!platform.includes('linux')) continue
        const found = readTold(id, byDevice.get(id) ?? new Map(), read.get(id))
        diagnostics.push(...found.diagnostics)
        if (found.ok) now.set(id, found.value)
      }
    if (diagnostics.length > 0) return { ok: false, diagnostics }
    read = now
    last = proofOf(
      company,
      design,
      [...now.values()].map(({ told }) => told),
      last,
    )
    return result(last, diagnostics)
  }
}

/** The verdicts. */
export function verdictsOf(proof: Proof): readonly Verdict[] {
  return prove(proof, properties)
}

/** What each single failure of what the company means comes to; `told` hears how many of them have been tried. */
export function tryFailures(proof: Proof, told: (tried: number, of: number) => void): readonly Trial[] {
  const failures = failuresOf(proof)
  const tryOne = trials(proof, proof.intent.flows)
  return failures.map((failure, index) => {
    told(index, failures.length)
    return tryOne(failure)
  })
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
