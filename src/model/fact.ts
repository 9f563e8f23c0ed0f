/**
 * The vocabulary of facts: the schemas that standards and the program describe YAML with. Quantities are written as people write them and read into a typed value of one base
 * unit. Every schema keeps its written form for JSON Schema (`netwright schema`), so that editors complete and check.
 */
import { z } from 'zod'
import { isDate } from '#base/date.ts'
import { parseInterface, parseIp, parsePrefix } from '#base/ip.ts'
import { AREA, BANDWIDTH, DURATION, LENGTH, type Measure, MONEY_PATTERN, type Money, parseMeasure, parseMoney, patternOf } from '#base/units.ts'
import { PORT_PATTERN, parsePort } from './port.ts'

/** Names of things: lower case, digits and inner dashes, at most 32 characters. They become parts of ids, host names and ledger keys. */
export const NAME_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/

const DATE = 'a date such as "2026-05-04"'
const PERCENT = 'a percentage from 0 to 100'

/** What a fact may name. */
export type Reference = 'zone' | 'service' | 'site' | 'team'

/*
 * An error here says what the fact should be ("an area such as 14000 sqft"): the sentence around it is the message wrong-value.
 */

function quantity(measure: Measure) {
  const what = `${/^[aeiou]/.test(measure.name) ? 'an' : 'a'} ${measure.name}`
  const error = `${what} such as "${measure.example}"`
  return z
    .string({ error })
    .regex(new RegExp(patternOf(measure)), { error })
    .transform((text) => parseMeasure(measure, text)!)
    .describe(`${what}, such as ${measure.example}`)
}

function checked(what: string, example: string, holds: (text: string) => boolean) {
  const error = `${what} such as "${example}"`
  return z.string({ error }).refine(holds, { error }).describe(`${what}, such as ${example}`)
}

function matching(pattern: RegExp, error: string) {
  return z.string({ error }).regex(pattern, { error, abort: true })
}

/** A whole number within bounds, both included. */
export function whole(error: string, min: number, max: number) {
  return z.int({ error }).min(min, { error }).max(max, { error })
}

/** The building blocks of facts. `fact.object({ seats: fact.integer() })` describes a mapping with exactly these keys. */
export const fact = {
  /** A mapping with exactly these keys. */
  object: <S extends z.ZodRawShape>(shape: S) => z.strictObject(shape),
  /** A list of one kind of thing. Give its items an `id` or a `name`: that, not their position, is what they are known by. */
  list: <T extends z.ZodType>(item: T) => z.array(item),
  /** A mapping from names to one kind of thing; with `of`, the keys are names of that kind of thing. */
  mapOf: <T extends z.ZodType>(item: T, of?: Reference) => z.record(of ? fact.the(of) : fact.name(), item),
  /** One of these words. */
  oneOf: <const W extends readonly [string, ...string[]]>(words: W) => z.enum(words),
  text: () => z.string({ error: 'text' }).min(1, { error: 'text that says something' }),
  /** A name: lower case letters, digits and inner dashes, at most 32 characters. */
  name: () => matching(NAME_PATTERN, 'a name of lower-case letters, digits and inner dashes, at most 32 characters'),
  /** The name of something else that the company declares; it is checked, and editors complete it. */
  the: (kind: Reference) => fact.name().meta({ reference: kind }),
  boolean: () => z.boolean({ error: 'true or false' }),
  /** A whole number, not negative. */
  integer: () => z.int({ error: 'a whole number' }).min(0, { error: '0 or more' }),
  number: () => z.number({ error: 'a number' }),
  /** A percentage, `99.9`. */
  percent: () => z.number({ error: PERCENT }).min(0, { error: PERCENT }).max(100, { error: PERCENT }),
  /** m². */
  area: () => quantity(AREA),
  /** m. */
  length: () => quantity(LENGTH),
  /** bit/s. */
  bandwidth: () => quantity(BANDWIDTH),
  /** s. */
  duration: () => quantity(DURATION),
  /** An amount of a currency, perhaps per something. */
  money: () =>
    matching(new RegExp(MONEY_PATTERN), 'money such as "780 EUR/month"')
      .transform((text): Money => parseMoney(text)!)
      .describe('money, such as 780 EUR/month'),
  /** A calendar date, kept as `YYYY-MM-DD`. */
  date: () => matching(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, DATE).refine(isDate, { error: DATE }),
  /** An address of either family. */
  address: () => checked('an IP address', '192.0.2.1', (text) => parseIp(text) !== undefined),
  /** An IPv4 address. */
  address4: () => checked('an IPv4 address', '192.0.2.1', (text) => parseIp(text)?.family === 4),
  /** An HTTP request as a health check has it. */
  request: () => matching(/^(GET|HEAD|OPTIONS) \/\S*$/, 'a request such as "GET /healthz"').describe('a request such as GET /healthz'),
  /** An address with its prefix length. */
  interfaceAddress: () => checked('an address with its prefix length', '192.0.2.2/30', (text) => parseInterface(text) !== undefined),
  /** A prefix without host bits. */
  prefix: () => checked('a prefix without host bits', '192.0.2.0/24', (text) => parsePrefix(text) !== undefined),
  /** An IPv4 prefix. */
  prefix4: () => checked('an IPv4 prefix', '192.0.2.0/24', (text) => parsePrefix(text)?.family === 4),
  /** An IPv6 prefix. */
  prefix6: () => checked('an IPv6 prefix', '2001:db8::/48', (text) => parsePrefix(text)?.family === 6),
  /** An AS number (RFC 6793). */
  asn: () => whole('an AS number from 1 to 4294967295', 1, 4294967295),
  /** An IEEE 802.1Q VLAN id. */
  vlan: () => whole('a VLAN id from 1 to 4094', 1, 4094),
  /** `443/tcp`, `8000-8099/udp` or `icmp`. */
  port: () =>
    matching(PORT_PATTERN, 'a port such as "443/tcp", "8000-8099/udp" or "icmp"')
      .refine((text) => parsePort(text) !== undefined, { error: 'a port from 1 to 65535, or two, the lower first' })
      .describe('a port such as 443/tcp, 8000-8099/udp or icmp'),
} as const

/** The references in `data`, which `schema` accepted: what kind of thing is named, by which name, and where. */
export function* referencesIn(
  schema: z.ZodType,
  data: unknown,
  path: readonly PropertyKey[] = [],
): Generator<{ kind: Reference; name: string; path: readonly PropertyKey[] }> {
  const kind = schema.meta()?.reference as Reference | undefined
  if (kind && typeof data === 'string') yield { kind, name: data, path }
  if (data === undefined) return
  if (schema instanceof z.ZodOptional) yield* referencesIn(schema.unwrap() as z.ZodType, data, path)
  else if (schema instanceof z.ZodObject) {
    for (const [key, member] of Object.entries(schema.shape)) yield* referencesIn(member as z.ZodType, (data as Record<string, unknown>)[key], [...path, key])
  } else if (schema instanceof z.ZodArray) {
    for (const [index, item] of (data as unknown[]).entries()) yield* referencesIn(schema.element as z.ZodType, item, [...path, index])
  } else if (schema instanceof z.ZodRecord) {
    for (const [key, item] of Object.entries(data as object)) {
      yield* referencesIn(schema.keyType as z.ZodType, key, [...path, key])
      yield* referencesIn(schema.valueType as z.ZodType, item, [...path, key])
    }
  }
}
