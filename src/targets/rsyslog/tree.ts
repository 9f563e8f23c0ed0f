/** What rsyslogd is told, in its own words. What is the same on every device is in `print`, and `parse` insists on it. Addresses are canonical text. */
import type { Why } from '#base/place.ts'

/** One device's `rsyslog.conf`. */
export interface RsyslogTree {
  /** The name in every message. */
  readonly hostname: { readonly name: string; readonly why: Why }
  /** Where all messages go, each with a queue of its own. */
  readonly servers: readonly string[]
  /** The VRF that they are sent in. */
  readonly device?: string
  readonly why: Why
}
