/** Orders that do not depend on locale, so that the same input gives the same bytes everywhere. */

/** Code-unit order, for keys that only need *an* order. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The order a person expects: runs of digits compare as numbers, so `leaf-2` precedes `leaf-10`. Total: equal only for equal strings. */
export function byName(a: string, b: string): number {
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(j)
    if (isDigit(x) && isDigit(y)) {
      const endA = endOfDigits(a, i)
      const endB = endOfDigits(b, j)
      const numberA = a.slice(endOfZeros(a, i), endA)
      const numberB = b.slice(endOfZeros(b, j), endB)
      const difference = numberA.length - numberB.length || byCodeUnit(numberA, numberB)
      if (difference !== 0) return difference
      i = endA
      j = endB
    } else if (x !== y) {
      return x - y
    } else {
      i++
      j++
    }
  }
  return a.length - i - (b.length - j) || byCodeUnit(a, b)
}

/** A copy of `items` sorted by the name that `name` gives each. */
export function sortedBy<T>(items: Iterable<T>, name: (item: T) => string): T[] {
  return [...items].sort((a, b) => byName(name(a), name(b)))
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function endOfZeros(text: string, from: number): number {
  let end = from
  while (text.charCodeAt(end) === 48) end++
  return end
}

function endOfDigits(text: string, from: number): number {
  let end = from
  while (end < text.length && isDigit(text.charCodeAt(end))) end++
  return end
}
