/**
 * What editors need in a company folder: types for its TypeScript, and schemas for its YAML. Made anew on every build, because the types are where the program is; the folder
 * `.netwright` belongs to the machine and is ignored by version control.
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Company } from '#compile/company.ts'
import { jsonSchemas } from './json-schema.ts'
import { compilerOptions } from './type-check.ts'
import { writeWhole } from './write-whole.ts'

/** Writes `.netwright/tsconfig.json` and the schemas. A folder that can't be written is none of the build's business. */
export function writeEditorSupport(folder: string, company: Company): void {
  const { site, service } = jsonSchemas(company)
  const files: Readonly<Record<string, unknown>> = {
    'tsconfig.json': { compilerOptions: compilerOptions(), include: ['../**/*.ts'], exclude: ['../out'] },
    'schema/site.json': site,
    'schema/service.json': service,
  }
  try {
    mkdirSync(join(folder, '.netwright', 'schema'), { recursive: true })
    put(join(folder, '.netwright', '.gitignore'), '*\n')
    for (const [name, value] of Object.entries(files)) put(join(folder, '.netwright', name), `${JSON.stringify(value, null, 2)}\n`)
  } catch {
    // Editing is less comfortable then; what was built is as good.
  }
}

function put(path: string, text: string): void {
  try {
    if (readFileSync(path, 'utf8') === text) return
  } catch {
    // Not there yet.
  }
  writeWhole(path, text)
}
