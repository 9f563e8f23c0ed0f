import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Entry, Ledger } from './ledger.ts'
import { parseLedger } from './parse-ledger.ts'
import { ledgerLines, printLedger } from './print-ledger.ts'

const TEXT = `# netwright.lock: every allocation by key. Written by netwright build; commit it. (merge=union)
ber-office asn edge-a = 4200000001
ber-office block v4 = 10.32.0.0/21
ber-office port edge-a ber-office/colt = swp5
ber-office segment users-3 v4 = 10.32.0.0/25 planned
ber-office segment users-3 v4 2 = 10.32.0.128/25
bos1 unit r01 old-web = 12 freed 2026-11-23
company key wg-a = 3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08= planned freed 2026-11-24
`

function parsed(text: string): Ledger {
  const read = parseLedger(text, 'netwright.lock')
  assert.ok(read.ok, JSON.stringify(read.diagnostics))
  return read.value
}

const entryOf = (...lines: string[]) => [...[...parsed(lines.join('\n')).values()][0]!.values()][0]
const diagnosticsOf = (text: string) => parseLedger(text, 'netwright.lock').diagnostics

test('the text is read, and printed as it was', () => {
  const ledger = parsed(TEXT)
  assert.deepEqual(ledger.get('ber-office')?.get('segment users-3 v4'), { key: 'segment users-3 v4', value: '10.32.0.0/25', state: 'planned' })
  assert.deepEqual(ledger.get('bos1')?.get('unit r01 old-web'), { key: 'unit r01 old-web', value: '12', state: 'active', freed: '2026-11-23' })
  assert.equal(printLedger(ledger), TEXT)
  assert.equal(printLedger(parsed(TEXT.replaceAll('\n', '\r\n'))), TEXT)
  for (const [key, line] of ledgerLines(TEXT)) assert.ok(TEXT.split('\n')[line - 1]!.startsWith(`${key} = `))
})

test('parse(print(ledger)) = ledger; the order of lines and of entries does not matter', () => {
  const word = fc.stringMatching(/^[a-z0-9][a-z0-9./+:-]{0,6}$/)
  const entry = fc.record({
    key: fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' ')),
    value: fc.stringMatching(/^[!-~]{1,12}$/),
    state: fc.constantFrom<'planned' | 'active'>('planned', 'active'),
    freed: fc.option(fc.constantFrom('2026-01-31', '2031-12-01'), { nil: undefined }),
  })
  const scope = fc
    .array(entry, { minLength: 1, maxLength: 6 })
    .map((entries) => new Map(entries.map(({ freed, ...rest }): [string, Entry] => [rest.key, freed ? { ...rest, freed } : rest])))
  const ledgers = fc.array(fc.tuple(word, scope), { maxLength: 4 }).map((scopes): Ledger => new Map(scopes))
  fc.assert(
    fc.property(ledgers, (ledger) => {
      const text = printLedger(ledger)
      assert.deepEqual(parsed(text), ledger)
      assert.deepEqual([...parsed(text.split('\n').reverse().join('\n'))], [...parsed(text)])
      assert.equal(printLedger(new Map([...ledger].reverse())), text)
      const keys = [...ledgerLines(text).keys()]
      assert.deepEqual(keys, [...keys].sort())
      for (const [key, line] of ledgerLines(text)) assert.ok(text.split('\n')[line - 1]!.startsWith(`${key} = `))
    }),
  )
})

test('a key with two lines: wanted before freed, active before planned, freed later before earlier, then the smaller value', () => {
  const stays = (stays: string, goes: string, entry: Partial<Entry>) => {
    const expected = { key: 'asn a', value: '1', state: 'active', ...entry }
    assert.deepEqual(entryOf(stays, goes), expected)
    assert.deepEqual(entryOf(goes, stays, goes, stays), expected)
  }
  stays('ber asn a = 1 planned', 'ber asn a = 0 freed 2026-05-01', { state: 'planned' })
  stays('ber asn a = 1', 'ber asn a = 0 planned', {})
  stays('ber asn a = 1 freed 2026-05-02', 'ber asn a = 0 freed 2026-05-01', { freed: '2026-05-02' })
  stays('ber asn a = 1 planned', 'ber asn a = 2 planned', { state: 'planned' })
})

test('a damaged line says where, and what was expected', () => {
  const damaged = (line: string, column: number, expected: string) =>
    assert.deepEqual(diagnosticsOf(`# heading\n${line}\nber asn a = 1\n`), [
      {
        code: 'ledger-damaged',
        severity: 'error',
        message: `This line of the ledger is not an allocation: ${expected} was expected here.`,
        fix: 'take the line from the last commit; without it, the next build gives its key another value.',
        place: { file: 'netwright.lock', line: 2, column },
        value: line,
      },
    ])
  damaged('ber', 1, 'a key of two or more words')
  damaged(' ber asn b = 1', 1, 'a key of two or more words')
  damaged('ber asn b=1', 10, '" = "')
  damaged('ber asn  b = 1', 8, '" = "')
  damaged('ber asn b = ', 13, 'a value')
  damaged('ber asn b = 1 Planned', 14, 'nothing, " planned" or " freed" and a day')
  damaged('ber asn b = 1 ', 14, 'nothing, " planned" or " freed" and a day')
  damaged('ber asn b = 1 freed 2026-13-01', 14, 'nothing, " planned" or " freed" and a day')
})

test('all damaged lines are told at once', () => {
  assert.equal(diagnosticsOf('ber\nber asn a = 1\nbos\n').length, 2)
})

test('the marks of an unfinished merge are told once', () => {
  const text = '# heading\n<<<<<<< HEAD\nber asn a = 1\n||||||| 1234567\n=======\nber asn a = 2\n>>>>>>> branch\n<<<<<<< HEAD\n'
  assert.deepEqual(diagnosticsOf(text)[0], {
    code: 'ledger-conflict',
    severity: 'error',
    message: 'The ledger has the marks of an unfinished git merge.',
    fix: 'delete the marks and keep the lines of both sides; the build sorts out what clashes. With `netwright.lock merge=union` in .gitattributes, git does so by itself.',
    place: { file: 'netwright.lock', line: 2, column: 1 },
    value: '<<<<<<< HEAD',
  })
  assert.deepEqual(
    diagnosticsOf(text).map(({ code }) => code),
    ['ledger-conflict', 'ledger-clash'],
  )
})

test('a key that is in use with two values names both lines', () => {
  assert.deepEqual(diagnosticsOf('ber asn a = 1\nber asn a = 3 planned\nber asn a = 1\nber asn a = 2\n'), [
    {
      code: 'ledger-clash',
      severity: 'error',
      message: 'ber asn a is active with two values: 1 and 2.',
      fix: 'keep the line with the value that is in use, and delete the other.',
      place: { file: 'netwright.lock', line: 4, column: 1 },
      value: '2',
      notes: [{ message: 'ber asn a = 1', place: { file: 'netwright.lock', line: 1, column: 1 } }],
    },
  ])
})
