/** What chronyd is told, in the words of chrony.conf(5). What is the same on every device is in `print`, and `parse` insists on it. Addresses are canonical text. */
import type { Why } from '#base/place.ts'

/** One device's `chrony.conf`. */
export interface ChronyTree {
  /** `server`, in order of preference. */
  readonly servers: readonly string[]
  /** `minsources`: clocks that have to agree before time moves; 1 when nothing is said. */
  readonly minSources?: number
  /** `bindacqaddress`: where requests come from, one address of a family. */
  readonly from4?: string
  readonly from6?: string
  /** `bindacqdevice`: the VRF that requests go out in. */
  readonly device?: string
  readonly why: Why
}
