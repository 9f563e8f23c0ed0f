/** Whether two parts of designs say the same, wherever they come from. */

/** Deep equality of plain data; `undefined` members count as absent, and members named `why` are not looked at. */
export function alike(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false
  const [one, other] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>]
  for (const key in one) if (key !== 'why' && !alike(one[key], other[key])) return false
  for (const key in other) if (key !== 'why' && other[key] !== undefined && one[key] === undefined) return false
  return true
}
