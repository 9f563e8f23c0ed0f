/** The constant choices of the rsyslog target, each with its reason, which is also the comment above the line. */
import { rule } from '../rule.ts'

/** Every constant choice, by name. */
export const rules = {
  spool: rule('rsyslog', 'spool', 'where messages wait on disk; without it a queue has no place (the Debian default)'),
  hostname: rule('rsyslog', 'hostname', 'the whole name in every message: rsyslog would cut the domain off, and a spine-1 is at every site'),
  programs: rule(
    'rsyslog',
    'programs',
    'a program in a loop says 1000 things in 30 s and then how many it was kept from saying; it does not fill the queue that others need',
  ),
  kernel: rule('rsyslog', 'kernel', 'packets that nftables dropped are messages of the kernel, which come by no socket; the limit is that of programs'),
  device: rule(
    'rsyslog',
    'device',
    'log servers are reached in the management VRF alone; a connection that is not bound to it looks in the default table (kernel vrf.rst)',
  ),
  format: rule(
    'rsyslog',
    'format',
    'RFC 5424, so that times have a year and a zone; frames counted in octets (RFC 6587 §3.4.1), so that a message of two lines stays one',
  ),
  queue: rule(
    'rsyslog',
    'queue',
    'while a log server is away up to 128 MB wait on disk, also over a restart; beyond that new messages are dropped at once: a full queue that is waited for makes every program that logs wait (rsyslog/rsyslog#3572); the disk is used from the middle of the 1000 messages in memory, as what is in hand (128) is not counted: at 90 %, the default, memory can be full with the disk unused (measured)',
  ),
  retry: rule('rsyslog', 'retry', 'a server that is away is asked again every 30 s for ever; by default what could not be sent at once is gone (measured)'),
} as const
