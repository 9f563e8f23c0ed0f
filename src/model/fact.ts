/**
 * The vocabulary of facts: the schemas that standards and the program describe YAML with. Quantities are written as people write them and read into a typed value of one base
 * unit. Every schema keeps its written form for JSON Schema (`netwright schema`), so that editors complete and check.
 */
import { z } from 'zod'
import { parseInterface, parseIp, parsePrefix } from '#base/ip.ts'
import { AREA, BANDWIDTH, DURATION, LENGTH, type Measure, MONEY_PATTERN, type Money, parseMeasure, parseMoney, patternOf } from '#base/units.ts'

/** Names of things: lower case, digits and inner dashes, at most 32 characters. They become parts of ids, host names and ledger keys. */
export const NAME_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/

/** What a fact may name. */
export type Reference = 'zone' | 'service' | 'site' | 'team'

function quantity(measure: Measure) {
  return z
    .string()
    .regex(new RegExp(patternOf(measure)), { error: `expected a ${measure.name} such as "${measure.example}"` })
    .transform((text) => parseMeasure(measure, text)!)
    .describe(`a ${measure.name}, such as ${measure.example}`)
}

function checked(what: string, example: string, holds: (text: string) => boolean) {
  return z
    .string()
    .refine(holds, { error: `expected ${what} such as "${example}"` })
    .describe(`${what}, such as ${example}`)
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
  text: () => z.string().min(1),
  /** A name: lower case letters, digits and inner dashes, at most 32 characters. */
  name: () => z.string().regex(NAME_PATTERN, { error: 'expected a name of lower-case letters, digits and inner dashes, at most 32 characters' }),
  /** The name of something else that the company declares; it is checked, and editors complete it. */
  the: (kind: Reference) => fact.name().meta({ reference: kind }),
  boolean: () => z.boolean(),
  /** A whole number, not negative. */
  integer: () => z.int().min(0),
  number: () => z.number(),
  /** A percentage, `99.9`. */
  percent: () => z.number().min(0).max(100),
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
    z
      .string()
      .regex(new RegExp(MONEY_PATTERN), { error: 'expected money such as "780 EUR/month"' })
      .transform((text): Money => parseMoney(text)!)
      .describe('money, such as 780 EUR/month'),
  /** A calendar date, kept as `YYYY-MM-DD`. */
  date: () => z.string().regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, { error: 'expected a date such as "2026-05-04"' }),
  /** An address of either family. */
  address: () => checked('an IP address', '192.0.2.1', (text) => parseIp(text) !== undefined),
  /** An address with its prefix length. */
  interfaceAddress: () => checked('an address with its prefix length', '192.0.2.2/30', (text) => parseInterface(text) !== undefined),
  /** A prefix without host bits. */
  prefix: () => checked('a prefix without host bits', '192.0.2.0/24', (text) => parsePrefix(text) !== undefined),
  /** An IPv4 prefix. */
  prefix4: () => checked('an IPv4 prefix', '192.0.2.0/24', (text) => parsePrefix(text)?.family === 4),
  /** An IPv6 prefix. */
  prefix6: () => checked('an IPv6 prefix', '2001:db8::/48', (text) => parsePrefix(text)?.family === 6),
  /** An AS number (RFC 6793). */
  asn: () => z.int().min(1).max(4294967295),
  /** An IEEE 802.1Q VLAN id. */
  vlan: () => z.int().min(1).max(4094),
  /** `443/tcp`, `8000-8099/udp` or `icmp`. */
  port: () =>
    z
      .string()
      .regex(/^(icmp|\d{1,5}(-\d{1,5})?\/(tcp|udp))$/, { error: 'expected a port such as "443/tcp", "8000-8099/udp" or "icmp"' })
      .refine((text) => text === 'icmp' || portsInOrder(text), { error: 'expected ports from 1 to 65535, the lower first' })
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

function portsInOrder(text: string): boolean {
  const [first, last = first] = text.slice(0, text.indexOf('/')).split('-').map(Number)
  return first! >= 1 && first! <= last! && last! <= 65535
}
