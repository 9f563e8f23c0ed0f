/** What a company's own files import from `netwright`. */
export { fact } from '#model/fact.ts'
export type { Addressing, Endpoint, Expectation, External, Policy, Team, Waiver, Zone } from '#model/policy.ts'
export type { CircuitFacts, SiteFacts } from '#model/site.ts'
export type { Acceptance, Announcement, Attachment } from './asks.ts'
export {
  allow,
  at,
  type CompanyParts,
  company,
  expect,
  external,
  forbid,
  type ReachClaim,
  reach,
  segment,
  service,
  waive,
  type ZoneBook,
  zones,
} from './company.ts'
export type { CompanyAsk } from './company-asking.ts'
export type { Ask, DeviceOptions, DeviceRef, Devices, RackRef, SegmentRef, Side } from './site-asking.ts'
export { type CompanyStandard, companyStandard, type SiteView, type Standard, standard, withZones } from './standard.ts'
