/** From what proofs speak of to the line of the printed file where it stands. */
import type { RuleRef } from '#proofs/engine/filter/interpret.ts'
import type { ElementRef } from '#proofs/engine/filter/needed.ts'
import type { Said } from '#proofs/engine/routing/whence.ts'

/** A line of a printed file: the file below `out/`, and which line of it, from 1. */
export interface PrintedLine {
  readonly path: string
  readonly number: number
}

/** Printed files by path. */
type Files = ReadonlyMap<string, string>

/** The line of a rule: chains are filled in the last block of the table, a rule a line. */
export function lineOfRule(files: Files, device: string, { chain, index }: RuleRef): PrintedLine | undefined {
  return lineInBlock(files, device, (lines) => lines.lastIndexOf(`  chain ${chain} {`), index)
}

/** The line of an element of a set, or of an entry of a map. */
export function lineOfElement(files: Files, device: string, { set, index }: ElementRef): PrintedLine | undefined {
  return lineInBlock(files, device, (lines) => lines.findIndex((line) => line.startsWith('add element ') && line.endsWith(` ${set} {`)), index)
}

/** The line of a filter that is the how-manieth of its block; comments do not count. */
function lineInBlock(files: Files, device: string, startIn: (lines: readonly string[]) => number, index: number): PrintedLine | undefined {
  const path = `${device}/nftables.conf`
  const lines = files.get(path)?.split('\n') ?? []
  const start = startIn(lines)
  if (start < 0) return undefined
  let left = index
  for (let at = start + 1; lines[at]!.trim() !== '}'; at++) {
    if (lines[at]!.trim().startsWith('#')) continue
    if (left === 0) return { path, number: at + 1 }
    left--
  }
  return undefined
}

/** The line of something that has a part in a route, inside the blocks that it is in. */
export function lineOfSaid(files: Files, { device, file, within, text }: Said): PrintedLine | undefined {
  const path = `${device}/${file}`
  const lines = files.get(path)?.split('\n') ?? []
  let [from, end] = [0, lines.length]
  for (const opening of within) {
    const found = lines.findIndex((line, at) => at >= from && at < end && line.trim() === opening)
    if (found < 0) return undefined
    const indent = indentOf(lines[found]!)
    // What is not further in ends the block.
    const after = lines.findIndex((line, at) => at > found && line.trim() !== '' && indentOf(line) <= indent && line.trim() !== '!')
    from = found + 1
    end = Math.min(end, after < 0 ? end : after)
  }
  const found = lines.findIndex((line, at) => at >= from && at < end && line.trim() === text)
  return found < 0 ? undefined : { path, number: found + 1 }
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}
