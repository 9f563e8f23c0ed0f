/** What holds for every target: it is registered and complete, answers everything, explains every line, and reads back what it prints. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { CAPABILITIES } from '#design/capability.ts'
import type { Device } from '#design/device.ts'
import { targets } from './index.ts'
import { textOf } from './target.ts'
import { withoutWhys } from './without-whys.ts'

const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

/** The devices of a target's golden cases: everything that its cases/devices.ts exports. */
async function casesOf(name: string): Promise<[string, Device][]> {
  const module = (await import(join(import.meta.dirname, name, 'cases/devices.ts'))) as Record<string, Record<string, Device>>
  return Object.values(module).flatMap((record) => Object.entries(record))
}

test('every folder is a registered target, and every target has a folder', () => {
  assert.deepEqual(targets.map(({ name }) => name).sort(), folders.sort())
})

for (const target of targets) {
  const folder = join(import.meta.dirname, target.name)

  test(`${target.name} has its files`, () => {
    for (const file of ['README.md', 'can.ts', 'index.ts', 'cases/devices.ts']) assert(existsSync(join(folder, file)), file)
  })

  test(`${target.name} answers every capability, with a reason where it says no`, () => {
    assert.deepEqual(Object.keys(target.can).sort(), Object.keys(CAPABILITIES).sort())
    for (const [capability, answer] of Object.entries(target.can)) assert(answer === true || answer.no.length > 0, capability)
  })

  test(`${target.name} declares each constant choice once, with the line that says it`, () => {
    assert.equal(new Set(target.rules.map(({ origin }) => origin)).size, target.rules.length)
    for (const { origin, reason, place } of target.rules) {
      const name = origin.slice(`rule ${target.name}/`.length)
      assert.equal(origin, `rule ${target.name}/${name}`)
      assert(reason.length > 0, origin)
      const declaration = readFileSync(fileURLToPath(place.file), 'utf8')
        .split('\n')
        .slice(place.line - 1, place.line + 2)
      assert(
        declaration.some((line) => line.includes(`'${name}'`)),
        `${origin} is not declared at line ${place.line} of ${place.file}`,
      )
    }
  })

  test(`${target.name} explains every line of its cases, and reads them back`, async () => {
    const cases = await casesOf(target.name)
    assert(cases.length > 0)
    const declared = new Set(target.rules.map(({ origin }) => origin))
    for (const [name, device] of cases) {
      const tree = target.lower(device)
      assert(tree !== undefined, name)
      const files = target.print(tree)
      for (const { path, lines } of files) {
        for (const [index, { text, why }] of lines.entries()) {
          const where = `${name}/${path}:${index + 1}: ${text}`
          assert(!text.includes('\n'), where)
          assert(why.length > 0 && why.every((origin) => origin.length > 0), `no why: ${where}`)
          for (const origin of why) if (origin.startsWith(`rule ${target.name}/`)) assert(declared.has(origin), `${origin} is not among the rules: ${where}`)
        }
      }
      const back = target.parse(new Map(files.map((file) => [file.path, textOf(file)])))
      assert.deepEqual(back.diagnostics, [], name)
      assert(back.ok)
      assert.deepEqual(withoutWhys(back.value), withoutWhys(tree), name)
      assert.deepEqual(target.print(target.lower(device)), files, `${name} prints the same twice`)
    }
  })
}
