/** The facts of a service: `services/NAME.yaml`, the name of the file being the name of the service. */
import type { z } from 'zod'
import { fact } from './fact.ts'

/** What a service file holds. */
export const serviceFacts = fact.object({
  title: fact.text().optional(),
  renamedFrom: fact.name().optional(),
  owner: fact.the('team').describe('the team that answers for it'),
  tier: fact.the('zone').describe('the zone that it runs in'),
  listens: fact.list(fact.object({ name: fact.name(), port: fact.port() })).optional(),
  runs: fact.object({ replicas: fact.integer(), at: fact.list(fact.the('site')) }),
  needs: fact.list(fact.the('service')).optional().describe('services that it calls; each becomes a rule'),
  balanced: fact.object({ hostname: fact.text(), health: fact.text().optional(), drain: fact.duration().optional() }).optional(),
  backup: fact
    .object({
      rpo: fact.duration(),
      keep: fact
        .object({ hourly: fact.integer().optional(), daily: fact.integer().optional(), weekly: fact.integer().optional(), monthly: fact.integer().optional() })
        .optional(),
      drill: fact.oneOf(['weekly', 'monthly', 'quarterly']).optional(),
    })
    .optional(),
  watch: fact.object({ probe: fact.text(), every: fact.duration().optional() }).optional(),
  status: fact.oneOf(['planned', 'active', 'retiring']).optional(),
  tags: fact.list(fact.name()).optional(),
  notes: fact.text().optional(),
})

/** A service's facts, read. */
export type ServiceFacts = z.output<typeof serviceFacts>
