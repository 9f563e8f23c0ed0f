/** A folder as a value: what is in it, byte for byte. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Everything below a folder by its path: the bytes of files, `folder` for folders. */
export type Snapshot = ReadonlyMap<string, string>

/** Takes a snapshot. */
export function snapshot(folder: string): Snapshot {
  return new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((path) => [path, lstatSync(join(folder, path)).isDirectory() ? 'folder' : readFileSync(join(folder, path), 'latin1')]),
  )
}

/** The paths that are new, gone or different. */
export function changesOf(before: Snapshot, after: Snapshot): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path))
}
