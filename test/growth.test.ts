/** A pool and a segment that have outgrown their first block: what is there stays, and all that knows the first block knows the further one. */
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { addressPart, contains, familyOf, nth, type Prefix, parseInterface, prefixAround, prefixOf, showIp, sizeOf } from '#base/ip.ts'
import type { SiteDesign } from '#design/design.ts'
import type { Device } from '#design/device.ts'
import { openWorkspace } from '#workspace/workspace.ts'
import { buildGood, copyStarter, DATE } from './why/starter.ts'

/** The site of the grown starter after `change` to its file, and what the build warned of. */
async function built(name: string, change: (text: string) => string): Promise<{ readonly site: SiteDesign; readonly warnings: readonly string[] }> {
  const folder = copyStarter()
  try {
    const file = join(folder, 'sites', `${name}.yaml`)
    writeFileSync(file, change(readFileSync(file, 'utf8')))
    const { design, diagnostics } = await buildGood(openWorkspace(folder, { date: DATE, typeCheck: false }))
    return { site: design.sites.find(({ id }) => id === name)!, warnings: diagnostics.map(({ code, message }) => `${code}: ${message}`) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const device = (site: SiteDesign, name: string) => site.devices.find(({ id }) => id === `${site.id}/${name}`)!

/** The IPv4 blocks of a segment. */
const blocksOf = (site: SiteDesign, name: string) =>
  site.segments.find(({ id }) => id === `${site.id}/${name}`)!.prefixes.filter((prefix) => familyOf(prefix) === 4)

/** The address as a prefix of its own. */
const alone = (address: string): Prefix => {
  const { ip } = parseInterface(address)!
  return prefixAround(ip, ip.family === 4 ? 32 : 128)
}

const holds = (prefixes: readonly string[], address: string) => prefixes.some((prefix) => contains(prefixOf(prefix), alone(address)))

/** The prefixes of which single addresses pass a route policy of a device. */
function passing({ routing }: Device, policy: string): string[] {
  const { policies, prefixLists } = routing!
  const lists = policies.find(({ name }) => name === policy)!.entries.flatMap(({ match }) => [match.prefixList4, match.prefixList6])
  return prefixLists
    .filter(({ name }) => lists.includes(name))
    .flatMap(({ entries }) => entries.filter(({ ge }) => (ge ?? 0) >= 32).map(({ prefix }) => prefix))
}

test('hosts beyond a pinned pool that is too small are in a second block, which their leaves believe, their zone holds and the filters know', async () => {
  const { site } = await built('bos1', (text) =>
    text.replace('{web: 2, db: 1}', '{web: 12, db: 1}').concat('pinned: {blocks: [10.200.0.0/20], segments: {r01-web: {v4: 10.200.0.0/28}}}\n'),
  )
  const [first, ...further] = blocksOf(site, 'r01-web')
  assert.equal(first, '10.200.0.0/28')
  const zone = site.zones.find(({ id }) => id === 'bos1/zone/web')!.prefixes
  const hosts = site.devices.filter(({ name }) => name.startsWith('r01-web-host'))
  assert.equal(hosts.length, 12)
  assert(hosts.some(({ interfaces }) => interfaces.some(({ name, addresses }) => name === 'lo' && addresses.some(({ address }) => holds(further, address)))))
  for (const host of hosts) {
    const held = host.interfaces.find(({ name }) => name === 'lo')!.addresses.map(({ address }) => address)
    assert(held.some((address) => holds([first!, ...further], address)))
    assert.deepEqual(
      host.routing!.bgp[0]!.ipv4.networks.map(({ prefix }) => prefix),
      held.filter((address) => familyOf(addressPart(address)) === 4),
    )
    for (const address of held) {
      assert(holds(zone, address), address)
      for (const name of ['leaf-r01-a', 'leaf-r01-b']) {
        const leaf = device(site, name)
        const session = leaf.routing!.bgp.find(({ vrf }) => vrf === 'web')!.neighbors.find(({ description }) => description.startsWith(`${host.id} `))!
        assert(holds(passing(leaf, session.importPolicy!), address), `${name}: ${address}`)
      }
      for (const name of ['border-a', 'border-b']) {
        const { ipv4, ipv6 } = device(site, name).routing!.bgp.find(({ vrf }) => vrf === 'web')!
        assert(
          holds(
            [...ipv4.aggregates, ...ipv6.aggregates].map(({ prefix }) => prefix),
            address,
          ),
          `${name}: ${address}`,
        )
      }
      for (const name of ['fw-a', 'fw-b']) {
        const { zones, sets } = device(site, name).filter!
        const { sources } = zones.find(({ name }) => name === 'web')!
        const known = sets.find(({ name }) => name === sources)!.prefixes.map(({ prefix }) => prefix)
        assert(holds(known, address), `${name}: ${address}`)
      }
    }
  }
})

test('a segment that outgrows its first block has a second one, in which its gateways share an address and hand out the others', async () => {
  const { site, warnings } = await built('lis-office', (text) => `${text}pinned: {blocks: [10.201.0.0/20], segments: {users-1: {v4: 10.201.0.0/28}}}\n`)
  const blocks = blocksOf(site, 'users-1')
  const [first, second, ...more] = blocks
  assert.equal(first, '10.201.0.0/28')
  assert(second !== undefined && more.length === 0)
  assert.deepEqual(warnings, [])
  const room = prefixOf(second)
  const at = (offset: bigint) => showIp(nth(room, offset))
  const gateways = ['edge-a', 'edge-b'].map((name) => device(site, name))
  const own = gateways.map(({ interfaces }) =>
    blocks.map((block) => interfaces.flatMap(({ addresses }) => addresses.filter(({ address }) => holds([block], address)).map(({ address }) => address))),
  )
  assert.deepEqual(own, [
    [['10.201.0.2/28'], [`${at(2n)}/${room.length}`]],
    [['10.201.0.3/28'], [`${at(3n)}/${room.length}`]],
  ])
  for (const { vrrp, dhcp, filter } of gateways) {
    assert.deepEqual(vrrp!.groups.find(({ name }) => name === 'users-1')!.v4, ['10.201.0.1/28', `${at(1n)}/${room.length}`])
    const { v4 } = dhcp!.segments.find(({ name }) => name === 'users-1')!
    assert.deepEqual(
      v4.map(({ why: _, ...pool }) => pool),
      [
        { prefix: first, first: '10.201.0.8', last: '10.201.0.14', gateway: '10.201.0.1' },
        { prefix: second, first: at(8n), last: at(sizeOf(room) - 2n), gateway: at(1n) },
      ],
    )
    const { sources } = filter!.zones.find(({ name }) => name === 'users')!
    const known = filter!.sets.find(({ name }) => name === sources)!.prefixes.map(({ prefix }) => prefix)
    for (const block of blocks) assert(known.some((prefix) => contains(prefixOf(prefix), prefixOf(block))))
  }
})
