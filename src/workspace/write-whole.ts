/** Writes a file so that it is there whole or not at all. */
import { renameSync, rmSync, writeFileSync } from 'node:fs'

/** Writes the text beside the path and renames it into place. Throws what the system says, and leaves nothing then. */
export function writeWhole(path: string, text: string): void {
  const part = `${path}.part`
  try {
    writeFileSync(part, text, { flush: true })
    renameSync(part, path)
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
}
