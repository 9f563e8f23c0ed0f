/** The facts of a site that hold for every standard; a standard adds its own. The file is `sites/NAME.yaml`, and the name of the file is the name of the site. */
import { z } from 'zod'
import { familyOf } from '#base/ip.ts'
import { fact, whole } from './fact.ts'

/** What a circuit costs. Typed here; bills are computed elsewhere. */
const Price = fact.object({
  fixed: fact.money().optional().describe('paid each month whatever is used'),
  perMbps: fact.money().optional(),
  commit: fact.bandwidth().optional().describe('bandwidth that is paid for in any case'),
  burst: fact.money().optional().describe('for each Mbps above the commitment'),
  setup: fact.money().optional(),
  billing: fact.oneOf(['flat', 'p95', 'metered']).optional().describe('p95: the 95th percentile of five-minute samples'),
})

/** The carrier's side of a hand-off, in one family: our address on the circuit, and theirs. */
const Assigned = fact.object({ ours: fact.interfaceAddress(), theirs: fact.address() })

/** A circuit, as the order form has it. */
export const Circuit = fact.object({
  id: fact.name(),
  carrier: fact.text(),
  kind: fact.oneOf(['internet', 'private']).describe('private: a point-to-point service to another site, or the carrier’s routed VPN'),
  bandwidth: fact.bandwidth(),
  use: fact.oneOf(['wan', 'out-of-band']).optional().describe('out-of-band: for reaching devices when all else is down; wan if not said'),
  to: fact.the('site').optional().describe('the site at the other end of a point-to-point circuit'),
  price: Price.optional(),
  leadTime: fact.duration().optional(),
  sla: fact.object({ availability: fact.percent().optional(), repair: fact.duration().optional(), latency: fact.duration().optional() }).optional(),
  demarcation: fact.text().optional().describe('where the carrier hands it over'),
  entrance: fact.text().optional().describe('which way into the building it takes'),
  asn: fact.asn().optional().describe('the carrier’s AS number, where it speaks BGP with us'),
  addresses: fact.object({ v4: Assigned.optional(), v6: Assigned.optional() }).optional().describe('provider-assigned'),
  vlan: fact.vlan().optional().describe('hand-off VLAN'),
  mtu: whole('an MTU from 1280 to 9216', 1280, 9216).optional(),
  sharedRisk: fact.name().optional().describe('circuits with the same name here can fail together'),
  ordered: fact.date().optional(),
  term: fact.duration().optional(),
  noc: fact.text().optional().describe('whom to call, and the circuit number that they know'),
  renamedFrom: fact.name().optional(),
  status: fact.oneOf(['planned', 'active', 'retiring']).optional(),
  notes: fact.text().optional(),
})

/** What the site already uses and must keep: the ledger takes these over and never moves them. */
const Pinned = fact.object({
  blocks: fact
    .list(fact.prefix())
    .refine((blocks) => blocks.filter((block) => familyOf(block) === 4).length <= 1 && blocks.filter((block) => familyOf(block) === 6).length <= 1, {
      error: 'one block for each family',
    })
    .optional()
    .describe('the address blocks of the site, one a family'),
  segments: fact.mapOf(fact.object({ v4: fact.prefix4().optional(), v6: fact.prefix6().optional(), vlan: fact.vlan().optional() })).optional(),
  asns: fact.mapOf(fact.asn()).optional().describe('AS numbers by device'),
})

const COUNTRY = 'a country code of two capital letters (ISO 3166-1), such as "DE"'

function degrees(most: number) {
  const error = `degrees from -${most} to ${most}`
  return z.number({ error }).min(-most, { error }).max(most, { error })
}

/** The facts every site has. */
export const siteFacts = {
  standard: fact.text().describe('the standard and version that the site is built to, such as office@3'),
  title: fact.text().optional(),
  renamedFrom: fact.name().optional().describe('the name that the site had before; what was allocated to it moves along'),
  status: fact.oneOf(['planned', 'active', 'retiring']).optional().describe('active if not said'),
  city: fact.text(),
  country: z.string({ error: COUNTRY }).regex(/^[A-Z]{2}$/, { error: COUNTRY }),
  region: fact.name().optional().describe('the address region, if the company has several'),
  location: z
    .tuple([degrees(90), degrees(180)])
    .optional()
    .describe('latitude and longitude in degrees'),
  address: fact.text().optional(),
  opens: fact.date().optional(),
  growth: fact.boolean().optional().describe('opened in the growth years'),
  people: fact.integer().optional(),
  risk: fact.oneOf(['normal', 'elevated']).optional().describe('a place of elevated risk gets a firewall pair of its own'),
  owner: fact.the('team').optional().describe('the team that answers for it'),
  circuits: fact.list(Circuit).optional(),
  public: fact.prefix4().optional().describe('IPv4 addresses that carriers route here, for services that the internet reaches'),
  maintenance: fact
    .mapOf(fact.text())
    .optional()
    .describe('devices that are about to be worked on, each with what is done: neighbours are asked to prefer every other way (RFC 8326)'),
  pinned: Pinned.optional(),
  hardware: z.record(fact.name(), fact.text()).optional().describe('device type by role, where it differs from the company’s'),
  tags: fact.list(fact.name()).optional(),
  notes: fact.text().optional(),
} as const

/** The facts of any site, read. */
export type SiteFacts = z.output<z.ZodObject<typeof siteFacts>>

/** A circuit, read: bandwidth in bit/s, durations in s. */
export type CircuitFacts = z.output<typeof Circuit>

/** `office@3` taken apart; undefined when it is not of that form. */
export function parsePin(text: string): { name: string; version: number } | undefined {
  const match = /^([a-z0-9-]+)@([1-9]\d*)$/.exec(text)
  return match ? { name: match[1]!, version: Number(match[2]) } : undefined
}
