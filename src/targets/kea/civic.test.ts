import assert from 'node:assert/strict'
import { test } from 'node:test'
import { civicBytes } from './civic.ts'

test('a place is the element, its country, and a type and a length before each text', () => {
  const bytes = civicBytes({ country: 'DE', city: 'Köln', address: 'Am Hof 1', area: '3', why: [] })
  assert.equal(bytes, `01${'4445'}${'0305'}4bc3b66c6e${'2208'}416d20486f662031${'1601'}33`)
})

test('what is too long is cut between characters, and the whole fits into an option', () => {
  const long = '😀'.repeat(60)
  const bytes = civicBytes({ country: 'DE', city: long, address: long, area: long, why: [] })
  assert(bytes.length / 2 <= 255)
  assert.equal(bytes.slice(6, 10), '0350')
})
