/** What the reader enters values in. */
import type { Command } from '../commands.ts'
import type { FrrTree } from './tree.ts'

/** A value of the tree while it is being read. */
export type Draft<T> = T extends readonly (infer Item)[] ? Draft<Item>[] : T extends object ? { -readonly [Key in keyof T]: Draft<T[Key]> } : T

/** The tree while it is being read. */
export type DraftTree = Draft<FrrTree>

/** A command that is written only where its value departs from what FRR does when nothing is said. */
export function departs<D>(pattern: string, usual: number, enter: (draft: D, value: number) => void): Command<D> {
  return {
    pattern,
    times: 0,
    set: (draft, value) => {
      if (Number(value) === usual) return false
      enter(draft, Number(value))
      return undefined
    },
  }
}
