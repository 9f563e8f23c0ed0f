/** The constant choice of the example-os target. */
import { rule } from '../rule.ts'

/** The last line of every file. */
export const END = rule('example-os', 'end', 'a file that was cut while it was copied must not be believed: the last line says that it is whole')
