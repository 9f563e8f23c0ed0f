/** The difference of two sets of printed files. */
import { byName } from '#base/order.ts'
import { diffLines } from './diff-lines.ts'
import type { FilePlan } from './plan.ts'

/** What comes, goes and changes, in the order of paths. Files go by `site/device/file`, as in `out/`. */
export function diffFiles(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): FilePlan[] {
  const paths = [...after.keys().filter((path) => before.get(path) !== after.get(path)), ...before.keys().filter((path) => !after.has(path))]
  return paths.sort(byName).map((path) => {
    const [was, is] = [before.get(path), after.get(path)]
    const hunks = diffLines(was ?? '', is ?? '')
    return {
      path,
      device: path.split('/', 2).join('/'),
      how: was === undefined ? 'added' : is === undefined ? 'removed' : 'changed',
      added: hunks.reduce((sum, hunk) => sum + hunk.added.length, 0),
      removed: hunks.reduce((sum, hunk) => sum + hunk.removed.length, 0),
      hunks,
    }
  })
}
