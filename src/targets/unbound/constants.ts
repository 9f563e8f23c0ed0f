/** What is in every `unbound.conf`, with the rule that it is there for. */
import type { Rule } from '../target.ts'
import { rules } from './rules.ts'

/** Rules and the lines that are there because of each. */
export type Constants = readonly (readonly [rule: Rule, ...texts: string[]])[]

/** Seconds that an answer may be kept (rule `ttl`), and one that there is no such name or record (rule `unknown`; RFC 2308 §5). */
export const TTL = 300
export const NEGATIVE_TTL = 60

/** The record that tells how long it may be remembered that a name does not exist. Server and mailbox are those of Unbound's built-in zones: nobody is to be found there. */
export const SOA = `SOA localhost. nobody.invalid. 1 3600 1200 604800 ${NEGATIVE_TTL}`

/** Where nobody is answered who is not named. */
export const EVERYONE: readonly string[] = ['0.0.0.0/0', '::/0']

/** Inside `server:`, after the interfaces and clients. */
export const SERVER: Constants = [
  [rules.threads, 'num-threads: 2'],
  [rules.caches, 'msg-cache-size: 64m', 'rrset-cache-size: 128m'],
  [rules.connections, 'incoming-num-tcp: 200', 'outgoing-num-tcp: 50'],
  [rules.wholePackets, 'max-udp-size: 1232'],
  [rules.anonymous, 'hide-identity: yes', 'hide-version: yes'],
  [rules.validate, 'module-config: "validator iterator"'],
  [rules.anchor, 'auto-trust-anchor-file: "/var/lib/unbound/root.key"'],
  [rules.stripped, 'harden-dnssec-stripped: yes'],
  [rules.glue, 'harden-glue: yes'],
  [rules.minimise, 'qname-minimisation: yes'],
  [rules.unwanted, 'unwanted-reply-threshold: 10000000'],
  [rules.any, 'deny-any: yes'],
  [rules.rebinding, 'private-address: 169.254.0.0/16', 'private-address: fe80::/10', 'private-address: ::ffff:0:0/96'],
  [rules.prefetch, 'prefetch: yes', 'prefetch-key: yes'],
  [rules.stale, 'serve-expired: yes', 'serve-expired-ttl: 86400', 'serve-expired-client-timeout: 1800'],
  [rules.probing, 'infra-keep-probing: yes'],
  [rules.log, 'use-syslog: yes', 'log-servfail: yes', 'val-log-level: 2'],
]

/** Inside `remote-control:`. */
export const REMOTE_CONTROL: Constants = [[rules.control, 'control-enable: yes', 'control-interface: /run/unbound.ctl']]
