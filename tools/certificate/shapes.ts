/** What is read is anybody's: each value is asked for its shape before it is used. */
import { readFileSync } from 'node:fs'

interface Refusal {
  readonly refused: string
}

export function refuse(says: string): never {
  throw { refused: says } satisfies Refusal
}

export type Members = Readonly<Record<string, unknown>>

export function members(value: unknown, where: string): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : refuse(`${where} has no members.`)
}

export function list(value: unknown, where: string): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(`${where} is not a list.`)
}

export function lists(value: unknown, where: string): readonly (readonly unknown[])[] {
  return list(value, where).map((one, index) => list(one, `${where}[${index}]`))
}

export function text(value: unknown, where: string): string {
  return typeof value === 'string' ? value : refuse(`${where} is not a text.`)
}

/** A whole number from the least to below the end. */
export function whole(value: unknown, where: string, end: number, least = 0): number {
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= least && value < end
  return fits ? value : refuse(`${where} is ${JSON.stringify(value) ?? 'missing'}, and not a number from ${least} to ${end - 1}.`)
}

export function wholes(value: unknown, where: string, end: number, least = 0): readonly number[] {
  return list(value, where).map((one) => whole(one, where, end, least))
}

/** Numbers that come in so many together. */
export function groups(numbers: readonly number[], size: number, where: string): readonly (readonly number[])[] {
  if (numbers.length % size !== 0) refuse(`${where} has ${numbers.length} numbers, which is no multiple of ${size}.`)
  return Array.from({ length: numbers.length / size }, (_, index) => numbers.slice(index * size, (index + 1) * size))
}

export function read(path: string): unknown {
  let written: string
  try {
    written = readFileSync(path, 'utf8')
  } catch {
    refuse(`${path} can not be read.`)
  }
  try {
    return JSON.parse(written)
  } catch {
    refuse(`${path} is no JSON.`)
  }
}
