/** Holds YAML data against a schema, and tells what is wrong with it: the place, the value, what was allowed, the fix. */
import type { z } from 'zod'
import { type Diagnostic, diagnose, type Result, result } from '#base/diagnostic.ts'
import { suggest } from '#base/suggest.ts'
import type { YamlFile } from './read-yaml.ts'

/** The facts in the file, read; `what` names the thing in messages (`the site ber-office`). */
export function readFacts<T>(yaml: YamlFile, schema: z.ZodType<T>, what: string): Result<T> {
  if (yaml.diagnostics.length > 0) return { ok: false, diagnostics: yaml.diagnostics }
  const parsed = schema.safeParse(yaml.data)
  const twice = duplicates(yaml)
  if (parsed.success) return result(parsed.data, twice)
  return { ok: false, diagnostics: [...parsed.error.issues.flatMap((issue) => explain(issue, yaml, schema, what)), ...twice] }
}

function explain(issue: z.core.$ZodIssue, yaml: YamlFile, schema: z.ZodType, what: string): Diagnostic[] {
  const name = issue.path.map(String).join('.') || 'the file'
  const value = yaml.sourceOf(issue.path)
  const place = yaml.placeOf(issue.path)
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const allowed = keysAt(schema, issue.path)
        const near = suggest(key, allowed)
        return diagnose(
          'unknown-key',
          { key, what: issue.path.length > 0 ? name : what },
          { place: yaml.keyPlaceOf([...issue.path, key]), value: key, allowed, ...(near ? { fix: `did you mean "${near}"?` } : {}) },
        )
      })
    case 'invalid_value': {
      const allowed = issue.values.map(String)
      const near = value === undefined ? undefined : suggest(value, allowed)
      return [
        diagnose(
          'wrong-value',
          { name, what, reason: 'is none of the values allowed' },
          { place, value, allowed, ...(near ? { fix: `did you mean "${near}"?` } : {}) },
        ),
      ]
    }
    case 'invalid_key':
      return [
        diagnose(
          'wrong-value',
          { name, what, reason: issue.issues[0]?.message ?? issue.message },
          { place: yaml.keyPlaceOf(issue.path), value: String(issue.path[issue.path.length - 1]) },
        ),
      ]
    case 'invalid_type':
      if (isMissing(yaml, issue.path)) return [diagnose('missing-fact', { name, what }, { place: yaml.placeOf(issue.path.slice(0, -1)) })]
      return [diagnose('wrong-value', { name, what, reason: `should be ${TYPES[issue.expected] ?? issue.expected}` }, { place, value })]
    default:
      return [diagnose('wrong-value', { name, what, reason: issue.message }, { place, value })]
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  tuple: 'a list of two numbers',
}

function isMissing(yaml: YamlFile, path: readonly PropertyKey[]): boolean {
  let at = yaml.data as Record<PropertyKey, unknown> | undefined
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !(step in at)) return true
    at = at[step] as Record<PropertyKey, unknown>
  }
  return at === undefined
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

/** Items of a list with the same `id` or `name`: they would share one allocation. */
function duplicates(yaml: YamlFile): Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  const visit = (value: unknown, path: readonly PropertyKey[]): void => {
    if (Array.isArray(value)) {
      const first = new Map<string, number>()
      for (const [index, item] of value.entries()) {
        const name = typeof item === 'object' && item !== null ? ((item as { id?: unknown }).id ?? (item as { name?: unknown }).name) : undefined
        if (typeof name === 'string' && first.has(name)) {
          diagnostics.push(
            diagnose(
              'duplicate-id',
              { id: name, list: path.map(String).join('.') },
              {
                place: yaml.placeOf([...path, index]),
                value: name,
                notes: [{ message: 'the first one is here', place: yaml.placeOf([...path, first.get(name)!]) }],
              },
            ),
          )
        } else if (typeof name === 'string') first.set(name, index)
      }
    }
    if (typeof value === 'object' && value !== null) for (const [key, member] of Object.entries(value)) visit(member, [...path, key])
  }
  visit(yaml.data, [])
  return diagnostics
}
