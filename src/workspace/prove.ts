/** Proves a built company: the printed files of its devices are read back, and the properties judged from what they say. */
import { type Diagnostic, type Result, result } from '#base/diagnostic.ts'
import { readTold, type Told } from '#proofs/engine/network/told.ts'
import type { Verdict } from '#proofs/proof.ts'
import { properties } from '#proofs/properties/index.ts'
import { prove } from '#proofs/prove.ts'
import type { Built } from './workspace.ts'

/** The verdicts; or why a file cannot be read. */
export function proveBuilt({ company, design, files }: Pick<Built, 'company' | 'design' | 'files'>): Result<readonly Verdict[]> {
  const diagnostics: Diagnostic[] = []
  const byDevice = filesByDevice(files)
  const told = design.sites.flatMap(({ devices }) =>
    devices.flatMap(({ id, platform }): Told[] => {
      if (!platform.includes('linux')) return []
      const read = readTold(id, byDevice.get(id) ?? new Map())
      diagnostics.push(...read.diagnostics)
      return read.ok ? [read.value] : []
    }),
  )
  if (diagnostics.length > 0) return { ok: false, diagnostics }
  return result(prove(company, design, told, properties), diagnostics)
}

/** Files by device, then by path below its folder. */
function filesByDevice(files: ReadonlyMap<string, string>): ReadonlyMap<string, ReadonlyMap<string, string>> {
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
