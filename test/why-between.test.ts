/**
 * `why A B`: what is told of a way is all that it needs, and nothing that it can do without. Each rule and route is taken out in turn, and the packet does not come by all of its ways any more; with these alone it does.
 * Answers read as they should (`why/ways.txt`, blessed by `UPDATE=1`).
 */
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { contains, familyOf, parseIp, prefixOf } from '#base/ip.ts'
import { showWay } from '#cli/show-way.ts'
import { parsePort } from '#model/port.ts'
import { type Asked, type Way, waysBetween } from '#proofs/between.ts'
import { elementsOf, type NeededRule, only, withElements } from '#proofs/engine/filter/needed.ts'
import { keyOf } from '#proofs/engine/filter/walk.ts'
import type { Told } from '#proofs/engine/network/told.ts'
import { worldOf } from '#proofs/engine/reach/world.ts'
import { tableName } from '#proofs/engine/routing/forwarding.ts'
import { type Said, whencesOf } from '#proofs/engine/routing/whence.ts'
import type { Proof } from '#proofs/proof.ts'
import type { NftTable } from '#targets/nftables/tree.ts'
import { type ExplainedWay, explainWays } from '#workspace/explain-way.ts'
import { lineOfSaid } from '#workspace/printed-line.ts'
import { proofOfBuilt, prover } from '#workspace/prove.ts'
import { type Built, openWorkspace, type Workspace } from '#workspace/workspace.ts'
import { buildGood, buildStarter } from './why/starter.ts'

const STARTER = join(import.meta.dirname, '../examples/starter')
const WAYS = join(import.meta.dirname, 'why', 'ways.txt')

const SERVICE: Asked = { from: 'ber-office/users-3', to: 'orders-map', service: parsePort('443/tcp')! }
const INTERNET: Asked = { from: 'lis-office/users-1', to: 'internet', service: parsePort('443/tcp')! }
const DATABASE: Asked = { from: 'ber-office/users-3', to: 'orders-db', service: parsePort('5432/tcp')! }

let workspace: Workspace
let built: Built
let proof: Proof

before(async () => {
  workspace = openWorkspace(STARTER, { date: '2026-01-01', typeCheck: false })
  built = await buildGood(workspace)
  const proved = proofOfBuilt(built)
  assert(proved.ok)
  proof = proved.value
})

function waysOf(of: Proof, asked: Asked): readonly Way[] {
  const found = waysBetween(of, asked)
  assert('ways' in found)
  return found.ways
}

/** The network with other filters, and without some routes. */
function supposed(change: { readonly told?: (told: Told) => Told; readonly isThere?: (table: string, prefix: string) => boolean }): Proof {
  const { routed, told } = proof.world
  const { isThere } = change
  const tables = isThere
    ? new Map([...routed.tables].map(([name, table]) => [name, new Map([...table].filter(([prefix]) => isThere(name, prefix)))]))
    : routed.tables
  const devices = [...told.values()].map(change.told ?? ((one) => one))
  return { ...proof, world: worldOf(devices, { ...routed, tables }, [...proof.cables.values()]) }
}

/** The network in which the filter of a device has these rules alone, and these elements of the sets that they look in. */
function withRules(device: string, kept: readonly NeededRule[]): Proof {
  const reduced = (table: NftTable): NftTable => {
    const rules = only(table, new Set(kept.map(keyOf)))
    const looked = new Set([...table.sets, ...table.maps].map(({ name }) => name))
    const all = kept.flatMap(({ elements }) => elements)
    return [...looked].reduce((left, name) => {
      const elements = elementsOf(table, name)
      return withElements(left, name, new Set(all.filter(({ set }) => set === name).map(({ index }) => elements[index]!)))
    }, rules)
  }
  return supposed({
    told: (one) => (one.id === device ? { ...one, nftables: { ...one.nftables!, tables: one.nftables!.tables.map(reduced) } } : one),
  })
}

/** What is the same of a way that goes as well: who it goes by, and that it arrives. */
const course = ({ arrives, devices }: Way) => ({ arrives, devices })

for (const asked of [SERVICE, INTERNET])
  describe(`from ${asked.from} to ${asked.to}`, () => {
    test('with the rules that are told alone it arrives, and without any one of them not', () => {
      const ways = waysOf(proof, asked)
      assert.equal(ways.length, 2)
      for (const way of ways) {
        assert(way.arrives && way.gates.length > 0)
        for (const { device, rules } of way.gates) {
          const again = (kept: typeof rules) => waysOf(withRules(device, kept), asked).find(({ family }) => family === way.family)!
          assert.deepEqual(course(again(rules)), course(way), device)
          const without = [
            ...rules.map((rule) => rules.filter((other) => other !== rule)),
            ...rules.flatMap((rule) =>
              rule.elements.map((element) =>
                rules.map((other) => (other === rule ? { ...rule, elements: rule.elements.filter((one) => one !== element) } : other)),
              ),
            ),
          ]
          assert(without.length > rules.length)
          for (const kept of without) {
            const left = again(kept)
            assert(!left.arrives, `${device} with ${JSON.stringify(kept)}`)
            assert(left.gates.some((gate) => gate.device === device && !gate.passes))
          }
        }
      }
    })

    test('with the routes that are told alone it goes the same ways, and without any one of them not', () => {
      for (const way of waysOf(proof, asked)) {
        const own = way.routes.filter(({ around }) => around === undefined)
        // One for each table that it comes to.
        assert.equal(new Set(own.map(({ device, vrf }) => tableName(device, vrf))).size, own.length)
        assert.deepEqual([...new Set(own.map(({ device }) => device))], way.devices)
        const [destination] = way.packet.split(' → ')[1]!.split(' ')
        const { family, value } = parseIp(destination!)!
        const holds = (prefix: string) => familyOf(prefix) === family && contains(prefixOf(prefix), { family, base: value, length: family === 4 ? 32 : 128 })
        const again = (routes: typeof own) => {
          const told = new Set(routes.map(({ device, vrf, prefix }) => `${tableName(device, vrf)} ${prefix}`))
          return waysOf(supposed({ isThere: (table, prefix) => !holds(prefix) || told.has(`${table} ${prefix}`) }), asked).find(
            (one) => one.family === way.family,
          )!
        }
        assert.deepEqual(course(again(own)), course(way))
        for (const route of own) {
          const left = again(own.filter((other) => other !== route))
          assert(!left.arrives, `without ${route.device} ${route.prefix}`)
          assert(
            left.losses.some(({ device, says }) => device === route.device && says === 'has no route for it'),
            `without ${route.device} ${route.prefix}`,
          )
        }
      }
    })

    test('each rule and each line of a route has a place in the sources', () => {
      for (const way of waysOf(proof, asked)) {
        const [{ gates, routes }] = explainWays(workspace, built, [way]) as [ExplainedWay]
        const standing = [...gates.flatMap(({ rules }) => rules.flatMap((rule) => [rule, ...rule.elements])), ...routes.flatMap(({ said }) => said)]
        for (const { line, explanation, ...what } of standing) {
          assert(line && explanation && explanation.steps.length > 0, JSON.stringify(what))
          if ('text' in what) assert.equal(explanation.text.trim(), what.text)
        }
        // From the device to where it begins.
        for (const { device, prefix, protocol, said } of routes) {
          assert(said.length > 0, `${device} ${prefix}`)
          if (protocol !== 'bgp') continue
          assert(
            said.some((one) => one.part === 'hears' && one.device === device),
            `${device} ${prefix}`,
          )
          assert(
            said.some(({ part }) => part === 'begins'),
            `${device} ${prefix}`,
          )
        }
      }
    })
  })

test('every route of every table has the lines that make it, down to where it begins', async () => {
  // Also of a company with balancers and a carrier that speaks BGP.
  const { folder, built: grown } = await buildStarter()
  rmSync(folder, { recursive: true })
  const proved = proofOfBuilt(grown)
  assert(proved.ok)
  const { routed, told } = proved.value.world
  const ask = whencesOf(routed, told)
  const lines = new Map<string, Said>()
  const ends = new Set<string>()
  for (const [name, table] of routed.tables) {
    const [device, vrf = ''] = name.split('#') as [string, string?]
    for (const route of table.values()) {
      const { said, best } = ask(device, vrf, route)
      assert(said.length > 0 && best !== '', `${name} ${route.prefix} ${route.protocol}`)
      for (const one of said) lines.set([one.device, one.file, ...one.within, one.text].join(' '), one)
      ends.add(
        `${route.protocol} ${said.at(-1)!.part} ${said
          .at(-1)!
          .text.split(' ')
          .slice(0, 2)
          .join(' ')
          .replace(/[\d.:a-f]+[./:].*/, '…')}`,
      )
    }
  }
  for (const [name, one] of lines) assert(lineOfSaid(grown.files, one), name)
  assert.deepEqual([...ends].sort(), [
    'bgp begins aggregate-address …',
    'bgp begins network …',
    'bgp outside neighbor …',
    'connected has address add',
    'connected has bind …',
    'kernel states route add',
    'static states ip route',
    'static states ipv6 route',
  ])
})

test('without a line that makes a route it is no more what it was', () => {
  const prove = prover()
  const lines = waysOf(proof, SERVICE)[0]!.routes.flatMap((route) => route.said.filter(({ part }) => part !== 'carries').map((said) => ({ route, said })))
  // Of lines of one sort one is enough; there are many of each.
  const sample = new Map(lines.map((one) => [`${one.said.part} ${one.said.text.split(' ')[0]} ${one.route.around === undefined}`, one]))
  assert.deepEqual([...sample.keys()].sort(), [
    'begins aggregate-address true',
    'begins network false',
    'begins network true',
    'has address false',
    'has address true',
    'hears neighbor false',
    'hears neighbor true',
  ])
  for (const { route, said } of sample.values()) {
    const path = `${said.device}/${said.file}`
    // A neighbor that is not one has no other lines either; an aggregate is told by both of a pair.
    const goes = (text: string) => (said.part === 'hears' ? text.trim().startsWith(said.text.replace(/remote-as.*/, '')) : text.trim() === said.text)
    const others = route.said
      .filter(({ part, text }) => part === 'begins' && said.part === 'begins' && text === said.text)
      .map(({ device }) => `${device}/${said.file}`)
    const files = new Map(built.files)
    for (const file of new Set([path, ...others])) {
      const text = files.get(file)!
      const left = text.split('\n').filter((one) => !goes(one))
      assert(left.length < text.split('\n').length)
      files.set(file, left.join('\n'))
    }
    const after = prove({ ...built, files })
    assert(after.ok, said.text)
    const table = after.value.world.table(route.device, route.vrf)
    assert.notDeepEqual(table.get(route.prefix)?.to, route.to, `without ${path}: ${said.text}`)
  }
})

test('packets around it have routes from one end of the tunnel to the other', () => {
  const [way] = waysOf(proof, SERVICE)
  const around = Map.groupBy(
    way!.routes.filter((route) => route.around !== undefined),
    (route) => route.around!,
  )
  assert(around.size > 0)
  for (const [end, routes] of around) {
    assert(routes.every(({ vrf, prefix }) => vrf === '' && prefix === `${end}/32`))
    assert.equal(routes.filter(({ protocol }) => protocol === 'connected').length, 1)
    assert(routes.some(({ device }) => device.startsWith('bos1/spine-')))
  }
})

test('a route that is missing is in the way, with who answers for the device', () => {
  const table = 'bos1/leaf-r01-a#web'
  const [way] = waysOf(supposed({ isThere: (name) => name !== table }), SERVICE)
  assert(!way!.arrives)
  // The other of two equal ways goes on.
  assert(way!.devices.includes('bos1/leaf-r01-b'))
  const [{ losses }] = explainWays(workspace, built, [way!]) as [ExplainedWay]
  assert.deepEqual(
    losses.map(({ device, says, liable: { owner, contact, asked } }) => [device, says, owner, contact, asked.map(({ text }) => text)]),
    [['bos1/leaf-r01-a', 'has no route for it', 'network', 'noc@acme.example', ['data-centre@1: devices leaf-r01 of bos1']]],
  )
})

test('answers read as they should', () => {
  const shown = [SERVICE, DATABASE, INTERNET].flatMap((asked) => {
    const [way] = waysOf(proof, asked)
    return [...explainWays(workspace, built, [way!]).flatMap((explained) => showWay(explained, false)), '']
  })
  // Lines of the ledger and of printed files move with much that has nothing to do with these answers.
  const text = stripVTControlCharacters(shown.join('\n'))
    .replace(/netwright\.lock:\d+:\d+ */g, 'netwright.lock  ')
    .replace(/([\w-]+\/[\w-]+\/[\w.-]+\.(conf|ip|cfg)):\d+/g, '$1')
  if (process.env.UPDATE) writeFileSync(WAYS, text)
  assert.deepEqual(text.split('\n'), readFileSync(WAYS, 'utf8').split('\n'))
})

describe('who gets to whom', () => {
  const between = (from: string, to: string, port?: string) => {
    const ways = waysOf(proof, { from, to, ...(port === undefined ? {} : { service: parsePort(port)! }) })
    assert.equal(ways.length, 2)
    return ways.map(({ packet, arrives, gates }) => [
      packet,
      arrives,
      gates.map(({ device, passes, rules }) => `${passes ? 'passes' : 'dropped at'} ${device} ${rules.map(({ chain }) => chain).join(' ')}`),
    ])
  }

  test('an allowed flow, with the rules that it needs', () => {
    assert.deepEqual(between('ber-office/users-3', 'orders-map'), [
      ['10.180.25.8 → 10.189.157.103 tcp/443', true, ['passes ber-office/fw-a forward users-outside', 'passes bos1/fw-a forward outside-web']],
      [
        '2001:db8:281f:6920::8 → 2001:db8:2888:1664::27 tcp/443',
        true,
        ['passes ber-office/fw-a forward users-outside', 'passes bos1/fw-a forward outside-web'],
      ],
    ])
  })

  test('a denied flow, with every obstacle on the whole way', () => {
    const gates = ['dropped at ber-office/fw-a forward', 'dropped at bos1/fw-a forward']
    assert.deepEqual(between('ber-office/users-3', 'orders-db', '5432/tcp'), [
      ['10.180.25.8 → 10.189.158.230 tcp/5432', false, gates],
      ['2001:db8:281f:6920::8 → 2001:db8:2888:e770::26 tcp/5432', false, gates],
    ])
  })

  test('nobody of that name', () => {
    assert.deepEqual(waysBetween(proof, { from: 'ber-office/users-3', to: 'order-map' }), { nobody: 'order-map' })
  })
})
