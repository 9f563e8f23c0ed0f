/**
 * Units as people write them (`14000 sqft`, `500 Mbps`, `1h`, `780 EUR/month`), kept as typed values in one base unit each:
 * area m², length m, bandwidth bit/s, duration s, money as an amount of a currency per something.
 */

/** A unit family: the name used in errors, an example, and the factor of each spelling to the base unit. */
export interface Measure {
  readonly name: string
  readonly base: string
  readonly example: string
  readonly factors: Readonly<Record<string, number>>
}

/** m². 1 ft = 0.3048 m exactly (international foot, 1959). */
export const AREA: Measure = { name: 'area', base: 'm²', example: '14000 sqft', factors: { sqft: 0.09290304, sqm: 1, m2: 1, 'm²': 1 } }

/** m. */
export const LENGTH: Measure = { name: 'length', base: 'm', example: '12 m', factors: { m: 1, mm: 0.001, cm: 0.01, km: 1000, ft: 0.3048, in: 0.0254 } }

/** bit/s, with decimal multiples as circuits are sold. */
export const BANDWIDTH: Measure = {
  name: 'bandwidth',
  base: 'bit/s',
  example: '500 Mbps',
  factors: { bps: 1, kbps: 1e3, Kbps: 1e3, Mbps: 1e6, Gbps: 1e9, Tbps: 1e12 },
}

/** s. A month is 30 days and a year 365: these are terms of service, not calendar dates. */
export const DURATION: Measure = {
  name: 'duration',
  base: 's',
  example: '1h',
  factors: {
    ms: 0.001,
    s: 1,
    m: 60,
    min: 60,
    h: 3600,
    d: 86400,
    days: 86400,
    w: 604800,
    weeks: 604800,
    months: 2592000,
    month: 2592000,
    years: 31536000,
    year: 31536000,
  },
}

/** Money as a rate or a sum: `780 EUR/month`, `11 EUR/Mbps`, `1200 USD`. */
export interface Money {
  readonly amount: number
  /** ISO 4217 code. */
  readonly currency: string
  /** What it is paid for each of; absent for a single sum. */
  readonly per?: string
}

/** The pattern of a quantity of the measure, for JSON Schema. */
export function patternOf(measure: Measure): string {
  return `^\\d+(\\.\\d+)? ?(${Object.keys(measure.factors).join('|')})$`
}

/** Reads a quantity into the base unit of the measure; undefined when it is not one. */
export function parseMeasure(measure: Measure, text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([^\d\s]\S*)$/.exec(text)
  const factor = match && Object.hasOwn(measure.factors, match[2]!) ? measure.factors[match[2]!] : undefined
  // Twelve significant digits: enough for any quantity here, and it hides the binary tail of 14000 × 0.09290304.
  return factor === undefined ? undefined : Number((Number(match![1]) * factor).toPrecision(12))
}

/** Pattern of money, for JSON Schema. */
export const MONEY_PATTERN = '^\\d+(\\.\\d+)? [A-Z]{3}(/[A-Za-z]+)?$'

/** Reads `780 EUR/month`; undefined when it is not money. */
export function parseMoney(text: string): Money | undefined {
  const match = /^(\d+(?:\.\d+)?) ([A-Z]{3})(?:\/([A-Za-z]+))?$/.exec(text)
  if (!match) return undefined
  const money = { amount: Number(match[1]), currency: match[2]! }
  return match[3] ? { ...money, per: match[3] } : money
}

/** `1,680 EUR/month`. */
export function showMoney(money: Money): string {
  return `${grouped(money.amount)} ${money.currency}${money.per ? `/${money.per}` : ''}`
}

/** A bandwidth as it is sold: `500 Mbps`, `10 Gbps`. */
export function showBandwidth(bps: number): string {
  for (const [unit, factor] of [
    ['Tbps', 1e12],
    ['Gbps', 1e9],
    ['Mbps', 1e6],
    ['kbps', 1e3],
  ] as const) {
    const shown = Number((bps / factor).toPrecision(6))
    if (shown >= 1) return `${shown} ${unit}`
  }
  return `${bps} bps`
}

/** Thousands separated by commas, at most two decimals. */
export function grouped(value: number): string {
  const [whole, fraction] = String(Math.round(value * 100) / 100).split('.')
  return whole!.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction ? `.${fraction}` : '')
}

/** `1 device`, `2 devices`. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(n)} ${n === 1 ? noun : plural}`
}
