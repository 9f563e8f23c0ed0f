/** Whole printed files against the goldens in `cases/`, and against the real `nft`, which loads each twice. `UPDATE=1` writes the goldens anew. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { textOf } from '../target.ts'
import { devices } from './cases/devices.ts'
import { nftables } from './index.ts'

const folder = join(import.meta.dirname, 'cases')
const goldenOf = (name: string) => join(folder, `${name}.conf`)
const skip = process.getuid?.() === 0 ? false : 'nft needs root, and a network namespace of its own'

/** Runs shell commands where no rule of the machine is touched. */
function inNamespace(script: string, ...parameters: string[]): string {
  const { status, stdout, stderr, error } = spawnSync('unshare', ['--net', 'sh', '-euc', script, 'sh', ...parameters], { encoding: 'utf8' })
  assert.equal(status, 0, error?.message ?? (/nft: not found/.test(stderr) ? 'nft is missing: apt-get install nftables' : stderr))
  return stdout
}

for (const [name, device] of Object.entries(devices)) {
  test(`${name} is printed as in its golden file`, () => {
    const text = textOf(nftables.print(nftables.lower(device)!)[0]!)
    if (process.env.UPDATE) writeFileSync(goldenOf(name), text)
    assert.equal(text, readFileSync(goldenOf(name), 'utf8'))
  })

  test(`${name} is accepted by nft, and loading it again changes nothing`, { skip }, () => {
    inNamespace('nft -c -f "$1"', goldenOf(name))
    const [once, twice] = inNamespace('nft -f "$1"; nft list ruleset; echo SECOND; nft -f "$1"; nft list ruleset', goldenOf(name)).split('SECOND\n')
    assert.ok(once!.includes('chain forward'))
    assert.equal(twice, once)
  })
}

test('one filter replaces another in place, whatever overlaps', { skip }, () => {
  const names = Object.keys(devices)
  const alone = new Map(names.map((name) => [name, inNamespace('nft -f "$1"; nft list ruleset', goldenOf(name))]))
  for (const first of names)
    for (const second of names) {
      const listed = inNamespace('nft -f "$1"; nft -f "$2"; nft list ruleset', goldenOf(first), goldenOf(second))
      const base = (text: string) => text.slice(text.indexOf('\tchain forward {'), text.indexOf('\tchain output {'))
      assert.ok(listed.includes(base(alone.get(second)!)), `${first} then ${second}`)
    }
})

test('every golden file has a device', () => {
  const goldens = readdirSync(folder).filter((file) => file.endsWith('.conf'))
  assert.deepEqual(
    goldens.sort(),
    Object.keys(devices)
      .map((name) => `${name}.conf`)
      .sort(),
  )
})
