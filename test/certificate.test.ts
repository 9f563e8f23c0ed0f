/**
 * Certificates: that of the starter is found good by the checker of its own; one that was tampered with is refused, with the part that is wrong; what is no certificate at all is refused in a sentence. A certificate
 * of a network with a fault in it is good too, and says what does not hold.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { certificateOf } from '#proofs/certificate/certificate.ts'
import type { Certificate } from '#proofs/certificate/format.ts'
import { prover, verdictsOf } from '#workspace/prove.ts'
import { type Built, openWorkspace } from '#workspace/workspace.ts'
import { buildGood } from './why/starter.ts'

const ROOT = join(import.meta.dirname, '..')
const STARTER = join(ROOT, 'examples/starter')
const temporary = mkdtempSync(join(tmpdir(), 'netwright-certificate-'))
after(() => rmSync(temporary, { recursive: true }))

let built: Built
let good: Certificate

before(async () => {
  built = await buildGood(openWorkspace(STARTER, { date: '2026-01-01', typeCheck: false }))
  good = certify(built.files)
})

function certify(files: Built['files']): Certificate {
  const proof = prover()({ ...built, files })
  assert(proof.ok)
  return certificateOf(proof.value, verdictsOf(proof.value), new Map([...files].map(([path, text]) => [path, hash('sha256', text)])))
}

/** What the checker says of a file with this text. */
function check(text: string, ...args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const file = join(temporary, 'certificate.json')
  writeFileSync(file, text)
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'tools/check-certificate.ts'), file, ...args], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

test('that of the starter is good', () => {
  const { status, stdout, stderr } = check(JSON.stringify(good), '--configs', join(STARTER, 'out'))
  assert.equal(stderr, '')
  assert.equal(status, 0)
  const [, checked, trusted] = /^checked (\d+), taken on trust (\d+)\n/.exec(stdout)!.map(Number)
  const all = (...properties: readonly string[]) => properties.reduce((sum, property) => sum + good.verdicts[property]!.length, 0)
  assert.equal(checked, all('works', 'denied', 'claims', 'loops', 'filters', 'addresses'))
  assert.equal(checked! + trusted!, all(...Object.keys(good.verdicts)))
  assert.match(stdout, /\d+ files are those that it is about\n$/)
})

test('the same network has the same certificate', () => {
  assert.equal(JSON.stringify(certify(built.files)), JSON.stringify(good))
})

test('the checker shares no code with what it checks', () => {
  const parts = readdirSync(join(ROOT, 'tools/certificate')).map((name) => `certificate/${name}`)
  assert(parts.length > 5)
  for (const name of ['check-certificate.ts', ...parts])
    for (const [, from] of readFileSync(join(ROOT, 'tools', name), 'utf8').matchAll(/ from '(.*)'$/gm))
      assert.match(from!, /^(node:|\.\/(certificate\/)?\w+\.ts$)/)
})

test('what does not hold is found not to hold', () => {
  const path = 'ber-office/fw-a/nftables.conf'
  const text = built.files.get(path)!
  const fault = text.replace('  10.189.157.103/32 . tcp . 443,\n', '')
  assert.notEqual(fault, text)
  const faulty = certify(new Map([...built.files, [path, fault]]))
  const failing = Object.values(faulty.verdicts).flatMap((all) => all.filter(([, holds]) => holds === 0))
  assert(failing.length > 0)
  const { status, stdout, stderr } = check(JSON.stringify(faulty))
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' })
  assert.match(stdout, new RegExp(`^${failing.length} of what was checked does not hold, as it says$`, 'm'))

  const [works] = faulty.verdicts.works!.filter(([, holds]) => holds === 0)
  const other = structuredClone(faulty) as Mutable
  other.verdicts.works.find(([id]: [string]) => id === works![0])![2] = works![2]!.replace('tcp/443', 'tcp/444')
  assert.match(check(JSON.stringify(other)).stderr, /^refused: verdicts\.works: the packet .* tcp\/444 does not show that “.*” does not hold\.\n$/)
})

/** A certificate to tamper with. */
// biome-ignore lint/suspicious/noExplicitAny: whatever may be written there.
type Mutable = any

/** The routes of a table, and where among them the first one to a prefix by way of next hops is. */
function routeTo({ routes, ways }: Mutable, prefix: string): readonly [routes: Mutable, at: number] {
  for (const all of routes) {
    const at = all.indexOf(prefix)
    if (at >= 0 && Array.isArray(ways[all[at + 1]])) return [all, at]
  }
  throw new Error(`no route to ${prefix}`)
}

/** What is done to a certificate, and what the checker says to it. */
const TAMPERED: Readonly<Record<string, readonly [change: (certificate: Mutable) => void, says: RegExp]>> = {
  'another version': [(all) => (all.version = 2), /version is 2, and this checks version 1/],
  'another format': [(all) => (all.format = 'a poem'), /format is not/],
  'a next hop changed': [
    ({ families: { 4: family } }) => {
      const [routes, at] = routeTo(family, '10.189.158.230/32')
      family.ways[routes[at + 1]][0][1] = '203.0.113.99'
    },
    /is not what its steps make of the fates behind them/,
  ],
  'a next hop by the port of somebody else': [
    ({ families: { 4: family } }) => {
      const hops = family.ways.filter((way: unknown) => Array.isArray(way) && way.length > 0)
      hops[0][0][0] = hops.at(-1)[0][0]
    },
    /sends by .*, which is no port of it/,
  ],
  'a route left out': [
    ({ families: { 4: family } }) => {
      const [routes, at] = routeTo(family, '10.189.158.230/32')
      routes.splice(at, 2)
    },
    /families\.4/,
  ],
  'an atom moved to another kind': [
    ({ families: { 4: family } }) => {
      const { kinds } = family
      const at = kinds.findIndex((kind: number, index: number) => index % 2 === 1 && kind >= 0 && kinds[index + 2] >= 0)
      kinds[at] = kinds[at + 2]
    },
    /families\.4\.kinds: .* does something else with .* than with others of kind/,
  ],
  'asked about no more': [
    ({ families: { 4: family } }) => {
      for (let at = 1; at < family.kinds.length; at += 2) family.kinds[at] = -1
    },
    /somebody asks about .*, and it has no kind/,
  ],
  'a fate replaced': [
    ({ families: { 4: family } }) => {
      const row = family.worlds[0].rows.find((runs: number[]) => runs[0]! > 0)
      row[0] = row[0] - 1
    },
    /is not what its steps make of the fates behind them/,
  ],
  'a gate left out of a fate': [
    ({ families: { 6: family } }) => family.fates.find(([, way]: [number, number[]?]) => way && way.length > 1)[1].pop(),
    /is not what its steps make of the fates behind them|is told twice/,
  ],
  'a gate widened': [
    ({ families: { 4: family } }) => {
      const open = family.boxes.push([0, family.atoms.length - 1, 0, family.atoms.length - 1, 0, 255, 0, 65535, 0, 65535, 0, 255]) - 1
      family.gates.find((gate: number[]) => gate.length > 2).push(open)
    },
    /verdicts\.(denied|filters|claims): “.*” is said to hold, and does not/,
  ],
  'a gate narrowed': [
    ({ families: { 4: family } }) => {
      for (const gate of family.gates) gate.splice(1)
    },
    /verdicts\.(works|claims): “.*” is said to hold, and does not/,
  ],
  'another gate at a port': [
    ({ families: { 4: family } }) => {
      const { passages } = family
      const at = passages.findIndex((_: number, index: number) => index % 3 === 2 && passages[index] !== passages[2])
      passages[at] = passages[2]
    },
    /is not what its steps make of the fates behind them/,
  ],
  'a gate that is not told': [({ families: { 4: family } }) => family.passages.splice(0, 3), /no gate is told/],
  'a rank lowered': [
    ({ families: { 4: family } }) => {
      const { ranks } = family.worlds[0]
      for (const runs of ranks) for (let at = 0; at < runs.length; at += 2) if (runs[at] > 0) runs[at] -= 1
    },
    /come no nearer to an end/,
  ],
  'no ranks at all': [
    ({ families: { 4: family } }) => {
      for (const runs of family.worlds[0].ranks) for (let at = 0; at < runs.length; at += 2) runs[at] = -1
    },
    /come no nearer to an end|have no rank/,
  ],
  'said to go round': [
    ({ families: { 4: family } }) => {
      const row = family.worlds[0].rows.find((runs: number[]) => runs[0]! >= 0)
      row[0] = -1
    },
    /go round/,
  ],
  'a stop left out': [({ families: { 4: family } }) => family.worlds[0].stops.splice(family.worlds[0].stops.length >> 1, 1), /families\.4\.worlds\[0\]/],
  'a filter said not to be there': [({ devices }) => (devices.find(([, asks]: [string, number]) => asks === 1)[1] = 0), /families\.4\.worlds\[0\]/],
  'a verdict turned': [({ verdicts }) => (verdicts.works[0][1] = 0), /verdicts\.works: “.*” is said not to hold, and does/],
  'a verdict left out': [({ verdicts }) => verdicts.denied.splice(3, 1), /verdicts\.denied: there is none on “from .*”/],
  'a verdict on nothing': [({ verdicts }) => verdicts.works.push(['all is well', 1]), /verdicts: “works: all is well” is on nothing that there is/],
  'a verdict twice': [({ verdicts }) => verdicts.works.push(verdicts.works[0]), /there are two on/],
  'a place left out': [({ places }) => places.splice(2, 1), /places are \d+, and there are \d+ places|which is no place|and is none of them/],
  'a place left out wherever it is told of': [
    (all) => {
      const [[id]] = all.places.splice(2, 1)
      for (const family of [4, 6]) {
        all.families[family].brought.splice(2, 1)
        for (const world of all.families[family].worlds) world.places.splice(2, 1)
      }
      for (const property of Object.keys(all.verdicts)) all.verdicts[property] = all.verdicts[property].filter(([of]: [string]) => !of.includes(id))
    },
    /a receiver is on .*, which is no place|is in .*design\.json, and is none of them/,
  ],
  'no packets from a place': [
    ({ families: { 4: family, 6: other } }) => {
      for (const { worlds } of [family, other]) worlds[0].places[2] = []
    },
    /places: .* sends nothing from /,
  ],
  'fewer who send': [
    ({ families: { 4: family, 6: other } }) => {
      for (const { flows } of [family, other]) flows[0].from = []
    },
    /verdicts/,
  ],
  'a service narrowed': [
    ({ families: { 4: family } }) => {
      for (const flow of family.flows) for (const service of flow.services) if (service.length > 1) service[1] = service[2] = 9
    },
    /verdicts\.(works|denied|filters): “.*” is said to hold, and does not/,
  ],
  'an address of two': [
    ({ ports }) => ports.find((port: unknown[]) => port.length > 3)!.push(ports.findLast((port: unknown[]) => port.length > 3)[3]),
    /verdicts\.addresses: “.*” is said to hold/,
  ],
  'a digest changed': [({ files }) => (files[Object.keys(files)[5]!] = '0'.repeat(64)), /files: .* is another one than the certificate is about/],
  'a file left out': [({ files }) => delete files[Object.keys(files)[5]!], /files: .* is not in the certificate/],
  'a file too many': [({ files }) => (files['ber-office/fw-a/more.conf'] = '0'.repeat(64)), /files: ber-office\/fw-a\/more\.conf is not in /],
}

describe('tampered with', () => {
  for (const [name, [change, says]] of Object.entries(TAMPERED))
    test(name, () => {
      const certificate = structuredClone(good) as Mutable
      change(certificate)
      const { status, stdout, stderr } = check(JSON.stringify(certificate), '--configs', join(STARTER, 'out'))
      assert.deepEqual({ status, stdout }, { status: 1, stdout: '' })
      assert.match(stderr, /^refused: .*\.\n$/)
      assert.match(stderr, says)
    })
})

describe('no certificate', () => {
  const refused = (name: string, text: () => string, says: RegExp) =>
    test(name, () => {
      const { status, stderr } = check(text())
      assert.equal(status, 1)
      assert.match(stderr, says)
    })
  refused('truncated', () => JSON.stringify(good).slice(0, 100_000), /^refused: .* is no JSON\.\n$/)
  refused('empty', () => '', /^refused: .* is no JSON\.\n$/)
  refused('a list', () => '[]', /^refused: The certificate has no members\.\n$/)
  refused('null', () => 'null', /^refused: The certificate has no members\.\n$/)

  /** Each member of the certificate, and of a family of it, in another shape. */
  test('any member of another shape', () => {
    const refusals = (of: (certificate: Mutable) => Mutable, names: readonly string[]) => {
      for (const name of names)
        for (const value of [undefined, 7, [['x', 'y', 'z']]]) {
          const certificate = structuredClone(good) as Mutable
          if (name === 'company') continue
          of(certificate)[name] = value
          const { status, stderr } = check(JSON.stringify(certificate), '--configs', join(STARTER, 'out'))
          assert.equal(status, 1, `${name} ${JSON.stringify(value)}`)
          assert.match(stderr, /^refused: .*\.\n$/, `${name} ${JSON.stringify(value)}`)
        }
    }
    refusals((all) => all, Object.keys(good))
    refusals((all) => all.families[6], Object.keys(good.families[6]))
    refusals((all) => all.families[6].worlds[0], Object.keys(good.families[6].worlds[0]!))
  })
})
