/** Holds YAML data against a schema, and tells what is wrong with it: the place, the value, what was allowed, the fix. */
import type { z } from 'zod'
import { type Details, type Diagnostic, diagnose, type Result, result } from '#base/diagnostic.ts'
import { suggest } from '#base/suggest.ts'
import type { YamlFile } from './read-yaml.ts'

/** The facts in the file, read; `what` names the thing in messages (`the site ber-office`). */
export function readFacts<T>(yaml: YamlFile, schema: z.ZodType<T>, what: string): Result<T> {
  if (yaml.diagnostics.length > 0) return { ok: false, diagnostics: yaml.diagnostics }
  const parsed = schema.safeParse(yaml.data)
  const twice = duplicates(yaml)
  if (parsed.success) return result(parsed.data, twice)
  const { issues } = parsed.error
  // A key that is there under a name with a mistake in it is told as that mistake, and not as missing too.
  const meant = new Set(
    issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, suggest(key, keysAt(schema, issue.path))].join('/')) : [],
    ),
  )
  const told = issues.filter((issue) => !(isMissing(yaml, issue.path) && meant.has(issue.path.join('/'))))
  return { ok: false, diagnostics: [...told.flatMap((issue) => explain(issue, yaml, schema, what)), ...twice] }
}

function explain(issue: z.core.$ZodIssue, yaml: YamlFile, schema: z.ZodType, what: string): Diagnostic[] {
  const names = namesAlong(yaml.data, issue.path)
  const name = names.join('.') || 'The file'
  const value = yaml.sourceOf(issue.path)
  const place = yaml.placeOf(issue.path)
  const within = (path: readonly string[]) => (path.length > 0 ? `${path.join('.')} of ${what}` : what)
  const wrong = (expected: string, details: Details = {}) => [diagnose('wrong-value', { name, what, expected }, { place, value, ...details })]
  const nearest = (to: string | undefined, allowed: readonly string[]): Details => {
    const near = to === undefined ? undefined : suggest(to, allowed)
    return { allowed, ...(near ? { fix: `did you mean "${near}"?` } : {}) }
  }
  if (issue.path.length > 0 && isMissing(yaml, issue.path))
    return [diagnose('missing-fact', { name: names.at(-1)!, what: within(names.slice(0, -1)) }, { place: yaml.keyPlaceOf(issue.path) })]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) =>
        diagnose(
          'unknown-key',
          { key, what: within(names) },
          { place: yaml.keyPlaceOf([...issue.path, key]), value: key, ...nearest(key, keysAt(schema, issue.path)) },
        ),
      )
    case 'invalid_value':
      return wrong('one of the words allowed', nearest(value, issue.values.map(String)))
    case 'invalid_key':
      return [
        diagnose(
          'wrong-value',
          { name: `The key ${names.at(-1)}`, what: within(names.slice(0, -1)), expected: issue.issues[0]?.message ?? issue.message },
          { place: yaml.keyPlaceOf(issue.path), value: names.at(-1) },
        ),
      ]
    case 'invalid_type':
      return wrong(issue.message.startsWith('Invalid input') ? (TYPES[issue.expected] ?? issue.expected) : issue.message)
    default:
      return wrong(issue.message)
  }
}

/** What a mapping, a list and the like are called. */
const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  tuple: 'a list of two numbers',
}

/** A path as people know it: items of a list by their `id` or `name`, or, for want of one, counted from 1. */
function namesAlong(data: unknown, path: readonly PropertyKey[]): string[] {
  let at = data
  return path.map((key) => {
    const item = (at as Record<PropertyKey, unknown> | undefined | null)?.[key]
    const { id, name } = (typeof item === 'object' && item !== null ? item : {}) as { id?: unknown; name?: unknown }
    const inList = Array.isArray(at)
    at = item
    return inList ? String(id ?? name ?? Number(key) + 1) : String(key)
  })
}

/** Nothing is there, or only the key is. */
function isMissing(yaml: YamlFile, path: readonly PropertyKey[]): boolean {
  let at = yaml.data as Record<PropertyKey, unknown> | undefined
  for (const step of path) {
    if (typeof at !== 'object' || at === null) return at === undefined
    if (!(step in at)) return true
    at = at[step] as Record<PropertyKey, unknown>
  }
  return at === undefined || at === null
}

/** The keys that a mapping at this path may have. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  // Typed loosely: the walk goes through whatever wrappers a schema has.
  interface Walk {
    def: { innerType?: Walk; element?: Walk; valueType?: Walk; in?: Walk; shape?: Record<string, Walk> }
  }
  let at: Walk | undefined = schema as unknown as Walk
  const unwrap = () => {
    while (at && !at.def.shape && (at.def.innerType ?? at.def.in)) at = at.def.innerType ?? at.def.in
  }
  for (const step of path) {
    unwrap()
    at = at?.def.shape ? at.def.shape[String(step)] : (at?.def.element ?? at?.def.valueType)
  }
  unwrap()
  return Object.keys(at?.def.shape ?? {}).sort()
}

/** Items of a list with the same `id` or `name`, which would share one allocation; or that are the same word. */
function duplicates(yaml: YamlFile): Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  const visit = (value: unknown, path: readonly PropertyKey[]): void => {
    if (Array.isArray(value)) {
      const first = new Map<string, number>()
      for (const [index, item] of value.entries()) {
        const name = typeof item === 'object' && item !== null ? ((item as { id?: unknown }).id ?? (item as { name?: unknown }).name) : item
        if (typeof name !== 'string') continue
        if (first.has(name)) {
          diagnostics.push(
            diagnose(
              'duplicate-id',
              { id: name, list: namesAlong(yaml.data, path).join('.') },
              {
                place: yaml.placeOf([...path, index]),
                value: name,
                ...(name === item ? { fix: 'name it once' } : {}),
                notes: [{ message: 'the first one is here', place: yaml.placeOf([...path, first.get(name)!]) }],
              },
            ),
          )
        } else first.set(name, index)
      }
    }
    if (typeof value === 'object' && value !== null) for (const [key, member] of Object.entries(value)) visit(member, [...path, key])
  }
  visit(yaml.data, [])
  return diagnostics
}
