/** Findings: of made-up chains, of printed filters, and each one checked by leaving its rule out. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { nftables } from '#targets/nftables/index.ts'
import { FILES, type NftRule, type NftTable, type Statement } from '#targets/nftables/tree.ts'
import { equal } from '../boxes/boxes.ts'
import { PACKETS } from '../packet.ts'
import { findings } from './hygiene.ts'
import { transit } from './transit.ts'

const verdict = (verdict: 'accept' | 'drop' | 'return'): Statement => ({ kind: 'verdict', verdict })
const port = (ports: string): Statement => ({ kind: 'is', selectors: ['meta l4proto', 'th dport'], values: [['tcp', ports]] })
const from = (name: string): Statement => ({ kind: 'is', selectors: ['iifname'], values: [[name]] })
const jump = (chain: string): Statement => ({ kind: 'jump', chain })
const limited: Statement = { kind: 'limit', over: false, perSecond: 1, burst: 1 }

function tableOf(
  rules: readonly (readonly Statement[])[],
  ...others: readonly (readonly [name: string, ...rules: readonly (readonly Statement[])[]])[]
): NftTable {
  const made = (rules: readonly (readonly Statement[])[]): NftRule[] => rules.map((statements) => ({ statements, why: [] }))
  const base = { type: 'filter', hook: 'forward', priority: 'filter', policy: 'drop' } as const
  return {
    family: 'inet',
    sets: [],
    maps: [],
    chains: [{ name: 'forward', base, rules: made(rules), why: [] }, ...others.map(([name, ...rules]) => ({ name, rules: made(rules), why: [] }))],
    why: [],
  }
}

/** `kind chain index: chain index, …` */
function told(table: NftTable): string[] {
  return findings(table).map(({ kind, chain, index, by }) => `${kind} ${chain} ${index}: ${by.map(({ chain, index }) => `${chain} ${index}`).join(', ')}`)
}

test('a rule that several others take everything from is shadowed by them together', () => {
  assert.deepEqual(
    told(
      tableOf([
        [port('0-99'), verdict('accept')],
        [port('100-199'), verdict('accept')],
        [port('50-150'), verdict('accept')],
      ]),
    ),
    ['shadowed forward 2: forward 0, forward 1'],
  )
  assert.deepEqual(
    told(
      tableOf([
        [port('0-99'), verdict('accept')],
        [port('101-199'), verdict('accept')],
        [port('50-150'), verdict('accept')],
      ]),
    ),
    [],
  )
})

test('a rule whose packets later rules accept anyway is redundant, unless something between drops some', () => {
  const narrow = [port('80'), verdict('accept')]
  const wide = [port('0-1023'), verdict('accept')]
  assert.deepEqual(told(tableOf([narrow, wide])), ['redundant forward 0: forward 1'])
  assert.deepEqual(told(tableOf([narrow, [port('80-90'), verdict('drop')], wide])), ['overlap forward 1: forward 0', 'overlap forward 2: forward 1'])
  assert.deepEqual(told(tableOf([narrow, [port('80'), limited, verdict('accept')]])), ['shadowed forward 1: forward 0'])
})

test('what matches nothing that comes is told, and what one interface at least brings is not', () => {
  const table = tableOf(
    [[from('a'), jump('of-a')], [jump('rest')]],
    ['of-a', [from('b'), verdict('accept')], [verdict('drop')]],
    ['rest', [from('a'), verdict('accept')], [from('b'), verdict('accept')]],
  )
  assert.deepEqual(told(table), ['never-matches of-a 0: ', 'shadowed rest 0: of-a 1'])
})

test('what returned is not in a chain any more, but is where the chain was called', () => {
  const table = tableOf(
    [[jump('some')], [port('80'), verdict('accept')]],
    ['some', [port('80'), verdict('return')], [port('80'), verdict('drop')], [port('81'), verdict('drop')]],
  )
  assert.deepEqual(told(table), ['shadowed some 1: some 0'])
})

test('without a rule that is found to do nothing everything is as before; without any other accept it is not', () => {
  const range = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`)
  const rule = fc.tuple(range, fc.constantFrom('accept' as const, 'accept' as const, 'drop' as const)).map(([ports, what]) => [port(ports), verdict(what)])
  const accepted = (rules: readonly (readonly Statement[])[]) => transit(tableOf(rules), 4, 'a', 'b').accepted
  fc.assert(
    fc.property(fc.array(rule, { minLength: 1, maxLength: 7 }), (rules) => {
      const idle = new Set(findings(tableOf(rules)).flatMap(({ kind, index }) => (kind === 'overlap' ? [] : [index])))
      for (const index of rules.keys()) {
        const without = rules.filter((_, at) => at !== index)
        const same = equal(PACKETS[4], accepted(rules), accepted(without)) === undefined
        if (idle.has(index)) assert.ok(same, `rule ${index} is needed`)
        // A drop in front of the policy is no finding. Of two accepts that can each do without the other, one is told of only.
        else if (same && rules[index]!.at(-1)!.kind === 'verdict' && JSON.stringify(rules[index]!.at(-1)) === JSON.stringify(verdict('accept')))
          assert.ok(idle.size > 0, `rule ${index} is not needed`)
      }
    }),
  )
})

test('printed filters say nothing twice', () => {
  const root = join(import.meta.dirname, '../../../..')
  for (const site of ['examples/starter/out/ber-office', 'examples/starter/out/bos1', 'test/goldens/harborpine/bos1']) {
    const parsed = nftables.parse(new Map([[FILES.inet, readFileSync(join(root, site, 'fw-a', FILES.inet), 'utf8')]]))
    assert.ok(parsed.ok)
    // Router advertisements: the master's are accepted in front of the rule that drops them.
    assert.deepEqual(
      told(parsed.value.tables[0]!).filter((text) => text !== 'overlap output 1: output 0'),
      [],
      site,
    )
  }
})
