/** The standards of docs/adding-a-standard.md, as they stand there: one from nothing, one that extends what is built in. Each in a company of its own. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { openWorkspace } from '#workspace/workspace.ts'

const page = readFileSync(join(import.meta.dirname, '../docs/adding-a-standard.md'), 'utf8')

/** The code of the page that begins with a comment naming this file. */
function codeOf(file: string): string {
  const block = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]!).find((code) => code.startsWith(`// ${file}`))
  assert(block, `the page has no ${file}`)
  return block
}

const CASES = [
  { name: 'kiosk', zones: ['pos', 'users'], facts: 'tills: 4' },
  {
    name: 'studio',
    zones: ['users', 'voice', 'guest', 'things', 'management', 'media'],
    facts: 'seats: 30\nfloors: [{name: "1", area: 5000 sqft, seats: 30}]\ncameras: 6',
  },
]

for (const { name, zones, facts } of CASES) {
  test(`the standard ${name} of the page builds, in fewer than sixty lines`, async (context) => {
    const code = codeOf(`standards/${name}.ts`)
    assert(code.split('\n').length < 60)
    const folder = mkdtempSync(join(tmpdir(), 'netwright-own-'))
    context.after(() => rmSync(folder, { recursive: true }))
    const files = {
      [`standards/${name}.ts`]: code,
      'company.ts': [
        `import { company, zones } from 'netwright'`,
        `import { wan } from 'netwright/standards'`,
        `import { ${name} } from './standards/${name}.ts'`,
        `company('Own', {`,
        `  domain: 'own.example',`,
        `  zones: zones({ ${zones.map((zone) => `${zone}: {}`).join(', ')} }),`,
        `  addressing: { v4: ['10.0.0.0/8'], v6: ['2001:db8::/32'] },`,
        `  standards: [${name}, wan],`,
        `})`,
      ].join('\n'),
      'sites/here.yaml': `standard: ${name}@1\ncity: Hamburg\ncountry: DE\n${facts}\n`,
    }
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    const built = await openWorkspace(folder, { date: '2026-01-01' }).build()
    assert(built.ok, built.diagnostics.map(({ message }) => message).join('\n'))
    assert(built.value.design.sites[0]!.segments.length > 0)
  })
}
