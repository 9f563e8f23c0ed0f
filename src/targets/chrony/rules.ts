/** The constant choices of the chrony target, each with its reason, which is also the comment above the line. */
import { rule } from '../rule.ts'

/** Every constant choice, by name. */
export const rules = {
  burst: rule('chrony', 'burst', 'the first requests are 2 s apart, not 64 s: the clock is right seconds after a start'),
  minSources: rule('chrony', 'min-sources', 'two clocks have to agree before time moves: a single one that is left may be wrong (RFC 8633 §3.2)'),
  source: rule('chrony', 'source', 'requests come from the management address, whichever way they leave, so that filters and clocks know who asks'),
  device: rule(
    'chrony',
    'device',
    'clocks are reached in the management VRF alone; a socket that is not bound to it looks in the default table (kernel vrf.rst)',
  ),
  step: rule(
    'chrony',
    'step',
    'a clock that is more than 1 s off at the start is set at once; later it is only slewed, since logs and certificates count on time that does not jump',
  ),
  leap: rule('chrony', 'leap', 'a leap second is slewed away: stepped back, the clock tells one second twice and the log loses its order'),
  drift: rule('chrony', 'drift', 'what was learned of the oscillator outlasts a restart; without it the clock wanders for hours after each'),
  hardware: rule(
    'chrony',
    'hardware',
    'the kernel copies the time to the hardware clock, so that a start without a network is off by seconds and not by years',
  ),
  noCommands: rule('chrony', 'no-commands', 'root asks chronyd over its Unix socket; UDP port 323 would answer everyone on the device'),
} as const
