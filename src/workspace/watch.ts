/** Waits for files of a company folder to change: what people write, not what a build does. */
import { existsSync, type FSWatcher, readdirSync, watch } from 'node:fs'
import { join, relative, sep } from 'node:path'

/** Editors write a file in several steps: when nothing has come for so long, in ms, it is written. */
const QUIET = 30

/** Folders that a build writes, or that are none of the company's. */
const OTHERS = new Set(['.git', '.netwright', 'node_modules', 'out'])

/**
 * Tells whenever files have changed, once for all that changed since it was asked last: nothing is missed while its reader is busy. Folders are watched, each by itself: a watch on a file ends when an editor puts
 * another one in its place. Throws when the folder cannot be watched.
 */
export async function* changesIn(folder: string): AsyncGenerator<void> {
  let changed = Promise.withResolvers<void>()
  let timer: NodeJS.Timeout | undefined
  const watchers = new Map<string, FSWatcher>()
  const watchAll = () => {
    for (const at of foldersIn(folder)) {
      if (watchers.has(at)) continue
      const watcher = watch(at, (_event, name) => {
        if (name !== null && OTHERS.has(relative(folder, join(at, name)).split(sep)[0]!)) return
        clearTimeout(timer)
        timer = setTimeout(() => changed.resolve(), QUIET)
      })
      watchers.set(at, watcher)
      // A folder that is gone is no more watched; the one above it tells of that.
      watcher.on('error', () => watchers.delete(at))
    }
  }
  watchAll()
  try {
    for (;;) {
      await changed.promise
      changed = Promise.withResolvers()
      watchAll()
      yield
    }
  } finally {
    clearTimeout(timer)
    for (const watcher of watchers.values()) watcher.close()
  }
}

/** The folder and all below it but for {@link OTHERS}. */
function foldersIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !OTHERS.has(entry.name))
  return [folder, ...below.flatMap(({ name }) => foldersIn(join(folder, name)))]
}
