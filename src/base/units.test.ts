import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AREA, BANDWIDTH, count, DURATION, grouped, LENGTH, MONEY_PATTERN, parseMeasure, parseMoney, patternOf, showBandwidth, showMoney } from './units.ts'

const MEASURES = [AREA, LENGTH, BANDWIDTH, DURATION]

test('quantities as people write them', () => {
  assert.equal(parseMeasure(AREA, '14000 sqft'), 1300.64256)
  assert.equal(parseMeasure(AREA, '1 m²'), 1)
  assert.equal(parseMeasure(LENGTH, '19 in'), 0.4826)
  assert.equal(parseMeasure(LENGTH, '0.1 m'), 0.1)
  assert.equal(parseMeasure(BANDWIDTH, '500 Mbps'), 500e6)
  assert.equal(parseMeasure(BANDWIDTH, '100Gbps'), 100e9)
  assert.equal(parseMeasure(DURATION, '1h'), 3600)
  assert.equal(parseMeasure(DURATION, '1.5 days'), 129600)
  assert.equal(parseMeasure(DURATION, '250ms'), 0.25)
  for (const measure of MEASURES) assert.notEqual(parseMeasure(measure, measure.example), undefined, measure.example)
})

test('what is not a quantity of the measure', () => {
  for (const text of ['', '500', 'Mbps', '500 mbps', '500  Mbps', '-1 Mbps', '1,5 Mbps', '.5 Mbps', '1. Mbps', '1e3 Mbps', '1 toString', '1 Mbps ', '1 h']) {
    assert.equal(parseMeasure(BANDWIDTH, text), undefined, text)
  }
})

test('the patterns accept what the readers read', () => {
  const number = fc.oneof(fc.nat().map(String), fc.constantFrom('1.50', '0.5', '007', '.5', '1.', '-1', '1,000', ''))
  const unit = fc.oneof(fc.constantFrom(...MEASURES.flatMap(({ factors }) => Object.keys(factors))), fc.constantFrom('', 'x', 'constructor', ' m'))
  fc.assert(
    fc.property(fc.constantFrom(...MEASURES), number, fc.constantFrom('', ' ', '  '), unit, (measure, number, space, unit) => {
      const text = number + space + unit
      assert.equal(parseMeasure(measure, text) !== undefined, new RegExp(patternOf(measure), 'u').test(text), text)
    }),
    { numRuns: 1000 },
  )
  fc.assert(
    fc.property(
      number,
      fc.constantFrom('EUR', 'eur', 'USD', 'EURO', ''),
      fc.constantFrom('', '/month', '/Mbps', '/', '/month ', ' /month', '/2'),
      (number, currency, per) => {
        const text = `${number} ${currency}${per}`
        assert.equal(parseMoney(text) !== undefined, new RegExp(MONEY_PATTERN, 'u').test(text), text)
      },
    ),
    { numRuns: 500 },
  )
})

test('money is read and shown', () => {
  assert.deepEqual(parseMoney('780 EUR/month'), { amount: 780, currency: 'EUR', per: 'month' })
  assert.deepEqual(parseMoney('1200.50 USD'), { amount: 1200.5, currency: 'USD' })
  assert.equal(showMoney({ amount: 1680, currency: 'EUR', per: 'month' }), '1,680 EUR/month')
  assert.equal(showMoney({ amount: 0.1 + 0.2, currency: 'USD' }), '0.3 USD')
})

test('bandwidth is shown as it is sold', () => {
  for (const text of ['500 Mbps', '10 Gbps', '1.5 Mbps', '64 kbps', '1 Tbps', '800 bps']) assert.equal(showBandwidth(parseMeasure(BANDWIDTH, text)!), text)
  assert.equal(showBandwidth(999_999_999), '1 Gbps')
  assert.equal(showBandwidth(0), '0 bps')
})

test('numbers are grouped, and counted with their noun', () => {
  fc.assert(fc.property(fc.integer(), (n) => assert.equal(grouped(n), n.toLocaleString('en-US'))))
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), (n) => assert.equal(grouped(n / 100), (n / 100).toLocaleString('en-US', { maximumFractionDigits: 2 }))),
  )
  assert.equal(grouped(-0.001), '0')
  assert.equal(count(1, 'device'), '1 device')
  assert.equal(count(0, 'device'), '0 devices')
  assert.equal(count(6800, 'person', 'people'), '6,800 people')
})
