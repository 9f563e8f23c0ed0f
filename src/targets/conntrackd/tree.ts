/**
 * What one device tells conntrackd, in conntrackd's own terms. Made by `lower` from a device, or by `parse` from text (whys are then empty). It says everything the text
 * does: what is not here is a constant line of `print`, without which `parse` refuses the file.
 */
import type { Why } from '#base/place.ts'

/** All of it. */
export interface ConntrackdTree {
  /** The dedicated link. */
  readonly interface: string
  /** Addresses of the two ends, of one family. */
  readonly local: string
  readonly remote: string
  /** Addresses whose connections are not told. */
  readonly ignored: readonly string[]
  readonly why: Why
}
