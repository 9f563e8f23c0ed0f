/**
 * What makes the compiler incremental. A pass maps a site's slice, and narrow reads of other slices, to a slice; a memo keeps the last one, by pass and key.
 *
 * Two rules make incremental equal from scratch: a pass is pure in what it declares as `inputs` (compared by identity), and a slice that comes out equal to the one before *is* the one
 * before, so that nothing downstream of an edit that changed nothing is run again.
 */
import { same } from '#base/canonical.ts'

/** The slices of the last compile. Keep one for each company, and pass it to each compile; an empty one compiles from scratch. */
export interface Memo {
  readonly slices: Map<string, { inputs: readonly unknown[]; output: unknown }>
}

/** A memo with nothing in it. */
export function emptyMemo(): Memo {
  return { slices: new Map() }
}

/** The output of `compute` for these inputs: the last one if the inputs are the same ones. */
export function remember<T>(memo: Memo, pass: string, key: string, inputs: readonly unknown[], compute: () => T): T {
  const at = `${pass} ${key}`
  const last = memo.slices.get(at)
  if (last && last.inputs.length === inputs.length && last.inputs.every((input, index) => input === inputs[index])) return last.output as T
  const fresh = compute()
  const output = last && same(last.output, fresh) ? (last.output as T) : fresh
  memo.slices.set(at, { inputs, output })
  return output
}

/** `value`, or the equal one of the last compile. */
export function intern<T>(memo: Memo, key: string, value: T): T {
  return remember(memo, 'value', key, [value], () => value)
}
