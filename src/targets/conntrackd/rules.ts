/** The constant choices of the conntrackd target, each with what goes wrong without it. "Tried" is with conntrackd 1.4.7 (Debian 12) on Linux 6.18, in network namespaces. */
import { rule } from '../rule.ts'

/** Every constant choice, by name. */
export const rules = {
  mode: rule(
    'conntrackd',
    'mode',
    'FTFW asks again for what was lost on the link. NOTRACK does not, tells news up to 1 s late, and when its idle copy of a connection runs out on one device, the live one on the other is deleted (tried)',
  ),
  straight: rule(
    'conntrackd',
    'straight',
    'what the other device tells goes into the kernel at once: routes move connections without telling anybody who could commit a cache, and with a cache the first packet after the move is dropped (tried)',
  ),
  catchUp: rule('conntrackd', 'catch-up', 'a device that starts asks for what the other one knows; otherwise it learns only of what is new'),
  port: rule('conntrackd', 'port', 'UDP, to the one other device: there is nobody else on the link'),
  burst: rule(
    'conntrackd',
    'burst',
    'who starts gets the whole table in one burst, and what its socket cannot hold is not sent again: of 100,000 connections 41,000 were missing with the 1.2 MB of the manual page, of 250,000 none with 64 MiB (measured). the memory is used only then',
  ),
  events: rule(
    'conntrackd',
    'events',
    'each connection that comes in that burst comes back as an event of the kernel: for 250,000 the buffer grew from 8 to 32 MiB, and what it cannot hold is lost (measured)',
  ),
  size: rule(
    'conntrackd',
    'size',
    'a bucket for each connection that the kernel tracks by default (nf_conntrack_max, 262144), and room for twice as many, because those that ended are kept until the other device knows (conntrackd.conf(5))',
  ),
  log: rule('conntrackd', 'log', 'to the system log'),
  run: rule('conntrackd', 'run', 'files of a running daemon, in a folder that is empty after a boot'),
  own: rule(
    'conntrackd',
    'own',
    'connections of the device itself end with it. it is the ends that are compared, not the addresses in between, so that what is translated to an address of the device is told (tried)',
  ),
  staleLock: rule('conntrackd', 'stale-lock', 'a daemon that was killed leaves its lock, and none starts again while it is there (tried)'),
  again: rule(
    'conntrackd',
    'again',
    'the daemon gives up when the link or its address is not there yet; starts 3 s apart never reach the limit of systemd, which is 5 in 10 s (systemd.unit(5), StartLimitBurst=)',
  ),
  adopt: rule(
    'conntrackd',
    'adopt',
    'when the other device falls silent, its connections become ours. the daemon tells of a connection only what it has seen happen, so one that was there before and just goes on would be unknown to the other device when that comes back, and end there (tried)',
  ),
} as const
