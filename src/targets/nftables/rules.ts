/** The constant choices of the nftables target: lines that are in every file, each with its reason. `print` writes the reason above the line. */
import { rule } from '../rule.ts'

/** Every constant choice, by the name by which the code cites it. */
export const RULES = {
  table: rule('nftables', 'table', 'One table of family inet filters IPv4 and IPv6 together; other tables of the machine are left alone.'),
  declare: rule(
    'nftables',
    'declare',
    'Declare everything first: on a running filter this changes nothing, on an empty kernel it makes what the rest refers to.',
  ),
  inPlace: rule(
    'nftables',
    'in-place',
    'Empty in place, in the same transaction: deleting and recreating the table loses packets of allowed flows at each reload.',
  ),
  elements: rule('nftables', 'elements', 'Fill the sets: an address is an element that one lookup finds, not a rule to be tried.'),
  fill: rule('nftables', 'fill', 'Fill the chains, now that everything they look in is there.'),
  forward: rule('nftables', 'forward', 'Forwarded packets: what no rule accepts is dropped.'),
  input: rule('nftables', 'input', 'Packets to the device itself: what no rule accepts is dropped.'),
  output: rule(
    'nftables',
    'output',
    'Packets of the device itself are accepted: it is trusted, and a filter here could cut its routing sessions and management.',
  ),
  state: rule('nftables', 'state', 'Nearly every packet belongs to a known flow and is decided here, in one lookup. ICMP errors about a flow are `related`.'),
  dispatch: rule('nftables', 'dispatch', 'One lookup finds the rules of a zone pair, however many pairs there are. A pair without rules has no entry.'),
  forwardLog: rule('nftables', 'forward-log', 'Say what is dropped, at a rate that cannot fill a disk.'),
  forwardDrop: rule('nftables', 'forward-drop', 'Count what is dropped: the first number to look at when something does not pass.'),
  loopback: rule('nftables', 'loopback', 'The device talks to itself.'),
  neighbours: rule(
    'nftables',
    'neighbours',
    'IPv6 does not work without neighbour discovery and multicast listener reports (RFC 4890 section 4.4.1); they are untracked.',
  ),
  echo4: rule('nftables', 'echo-ipv4', 'Answer pings; the limit is on new flows.'),
  echo6: rule('nftables', 'echo-ipv6', 'Answer pings (RFC 4890 section 4.4.1); the limit is on new flows.'),
  inputLog: rule('nftables', 'input-log', 'Say what is dropped, at a rate that cannot fill a disk.'),
  inputDrop: rule('nftables', 'input-drop', 'Count what is dropped: the first number to look at when a session does not come up.'),
} as const

/** New flows of echo requests answered each second, and how many at once. Enough for every host of a site to ask at the same moment. */
export const ECHO_LIMIT = { perSecond: 100, burst: 200 } as const

/** Dropped packets logged each second, and how many at once: about 1.5 KB/s of log. */
export const LOG_LIMIT = { perSecond: 10, burst: 20 } as const
