/** What snmpd is told, in the words of snmpd.conf(5). What is the same on every device is in `print`, and `parse` insists on it. Addresses are canonical text. */
import type { Why } from '#base/place.ts'

/** One device's `snmpd.conf`. */
export interface SnmpdTree {
  /** Where it listens: `agentaddress`, UDP port 161. */
  readonly addresses: readonly string[]
  /** The VRF that it listens in. */
  readonly device?: string
  /** `sysLocation` and `sysContact`, at most {@link MOST_BYTES} each. */
  readonly location?: string
  readonly contact?: string
  readonly why: Why
}

/** The longest text that snmpd takes for a name, in bytes: DisplayString (RFC 2579 §2). */
export const MOST_BYTES = 255
