/** JSON as Kea reads it, `//` comments included, put together from lines that have a why. */
import type { Why } from '#base/place.ts'
import type { Line, Rule } from '../target.ts'

/** A member of an object, or an item of a list: its lines, without the comma that parts it from the next. */
export type Part = readonly Line[]

/** A part of one line. */
export function line(text: string, why: Why): Part {
  return [{ text, why }]
}

/** A part with the reason for it above. */
export function explained(rule: Rule, part: Part): Part {
  return [{ text: `// ${rule.reason}`, why: [rule.origin] }, ...part]
}

/** A part of one line that is there because of a rule, and first of what called for it, if anything did. */
export function constant(text: string, rule: Rule, why: Why = []): Part {
  return explained(rule, line(text, [...why, rule.origin]))
}

/** `head` and an object or a list of parts, whose braces are there because of `why`. */
export function block(head: string, braces: '{}' | '[]', parts: readonly Part[], why: Why): Part {
  const inside = parts.flatMap((part, index) => (index < parts.length - 1 ? withComma(part) : part))
  return [{ text: `${head}${braces[0]}`, why }, ...inside.map(({ text, why }) => ({ text: `  ${text}`, why })), { text: braces[1]!, why }]
}

function withComma(part: Part): Part {
  return part.map((line, index) => (index < part.length - 1 ? line : { ...line, text: `${line.text},` }))
}

/** An object on one line. Strings of a design have nothing that JSON escapes, so text can be searched as it is. */
export function inline(members: Readonly<Record<string, string | number | boolean>>): string {
  return `{ ${Object.entries(members)
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(', ')} }`
}
