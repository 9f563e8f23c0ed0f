/**
 * The constant choices of the Kea target, each with its reason, which is also the comment above the line. "Measured" is Kea 2.2.0 of Debian 12; ARM is its
 * manual, the Administrator Reference Manual of 2.2.0 (https://kea.readthedocs.io/en/kea-2.2.0/).
 */
import { rule } from '../rule.ts'

/** Every constant choice, by name. */
export const rules = {
  ownAddress: rule(
    'kea',
    'own-address',
    'one address of each interface, never the one that routers share: Kea opens a socket for each, and a client is offered two leases (measured; ARM 8.2.4)',
  ),
  rawSockets: rule(
    'kea',
    'raw-sockets',
    'a client without an address cannot be reached over UDP sockets (ARM 8.2.4). No filter of this device sees what raw sockets hear and send',
  ),
  socketRetries: rule(
    'kea',
    'socket-retries',
    'an interface without carrier or with an IPv6 address still being checked is not listened on, and without retries never would be (measured). One try every 5 s, for ever',
  ),
  networks: rule(
    'kea',
    'networks',
    'a link may have several prefixes: who finds the first one full is given an address of the next (measured; ARM, shared networks)',
  ),
  leases: rule('kea', 'leases', 'a server that forgets its leases when it restarts hands out addresses that are in use'),
  control: rule('kea', 'control', 'whoever operates the device asks and tells the server here: status-get, lease4-get-all, ha-maintenance-start'),
  threads: rule('kea', 'threads', 'only with threads do the two talk without a control agent between them (ARM 16.12.15), which could fail by itself'),
  hooks: rule('kea', 'hooks', 'the one library keeps the pair in step, the other writes down what the partner tells (ARM 16.12.6)'),
  hotStandby: rule('kea', 'hot-standby', 'one server answers at a time; two at once would need the pool split in halves (ARM 16.12.1)'),
  heartbeat: rule('kea', 'heartbeat', 'after a start the pair serves nobody for four heartbeats (measured): 4 s, and not 40 s as by default'),
  silence: rule(
    'kea',
    'silence',
    'a partner silent for five heartbeats is gone. Until then the primary holds back each lease that the standby has not confirmed (measured); by default for a minute',
  ),
  unanswered: rule(
    'kea',
    'unanswered',
    'whoever has asked for more than 5 s is not answered by the partner (value of ARM 16.12.8): a third request of DHCPv4, a fourth of DHCPv6 (RFC 2131 4.1, RFC 8415 15)',
  ),
  unansweredClients: rule(
    'kea',
    'unanswered-clients',
    'the standby takes over from the second unanswered client on. With 0, a pulled cable makes both hand out the same addresses (measured); with 10, a small office waits',
  ),
  restrictCommands: rule(
    'kea',
    'restrict-commands',
    'the listener is for the partner; it would take shutdown and config-set from whoever reaches its port (measured; ARM 16.12.3)',
  ),
  listener: rule('kea', 'listener', 'the partner speaks to this server itself, at the port below'),
  authoritative: rule(
    'kea',
    'authoritative',
    'a client that comes with an address of another network is told so at once; a silent server leaves it waiting (ARM 8.2.23)',
  ),
  location: rule(
    'kea',
    'location',
    'country, city, street and area (RFC 4776), which a telephone sends along when somebody calls for help: who answers knows where to send it',
  ),
  sntp: rule(
    'kea',
    'sntp',
    'clients ask for option 31, or for 31 and 56; 56 is none of Kea 2.2, and options that we define crash it when it has threads (Kea issue 2942)',
  ),
  preferredLifetime: rule(
    'kea',
    'preferred-lifetime',
    '5/8 of the lease, as later Kea does by itself; that of 2.2 is 3600 s, however long the lease (Kea issue 2835)',
  ),
  log: rule('kea', 'log', 'to the system log among its daemons, where it is kept and sent on; by default it is local0'),
  quietCommands: rule('kea', 'quiet-commands', 'each heartbeat of the partner would be a line of the log, 86,400 a day'),
} as const
