/** What sshd is told, in the words of sshd_config(5). What is the same on every device is in `print`, and `parse` insists on it. Addresses and prefixes are canonical text. */
import type { Why } from '#base/place.ts'

/** One device's `sshd_config`. */
export interface SshdTree {
  /** `ListenAddress`, port 22. */
  readonly addresses: readonly string[]
  /** The VRF that it listens in: `rdomain`. */
  readonly device?: string
  /** `AllowUsers *@PREFIX`: from where any account may be logged in to. */
  readonly from: readonly string[]
  readonly why: Why
}
