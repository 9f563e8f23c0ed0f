/** Edits of a company one after the other: what is proved of each after those before is what is proved of it alone. */
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { proofOfBuilt, prover, verdictsOf } from '#workspace/prove.ts'
import { openWorkspace } from '#workspace/workspace.ts'
import { assertSameVerdicts } from './same-verdicts.ts'
import { buildGood } from './why/starter.ts'

const STARTER = join(import.meta.dirname, '../examples/starter')

/** A file and what is put in place of what; a new file is in place of nothing. */
type Edit = readonly [file: string, from: string | RegExp, to: string]

/** What each edit is about, and how many destinations it leaves to be proved. */
const EDITS: Readonly<Record<string, { readonly edits: readonly Edit[]; readonly breaks?: RegExp }>> = {
  'a note': { edits: [['company.ts', /$/, '// a note\n']] },
  'a policy more': {
    edits: [['company.ts', /$/, "allow({ from: zone.voice, to: service('orders-map'), why: 'read out', owner: 'web-operations' })\n"]],
  },
  'its senders are others': { edits: [['company.ts', 'from: zone.voice, to: service', 'from: zone.things, to: service']] },
  'a policy that breaks a claim': {
    edits: [['company.ts', /$/, "allow({ from: zone.users, to: service('orders-db'), why: 'no', owner: 'network' })\n"]],
    breaks: /forbid isolate users → db/,
  },
  'the same beside another edit': { edits: [['company.ts', "'443/tcp', '53/udp'", "'443/tcp', '53/udp', '53/tcp'"]], breaks: /forbid isolate users → db/ },
  'it is gone': { edits: [['company.ts', /allow\(.*why: 'no'.*\n/, '']] },
  'a claim that is not true': { edits: [['company.ts', /$/, "expect(reach(zone.guest, service('orders-map')))\n"]], breaks: /expect/ },
  'it is gone, too': { edits: [['company.ts', "expect(reach(zone.guest, service('orders-map')))\n", '']] },
  'a port of a service': { edits: [['services/orders-map.yaml', '443/tcp', '8443/tcp']] },
  'a replica more': { edits: [['services/orders-map.yaml', 'replicas: 2', 'replicas: 3']] },
  'a need less, and the claim about it': {
    edits: [
      ['services/orders-map.yaml', /needs:.*/, ''],
      ['company.ts', /expect\(reach\(service\('orders-map'\), service\('orders-db'\)\).*\n/, ''],
    ],
  },
  'a floor more': {
    edits: [
      [
        'sites/lis-office.yaml',
        '  - {name: "1", area: 6000 sqft, seats: 40}',
        '  - {name: "1", area: 6000 sqft, seats: 40}\n  - {name: "2", area: 6000 sqft, seats: 10}',
      ],
      ['sites/lis-office.yaml', 'seats: 40\nfloors', 'seats: 50\nfloors'],
    ],
  },
  'a circuit more': {
    edits: [
      ['sites/lis-office.yaml', /$/, '  - {id: nos-private, carrier: NOS, kind: private, to: bos1, bandwidth: 100 Mbps, price: {fixed: 300 EUR/month}}\n'],
    ],
  },
  'what it has no part in: a price': { edits: [['sites/lis-office.yaml', 'fixed: 640', 'fixed: 610']] },
  'an office more': {
    edits: [
      [
        'sites/opo-office.yaml',
        '',
        'standard: office@1\ncity: Porto\ncountry: PT\nseats: 20\nfloors:\n  - {name: "1", area: 4000 sqft, seats: 20}\nowner: network\ncircuits:\n  - {id: meo, carrier: MEO, kind: private, to: bos1, bandwidth: 100 Mbps}\n',
      ],
    ],
  },
  'an office less': { edits: [['sites/opo-office.yaml', /^/, '']] },
}

test('what is proved of each edit after others is what is proved of it alone', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'netwright-otherwise-'))
  context.after(() => rmSync(folder, { recursive: true }))
  cpSync(STARTER, folder, { recursive: true })
  const workspace = openWorkspace(folder, { date: '2026-01-01', typeCheck: false })
  const next = prover()
  const first = next(await buildGood(workspace))
  assert(first.ok)
  verdictsOf(first.value)
  for (const [name, { edits, breaks }] of Object.entries(EDITS)) {
    for (const [file, from, to] of edits) {
      const at = join(folder, file)
      if (to === '' && file.startsWith('sites/')) rmSync(at)
      else if (from === '') writeFileSync(at, to)
      else {
        const text = readFileSync(at, 'utf8')
        const other = text.replace(from, () => to)
        assert.notEqual(other, text, name)
        writeFileSync(at, other)
      }
    }
    const built = await buildGood(workspace)
    const [part, whole] = [next(built), proofOfBuilt(built)]
    assert(part.ok && whole.ok, name)
    assert(part.value.since, name)
    const all = verdictsOf(whole.value)
    assertSameVerdicts(verdictsOf(part.value), all, name)
    const broken = all.flatMap(({ id, holds }) => (holds ? [] : [id]))
    assert.equal(broken.length > 0, breaks !== undefined, `${name}: ${broken}`)
    if (breaks) assert.match(broken[0]!, breaks)
  }
})

test('what was proved before is let go of', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'netwright-otherwise-'))
  context.after(() => rmSync(folder, { recursive: true }))
  cpSync(STARTER, folder, { recursive: true })
  const workspace = openWorkspace(folder, { date: '2026-01-01', typeCheck: false })
  const next = prover()
  const service = join(folder, 'services/orders-map.yaml')
  const text = readFileSync(service, 'utf8')
  /** Routed anew each time. */
  const proved = async (replicas: number): Promise<WeakRef<object>> => {
    writeFileSync(service, text.replace('replicas: 2', `replicas: ${replicas}`))
    const proof = next(await buildGood(workspace))
    assert(proof.ok)
    verdictsOf(proof.value)
    return new WeakRef(proof.value.world.routed)
  }
  const worlds = [await proved(2), await proved(3), await proved(2), await proved(3), await proved(2)]
  // Weak references hold until the end of the job in which they were made or looked at.
  await new Promise(setImmediate)
  collect()
  assert.deepEqual(
    worlds.slice(0, 3).map((world) => world.deref() === undefined),
    [true, true, true],
  )
})

/** Collects garbage now. */
function collect(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}
