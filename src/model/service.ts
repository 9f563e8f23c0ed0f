/** The facts of a service: `services/NAME.yaml`, the name of the file being the name of the service. */
import type { z } from 'zod'
import { fact } from './fact.ts'

/** How the connections of a service are balanced: by the balancers of each data centre that it runs in, over its replicas there. */
const Balanced = fact.object({
  hostname: fact.text(),
  protocol: fact.oneOf(['tcp', 'http', 'https']).optional().describe('https: TLS ends at the balancer; tcp, which passes bytes on, if not said'),
  replicas: fact.port().optional().describe('what replicas listen on, where it is another port than that of the service'),
  health: fact.request().optional().describe('how a replica shows that it is up; that it accepts a connection if not said'),
  algorithm: fact.oneOf(['roundrobin', 'leastconn', 'source']).optional().describe('roundrobin if not said'),
  sticky: fact.duration().optional().describe('connections of one client go to one replica for so long'),
  slowStart: fact.duration().optional().describe('how long a replica that comes up gets less than its share'),
  drain: fact.duration().optional().describe('how long connections of a replica that is taken out may go on'),
  timeouts: fact
    .object({ client: fact.duration().optional(), server: fact.duration().optional() })
    .optional()
    .describe('silence after which a connection ends'),
  public: fact.boolean().optional().describe('the internet reaches it: its IPv4 addresses are of the public ones of its data centres'),
  addresses: fact.mapOf(fact.address4(), 'site').optional().describe('the IPv4 address that it already has, by data centre'),
})

/** What one host that uses it sends and is answered in its busy hour, headers included. */
const Traffic = fact.object({ up: fact.bandwidth(), down: fact.bandwidth() })

/** What a service file holds. */
export const serviceFacts = fact.object({
  title: fact.text().optional(),
  renamedFrom: fact.name().optional(),
  owner: fact.the('team').describe('the team that answers for it'),
  tier: fact.the('zone').describe('the zone that it runs in'),
  listens: fact.list(fact.object({ name: fact.name(), port: fact.port() })).optional(),
  runs: fact.object({ replicas: fact.integer(), at: fact.list(fact.the('site')) }),
  needs: fact.list(fact.the('service')).optional().describe('services that it calls; each becomes a rule'),
  balanced: Balanced.optional(),
  traffic: Traffic.optional().describe('what one host that uses it sends and is answered in its busy hour, headers included; it loads nothing if not said'),
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
