/** The constant choices of the unbound target, each with its reason, which is also the comment above the lines. */
import { rule } from '../rule.ts'

/** Every constant choice, by name. */
export const rules = {
  freebind: rule(
    'unbound',
    'freebind',
    'an address may come later than Unbound, which would not start without it; ip-transparent asks for a capability that AppArmor takes away in Debian',
  ),
  outgoing: rule('unbound', 'outgoing', 'others are asked from the addresses of the service, which are what filters let out; the host has more of them'),
  refuse: rule('unbound', 'refuse', 'whoever is no client is told so at once; a resolver that answers everyone floods whom a forged question names (RFC 5358)'),
  threads: rule('unbound', 'threads', 'a name that takes long to validate holds up one thread and not all (CVE-2023-50387)'),
  caches: rule(
    'unbound',
    'caches',
    'of 4 MB, the default, popular names are pushed out by rare ones; records get twice what messages get, and the process grows to 2.5 times the sum (NLnet Labs, Howto Optimise)',
  ),
  connections: rule('unbound', 'connections', 'by default ten clients of a thread that leave their connection open lock out all others that need TCP'),
  wholePackets: rule('unbound', 'whole-packets', 'larger answers go by TCP: fragments get lost, and can be forged (RFC 9715)'),
  anonymous: rule('unbound', 'anonymous', 'nobody needs to know which host answers, and which flaws its version has'),
  validate: rule(
    'unbound',
    'validate',
    'signatures are checked (DNSSEC, RFC 4035); the module subnetcache, which Debian loads too, has a cache of its own that is neither prefetched nor served expired',
  ),
  anchor: rule('unbound', 'anchor', 'the key of the root, put there by the package before the start and kept fresh by Unbound (RFC 5011)'),
  stripped: rule('unbound', 'stripped', 'a zone that is known to be signed is not believed without signatures'),
  glue: rule('unbound', 'glue', 'the address of a server is believed only from those who have a say on its name'),
  minimise: rule('unbound', 'minimise', 'servers out there are told no more of a name than they need to know (RFC 9156)'),
  unwanted: rule(
    'unbound',
    'unwanted',
    'so many answers to questions that nobody asked are an attempt at forgery, after which nothing in the caches is believed',
  ),
  any: rule('unbound', 'any', 'ANY serves nobody but those who want large answers sent to others (RFC 8482)'),
  rebinding: rule(
    'unbound',
    'rebinding',
    'no name of others leads to a host on the same link, nor to IPv4 written as IPv6, which would go past the lines for IPv4',
  ),
  rebindingOurs: rule(
    'unbound',
    'rebinding-ours',
    'no name of others leads to us: a page could move its own name into our network, and a browser would follow (DNS rebinding); our names may',
  ),
  prefetch: rule('unbound', 'prefetch', 'what is asked often is asked anew before it runs out, so that nobody waits for it'),
  stale: rule(
    'unbound',
    'stale',
    'while the way out is down, or a zone without servers, what was known is answered for a day to whoever has waited for 1.8 s (RFC 8767 §5)',
  ),
  probing: rule(
    'unbound',
    'probing',
    'servers that were silent, as all are while the way out is down, are still tried, and not again after 15 min only (infra-host-ttl)',
  ),
  log: rule('unbound', 'log', 'the system log tells why a name was not answered; the client only hears that it failed'),
  unknown: rule(
    'unbound',
    'unknown',
    'a name of the company that is not below does not exist, and nobody out there is asked for it; whoever was told so may ask again after a minute',
  ),
  reverse: rule('unbound', 'reverse', 'an address of the company that is not below has no name; zones of the same name that Unbound has built in give way'),
  ttl: rule('unbound', 'ttl', 'a name or address that moved is known everywhere after five minutes'),
  control: rule('unbound', 'control', 'root flushes a name or reads the counters by a Unix socket, where Debian allows one; no port is open for it'),
} as const
