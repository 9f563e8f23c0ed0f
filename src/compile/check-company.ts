/** Values in `company.ts` that its types can't tell from wrong ones: prefixes, numbers, and the names of targets and device types. */
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import { type Family, parsePrefix } from '#base/ip.ts'
import { byName } from '#base/order.ts'
import { suggest } from '#base/suggest.ts'
import { BANDWIDTH, parseMeasure } from '#base/units.ts'
import type { Company } from './company.ts'

/** The highest AS number (RFC 6793). */
const LAST_ASN = 4_294_967_295

/** Labels of lower-case letters, digits and inner dashes (RFC 1123 §2.1). */
const DOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/

/** All that is wrong with the values of `company()`, at its place. */
export function checkCompany({ declaration, catalog, targets }: Company): Diagnostic[] {
  const { place, domain, people, addressing, externals, platforms, hardware } = declaration
  const wrong = (name: string, value: string, expected: string) => diagnose('wrong-value', { name, what: 'the company', expected }, { place, value })
  const prefixes = (name: string, texts: readonly string[] | undefined, family?: Family) =>
    (texts ?? []).flatMap((text) => {
      const read = parsePrefix(text)
      return read && (family === undefined || read.family === family) ? [] : [wrong(name, text, PREFIXES[family ?? 0])]
    })
  const near = (name: string, known: readonly string[]) => {
    const meant = suggest(name, known)
    return { place, value: name, allowed: known, ...(meant ? { fix: `did you mean "${meant}"?` } : {}) }
  }
  const names = targets.map((target) => target.name)
  const slugs = [...catalog.keys()].sort(byName)
  const [first, last] = addressing.asns ?? [1, 1]
  const asn = (n: number) => Number.isInteger(n) && n >= 1 && n <= LAST_ASN
  return [
    ...(DOMAIN.test(domain) ? [] : [wrong('domain', domain, 'a domain name such as "acme.example"')]),
    ...(people === undefined || (Number.isSafeInteger(people) && people >= 0) ? [] : [wrong('people', String(people), 'a whole number, 0 or more')]),
    ...prefixes('addressing.v4', addressing.v4, 4),
    ...prefixes('addressing.v6', addressing.v6, 6),
    ...Object.entries(addressing.regions ?? {}).flatMap(([region, { v4, v6 }]) => [
      ...prefixes(`addressing.regions.${region}.v4`, v4, 4),
      ...prefixes(`addressing.regions.${region}.v6`, v6, 6),
    ]),
    ...prefixes('addressing.reserved', addressing.reserved),
    ...(asn(first) && asn(last) && first <= last
      ? []
      : [wrong('addressing.asns', `${first}, ${last}`, `two AS numbers from 1 to ${LAST_ASN}, the lower first`)]),
    ...Object.entries(externals ?? {}).flatMap(([name, external]) => prefixes(`externals.${name}.prefixes`, external.prefixes)),
    ...Object.entries(externals ?? {}).flatMap(([name, { traffic = {} }]) =>
      Object.entries(traffic)
        .filter(([, rate]) => parseMeasure(BANDWIDTH, rate) === undefined)
        .map(([direction, rate]) => wrong(`externals.${name}.traffic.${direction}`, rate, `a bandwidth such as "${BANDWIDTH.example}"`)),
    ),
    ...Object.entries(platforms ?? {}).flatMap(([role, platform]) =>
      platform.filter((target) => !names.includes(target)).map((target) => diagnose('unknown-target', { role, target }, near(target, names))),
    ),
    ...Object.entries(hardware ?? {})
      .filter(([, model]) => !catalog.has(model))
      .map(([role, model]) => diagnose('unknown-model', { who: `The role ${role}`, model }, near(model, slugs))),
  ]
}

const PREFIXES = {
  0: 'a prefix without host bits such as "192.0.2.0/24"',
  4: 'an IPv4 prefix without host bits such as "10.0.0.0/8"',
  6: 'an IPv6 prefix without host bits such as "2001:db8::/32"',
} as const
