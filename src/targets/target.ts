/**
 * What a target is: an engine or operating system that configs are printed for. A target is a folder here and a line in `index.ts`.
 *
 * `lower` turns the neutral device into a tree in the engine's own terms, `print` writes the tree, `parse` reads it back. For every tree t that `lower` gives,
 * `parse(print(t))` equals t but for its whys: what is loaded is text, so proofs run over the re-parsed text. `parse` refuses what `print` never
 * writes, with the line; it never skips.
 */

import type { Result } from '#base/diagnostic.ts'
import type { Place, Why } from '#base/place.ts'
import type { Abilities } from '#design/capability.ts'
import type { Device } from '#design/device.ts'

/** One line of a printed file, without its newline, and where it comes from. Blank lines and comments have a why too: that of what they introduce. */
export interface Line {
  readonly text: string
  readonly why: Why
}

/** A printed file. `path` is relative to the device's folder. */
export interface PrintedFile {
  readonly path: string
  readonly lines: readonly Line[]
}

/** A constant choice of a target (a line that is there on every device), with the reason. Its origin is `rule TARGET/NAME`. */
export interface Rule {
  readonly origin: string
  readonly reason: string
  readonly place: Place
}

/** A target. `Tree` is its target-shaped model: plain data, why included where a line needs it. */
export interface Target<Tree = unknown> {
  readonly name: string
  /** What it can do, answered for every capability. */
  readonly can: Abilities
  /** The constant choices, by origin. */
  readonly rules: readonly Rule[]
  /** The device in the target's own terms; undefined when the device has nothing for this target. */
  lower(device: Device): Tree | undefined
  /** The files of the tree. Deterministic. */
  print(tree: Tree): readonly PrintedFile[]
  /** Reads printed files back; whys come back empty. Refuses what `print` never writes. */
  parse(files: ReadonlyMap<string, string>): Result<Tree>
}

/** The text of a printed file. */
export function textOf(file: PrintedFile): string {
  return `${file.lines.map((line) => line.text).join('\n')}\n`
}
