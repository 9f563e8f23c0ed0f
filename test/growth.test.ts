/** A segment that has outgrown its first block: what is there stays, and hosts in the further block find a gateway in it. */
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { contains, nth, type Prefix, prefixOf, showIp } from '#base/ip.ts'
import { openWorkspace } from '#workspace/workspace.ts'

const STARTER = join(import.meta.dirname, '..', 'examples', 'starter')

test('hosts beyond a pinned block that is too small are in a second one, with its length and its gateway', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'netwright-growth-'))
  try {
    cpSync(STARTER, folder, { recursive: true })
    rmSync(join(folder, 'netwright.lock'))
    const file = join(folder, 'sites', 'bos1.yaml')
    const text = readFileSync(file, 'utf8').replace('{web: 2, db: 1}', '{web: 12, db: 1}')
    writeFileSync(file, `${text}pinned: {blocks: [10.200.0.0/20], segments: {r01-web: {v4: 10.200.0.0/28}}}\n`)
    const built = await openWorkspace(folder, { date: '2026-01-01', typeCheck: false }).build()
    assert.ok(built.ok, JSON.stringify(built.diagnostics))
    const site = built.value.design.sites.find(({ id }) => id === 'bos1')!
    const [first, second] = site.segments.find(({ id }) => id === 'bos1/r01-web')!.prefixes.filter((prefix) => !prefix.includes(':'))
    assert.equal(first, '10.200.0.0/28')
    assert.ok(second)

    const leaf = site.devices.find(({ id }) => id === 'bos1/leaf-r01')!
    const gateways = leaf.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address))
    let inSecond = 0
    for (const host of site.devices.filter(({ name }) => name.startsWith('r01-web-host'))) {
      const [address] = host.interfaces.flatMap(({ addresses }) => addresses.map((at) => at.address))
      const block: Prefix = [first!, second!].map(prefixOf).find((prefix) => contains(prefix, prefixOf(`${address!.split('/')[0]}/32`)))!
      assert.equal(Number(address!.split('/')[1]), block.length)
      const via = host.routing!.statics[0]!.via as { readonly address: string }
      assert.equal(via.address, showIp(nth(block, 1)))
      assert.ok(gateways.includes(`${via.address}/${block.length}`))
      if (block.length === prefixOf(second).length) inSecond++
    }
    assert.ok(inSecond > 0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
