/** The constant choices of the keepalived target, each with what goes wrong without it. "Tried" is with keepalived 2.2.7 (Debian 12) in network namespaces. */
import { rule } from '../rule.ts'

/** Every constant choice, by name. */
export const rules = {
  version: rule(
    'keepalived',
    'version',
    'VRRP version 3 (RFC 5798): version 2, the default for IPv4, counts in whole seconds, and a backup waits for more than three of them',
  ),
  claims: rule(
    'keepalived',
    'claims',
    'who has the addresses is told again after 1 s, not after 5 s, and then every minute: a host that missed the first telling has no gateway until the next',
  ),
  scriptUser: rule(
    'keepalived',
    'script-user',
    'keepalived would look for a user keepalived_script that nobody has made; root it is, who runs nothing that another user could have written',
  ),
  looks: rule(
    'keepalived',
    'looks',
    'every second, the least that keepalived takes: are the routes there? two looks that fail count, because one may fall between a route and its successor',
  ),
  returns: rule(
    'keepalived',
    'returns',
    'three looks that succeed count: the rest of the table follows within a second or two. more are no help: answers come back by this device from the first look on, and until it is master each waits for a retransmission (tried with ten). a delay of preemption would not tell a device that comes back from one that takes over, and hold up both (tried)',
  ),
  lostAtFirst: rule(
    'keepalived',
    'lost-at-first',
    'routes count as lost until they have been seen: a device that boots takes no gateway before it knows where to send to',
  ),
  shell: rule(
    'keepalived',
    'shell',
    'a shell reads the script: one that is run by itself and has lost its execute bit is left out with a line in the log, and the device is master with no WAN. so it counts as failed, as a missing one does (tried)',
  ),
  fromBgp: rule(
    'keepalived',
    'from-bgp',
    'this very prefix, and from BGP: a longer or shorter one says nothing about the WAN, and neither does a static route that stands by',
  ),
  backup: rule(
    'keepalived',
    'backup',
    'state: both devices start as backup, so that priority alone decides; one that starts as master takes the addresses of the one that has them',
  ),
  carrier: rule(
    'keepalived',
    'carrier',
    'dont_track_primary: a segment without carrier costs priority and is no fault. with faults, a dead switch that takes one segment from both devices leaves every segment without a gateway (tried)',
  ),
  interval: rule(
    'keepalived',
    'interval',
    'advert_int: a backup that hears nothing for three intervals and a skew of less than one takes over (RFC 5798 §6.1): 0.75 s to 1 s',
  ),
  linkLocal: rule(
    'keepalived',
    'link-local',
    'an IPv6 instance begins with a link-local address (RFC 5798 §5.2.9). fe80:: and the router id is the same on both devices, is unique where the id is, and is made from no MAC address (those have ff:fe inside). with /64 the kernel takes it as the source of router advertisements, so that hosts learn a gateway that moves (tried with FRR 8.4)',
  ),
  notASource: rule(
    'keepalived',
    'not-a-source',
    'preferred_lft 0: the device answers on the shared IPv6 address but opens nothing from it (RFC 6724 §5 rule 3), for that would end when the address moves',
  ),
  together: rule(
    'keepalived',
    'together',
    'all are master or none is: a flow between two segments passes one device in both directions, and IPv4 and IPv6 of a segment take one way although they are virtual routers of their own',
  ),
  standBack: rule(
    'keepalived',
    'stand-back',
    'a device that lacks a route or a segment stands back to a tenth of its priority: below one that has them, and above a lesser one that lacks them too, so that one is always master. a fault would leave hosts without a gateway when both lose the WAN',
  ),
} as const
