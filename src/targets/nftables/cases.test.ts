/** Whole printed files against the goldens in `cases/`, and against the real `nft`, which loads each twice. `UPDATE=1` writes the goldens anew. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { byName } from '#base/order.ts'
import { textOf } from '../target.ts'
import { devices } from './cases/devices.ts'
import { nftables } from './index.ts'
import { FILES, type NftTable, TABLE } from './tree.ts'

const folder = join(import.meta.dirname, 'cases')
/** `leaf.conf` is the filter of the device leaf; `switch.guard.conf` the guard of a switch. */
const goldenOf = (name: string, path: string) => join(folder, path === FILES.inet ? `${name}.conf` : `${name}.${path}`)
const printed = Object.entries(devices).flatMap(([name, device]) =>
  nftables.print(nftables.lower(device)!).map((file) => ({ name, path: file.path, text: textOf(file), golden: goldenOf(name, file.path) })),
)
const skip = process.getuid?.() === 0 ? false : 'nft needs root, and a network namespace of its own'

/** Runs shell commands where no rule of the machine is touched. */
function inNamespace(script: string, ...parameters: string[]): string {
  const { status, stdout, stderr, error } = spawnSync('unshare', ['--net', 'sh', '-euc', script, 'sh', ...parameters], { encoding: 'utf8' })
  assert.equal(status, 0, error?.message ?? (/nft: not found/.test(stderr) ? 'nft is missing: apt-get install nftables' : stderr))
  return stdout
}

for (const { name, path, text, golden } of printed) {
  test(`${path} of ${name} is printed as in its golden file`, () => {
    if (process.env.UPDATE) writeFileSync(golden, text)
    assert.equal(text, readFileSync(golden, 'utf8'))
  })

  test(`${path} of ${name} is accepted by nft, and loading it again changes nothing`, { skip }, () => {
    inNamespace('nft -c -f "$1"', golden)
    const [once, twice] = inNamespace('nft -f "$1"; nft list ruleset; echo SECOND; nft -f "$1"; nft list ruleset', golden).split('SECOND\n')
    assert.match(once!, /type filter hook/)
    assert.equal(twice, once)
  })

  test(`everything in ${path} of ${name} has a name by which nft lists it`, { skip }, () => {
    const { family, sets, maps, chains } = parsed(path, text)
    const named = Object.entries({ set: sets, map: maps, chain: chains }).flatMap(([kind, parts]) =>
      parts.map((part) => `nft list ${kind} ${family} ${TABLE} ${part.name} >/dev/null`),
    )
    inNamespace(`nft -f "$1"; ${named.join('; ')}`, golden)
  })
}

function parsed(path: string, text: string): NftTable {
  const result = nftables.parse(new Map([[path, text]]))
  assert.ok(result.ok)
  return result.value.tables[0]!
}

test('one filter replaces another in place, whatever overlaps', { skip }, () => {
  const goldens = printed.filter(({ path }) => path === FILES.inet).map(({ golden }) => golden)
  // What the kernel is told at each hook: a chain that vanished from a filter may stay, empty, where it lets everything pass.
  const atHooks = (listing: string) =>
    [...listing.matchAll(/\tchain (\S+) \{\n(\t\ttype [^\n]*policy (\w+);\n)((?:\t\t[^\n]*\n)*)\t\}/g)]
      .map(([, name, hook, policy, rules]) => ({ name: name!, hook, policy, rules }))
      .sort((a, b) => byName(a.name, b.name))
  const alone = new Map(goldens.map((golden) => [golden, atHooks(inNamespace('nft -f "$1"; nft list ruleset', golden))]))
  for (const first of goldens)
    for (const second of goldens) {
      const chains = atHooks(inNamespace('nft -f "$1"; nft -f "$2"; nft list ruleset', first, second))
      const matters = chains.filter(({ rules, policy, name }) => rules !== '' || policy === 'drop' || alone.get(second)!.some((chain) => chain.name === name))
      assert.deepEqual(matters, alone.get(second), `${first} then ${second}`)
    }
})

test('every golden file has a device', () => {
  const goldens = readdirSync(folder).filter((file) => file.endsWith('.conf'))
  assert.deepEqual(goldens.map((file) => join(folder, file)).sort(), printed.map(({ golden }) => golden).sort())
})
