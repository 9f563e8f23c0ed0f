/** The properties: a folder and a line each. */
import type { Property } from '../proof.ts'
import { denied } from './denied/denied.ts'
import { works } from './works/works.ts'

/** All properties, in the order in which they are told. */
export const properties: readonly Property[] = [works, denied]
