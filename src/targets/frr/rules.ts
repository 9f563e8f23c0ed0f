/** The constant choices of the FRR target, each with its reason. A reason is also the comment beside the line where one is printed. */
import { rule } from '../rule.ts'

/** Every constant choice, by name. */
export const rules = {
  defaults: rule(
    'frr',
    'defaults',
    'the traditional profile is the one of the RFCs; each departure from it stands as a line of its own, so the text says all that the daemon does (https://docs.frrouting.org/en/stable-8.4/basic.html)',
  ),
  log: rule('frr', 'log', 'session changes and errors go to the system log; debugging does not'),
  nexthopGroups: rule('frr', 'nexthop-groups', 'kernel next-hop groups lose an ECMP member for good after one link flap (FRRouting/frr#13413, #18374, #23022)'),
  evpnOrder: rule(
    'frr',
    'evpn-order',
    'a path over EVPN that changes loses the next hops that it keeps, unless zebra takes each message alone and acts at once (FRRouting/frr#12391, #14108)',
  ),
  noForwarding: rule('frr', 'no-forwarding', 'this device does not forward; without the line a reload turns forwarding on'),
  ownSource: rule(
    'frr',
    'own-source',
    'what a host opens comes from its own address, by whichever link it leaves; the kernel would take that of the link, to which nobody else has a way back and which no filter knows',
  ),
  logNeighborChanges: rule('frr', 'log-neighbor-changes', 'a session that goes down says so, with the reason'),
  openSessions: rule('frr', 'open-sessions', 'sessions without policies on both sides are meant here; FRR would exchange nothing over them (RFC 8212)'),
  explicitFamilies: rule('frr', 'explicit-families', 'a session carries the families that are written, and no IPv4 by habit'),
  multipathRelax: rule(
    'frr',
    'multipath-relax',
    'equal-cost paths come through neighbours with different AS numbers; FRR would take only those through the same ones',
  ),
  timers: rule(
    'frr',
    'timers',
    'keepalive 3 s, hold 9 s: a silent black hole ends after 9 s, not after 180 s. the shorter hold time of the two sides counts (RFC 4271 §4.2)',
  ),
  connectRetry: rule(
    'frr',
    'connect-retry',
    'a session that went down in a silent black hole of 80 s came back 1 s after its end, and 50 s after it with attempts every 120 s (measured, FRR 8.4.4)',
  ),
  nextHopSelf: rule(
    'frr',
    'next-hop-self',
    'no interior protocol carries the far side of an external link, so a neighbour in the same AS reaches it through this device',
  ),
  profileName: rule(
    'frr',
    'profile-name',
    'a profile has its timers in its name, so that other timers are another profile: FRR does not show 300 ms and 3 packets and has no `no` for other values, so a reload cannot take a profile back to them (measured, FRR 8.4.4)',
  ),
  replacePrivate: rule(
    'frr',
    'replace-private',
    'private AS numbers anywhere in a path become the own one (RFC 6996 §4), so that it keeps its length: with them taken out, a way through a distant site would look as short as a direct one',
  ),
  limitRestart: rule(
    'frr',
    'limit-restart',
    'a session that brought too many prefixes comes back by itself after 30 minutes, most often mended; otherwise it stays down until a person clears it, unseen where another link took over',
  ),
  otherConfig: rule(
    'frr',
    'other-config',
    'beside the managed flag this one is redundant (RFC 4861 §4.2), but hosts read the two in different ways (draft-ietf-v6ops-dhcpv6-slaac-problem), and without it one may ask for an address and nothing else',
  ),
  emptyListDenies: rule('frr', 'empty-list-denies', 'a prefix list exists only through its entries; one that lists nothing is one that denies'),
  emptyPolicyDenies: rule('frr', 'empty-policy-denies', 'a route map exists only through its entries; one that permits nothing is one that denies'),
  daemons: rule(
    'frr',
    'daemons',
    'daemons speak to their shell on the loopback only, read one integrated file, and have a netlink buffer of 90 MB for full kernel dumps (the Debian defaults)',
  ),
} as const
