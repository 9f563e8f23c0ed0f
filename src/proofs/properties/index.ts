/** The properties: a folder and a line each. */
import type { Property } from '../proof.ts'
import { addresses } from './addresses/addresses.ts'
import { claims } from './claims/claims.ts'
import { denied } from './denied/denied.ts'
import { families } from './families/families.ts'
import { filters } from './filters/filters.ts'
import { loops } from './loops/loops.ts'
import { management } from './management/management.ts'
import { mtu } from './mtu/mtu.ts'
import { overlaps } from './overlaps/overlaps.ts'
import { rules } from './rules/rules.ts'
import { sessions } from './sessions/sessions.ts'
import { spoofing } from './spoofing/spoofing.ts'
import { summaries } from './summaries/summaries.ts'
import { survives } from './survives/survives.ts'
import { symmetric } from './symmetric/symmetric.ts'
import { utilisation } from './utilisation/utilisation.ts'
import { vrfs } from './vrfs/vrfs.ts'
import { ways } from './ways/ways.ts'
import { works } from './works/works.ts'

/** All properties, in the order in which they are told. */
export const properties: readonly Property[] = [
  works,
  denied,
  claims,
  survives,
  ways,
  symmetric,
  filters,
  spoofing,
  management,
  vrfs,
  loops,
  rules,
  sessions,
  addresses,
  overlaps,
  families,
  summaries,
  mtu,
  utilisation,
]
