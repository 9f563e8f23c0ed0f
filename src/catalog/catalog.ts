/** The hardware that a company can choose from: the built-in device types and those it adds. */
import { type Diagnostic, diagnose, type Result, result } from '#base/diagnostic.ts'
import type { DeviceType } from './device-type.ts'

/** Device types by slug, `manufacturer/model`. */
export type Catalog = ReadonlyMap<string, DeviceType>

/** The catalogue of the built-in device types and a company's own. Two of one slug are an error. */
export function makeCatalog(builtIn: readonly DeviceType[], extra: readonly DeviceType[]): Result<Catalog> {
  const catalog = new Map<string, DeviceType>()
  const diagnostics: Diagnostic[] = []
  for (const type of [...builtIn, ...extra]) {
    if (catalog.has(type.slug)) diagnostics.push(diagnose('duplicate-device-type', { slug: type.slug }, { value: type.slug }))
    catalog.set(type.slug, type)
  }
  return result(catalog, diagnostics)
}
