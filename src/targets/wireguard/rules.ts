/** The constant choices of the wireguard target, each with what goes wrong without it. "Tried" is with wireguard-tools 1.0.20210914 (Debian 12). */
import { rule } from '../rule.ts'

export const EVERY_ADDRESS = rule(
  'wireguard',
  'every-address',
  'AllowedIPs is a routing table and a source check of its own (wg(8)). An interface with one peer needs neither: BGP decides what goes in, the filter what may come out, and a list beside them drops what BGP has just learnt',
)
export const KEEPALIVE_SAID = rule(
  'wireguard',
  'keepalive-said',
  'syncconf leaves the interval of a running tunnel as it is when the file does not name one, so it is named also where it is off (tried)',
)
export const KEY_APART = rule(
  'wireguard',
  'key-apart',
  'the private key stays in its file, out of what is printed and out of the list of processes, and goes in together with the rest: a configuration without a key takes away the one that is there and ends every session, and with a key that cannot be read wg changes nothing (both tried)',
)
export const SYNC = rule(
  'wireguard',
  'sync',
  'syncconf takes away peers that are no longer named and leaves the session of one that stays; setconf ends that too, addconf and set keep peers for ever (wg(8))',
)
export const FAIL_LATE = rule(
  'wireguard',
  'fail-late',
  'one tunnel whose key is missing must not keep the others dark, and must not pass for success either: all are told, and then the run fails',
)

/** All of them. */
export const rules = [EVERY_ADDRESS, KEEPALIVE_SAID, KEY_APART, SYNC, FAIL_LATE]
