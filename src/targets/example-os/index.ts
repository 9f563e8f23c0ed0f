/** A toy operating system: the smallest complete target, and the one that docs/adding-a-target.md walks through. */
import type { Target } from '../target.ts'
import { can } from './can.ts'
import { lower } from './lower.ts'
import { parse } from './parse.ts'
import { print } from './print.ts'
import { END } from './rules.ts'
import type { ExampleTree } from './tree.ts'

/** The target. */
export const exampleOs: Target<ExampleTree> = { name: 'example-os', can, rules: [END], lower, print, parse }
