import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isDate } from './date.ts'

test('a date is a day that there is', () => {
  for (const day of ['2026-05-04', '2024-02-29', '2000-02-29', '0001-12-31']) assert.ok(isDate(day), day)
  for (const text of ['2026-02-29', '1900-02-29', '2026-13-01', '2026-00-10', '2026-04-31', '2026-1-1', '04.05.2026', '2026-05-04T00:00', ''])
    assert.ok(!isDate(text), text)
})

test('what the platform takes for a day is one, and nothing else', () => {
  const number = (max: number) => fc.integer({ min: 0, max })
  fc.assert(
    fc.property(number(9999), number(13), number(32), (year, month, day) => {
      const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
      const date = new Date(`${text}T00:00:00Z`)
      assert.equal(isDate(text), !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text))
    }),
  )
})
