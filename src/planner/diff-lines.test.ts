import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { diffLines, type Hunk } from './diff-lines.ts'

const text = (...lines: readonly string[]) => lines.map((line) => `${line}\n`).join('')
const linesOf = (of: string) => of.split('\n').slice(0, -1)

/** Few different lines, so that many repeat, and some that seldom do. */
const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom('exit', '!', '}', ''),
      fc.nat(30).map((n) => `neighbor ${n}`),
    ),
    { maxLength: 40 },
  )
  .map((lines) => text(...lines))

function apply(before: string, hunks: readonly Hunk[]): string {
  const lines = linesOf(before)
  const out: string[] = []
  let at = 0
  for (const hunk of hunks) {
    out.push(...lines.slice(at, hunk.before - 1))
    assert.equal(out.length, hunk.after - 1)
    assert.deepEqual(lines.slice(hunk.before - 1, hunk.before - 1 + hunk.removed.length), hunk.removed)
    out.push(...hunk.added)
    at = hunk.before - 1 + hunk.removed.length
  }
  return text(...out, ...lines.slice(at))
}

test('the hunks make the one text of the other, and none is empty or next to another', () => {
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const hunks = diffLines(before, after)
      assert.equal(apply(before, hunks), after)
      for (const [index, { before: at, removed, added }] of hunks.entries()) {
        assert.ok(removed.length + added.length > 0)
        const next = hunks[index + 1]
        assert.ok(!next || next.before > at + removed.length)
      }
    }),
    { numRuns: 2000 },
  )
})

test('the other way round is the mirror image', () => {
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const mirrored = diffLines(after, before).map((hunk) => ({ before: hunk.after, removed: hunk.added, after: hunk.before, added: hunk.removed }))
      assert.deepEqual(diffLines(before, after), mirrored)
    }),
  )
})

test('lines that were only added, or only removed, are all that differs', () => {
  fc.assert(
    fc.property(
      texts,
      fc.nat(),
      fc.array(
        fc.nat().map((n) => `new ${n}`),
        { minLength: 1, maxLength: 5 },
      ),
      (before, at, added) => {
        const lines = linesOf(before)
        const where = at % (lines.length + 1)
        const hunks = diffLines(before, text(...lines.toSpliced(where, 0, ...added)))
        assert.deepEqual(hunks, [{ before: where + 1, removed: [], after: where + 1, added }])
      },
    ),
  )
})

test('a block that is put between two like it is told as that block', () => {
  const block = (vlan: number) => [`interface br${vlan}`, ' ip address', 'exit', '!']
  assert.deepEqual(diffLines(text(...block(1), ...block(3)), text(...block(1), ...block(2), ...block(3))), [
    { before: 5, removed: [], after: 5, added: block(2) },
  ])
})

test('nothing, from nothing, and to nothing', () => {
  assert.deepEqual(diffLines('', ''), [])
  assert.deepEqual(diffLines('', 'a\n\n'), [{ before: 1, removed: [], after: 1, added: ['a', ''] }])
  assert.deepEqual(diffLines('a\n', ''), [{ before: 1, removed: ['a'], after: 1, added: [] }])
})

test('large files take time in proportion: 100,000 lines of which 10,000 are replaced and as many moved', () => {
  const lines = Array.from({ length: 100_000 }, (_, n) => (n % 4 === 3 ? '}' : `rule ${n}`))
  const after = lines.map((line, n) => (n % 10 === 0 ? `other ${n}` : line))
  const moved = [...after.slice(10_000), ...after.slice(0, 10_000)]
  const hunks = diffLines(text(...lines), text(...moved))
  assert.equal(apply(text(...lines), hunks), text(...moved))
  const removed = hunks.reduce((sum, hunk) => sum + hunk.removed.length, 0)
  assert.ok(removed <= 20_000, String(removed))
})
