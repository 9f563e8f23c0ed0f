/** Reads a YAML file into plain data, and remembers where everything in it stands. */
import { type Document, type ErrorCode, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, visit, type YAMLParseError } from 'yaml'
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import type { Place } from '#base/place.ts'

/** A YAML file, read. */
export interface YamlFile {
  /** Relative to the company folder. */
  readonly file: string
  readonly data: unknown
  readonly diagnostics: readonly Diagnostic[]
  /** Where the value at a path stands; the nearest enclosing thing if there is none. Items of a list go by index, or by their `id` or `name`. */
  placeOf(path: readonly PropertyKey[]): Place
  /** Where the key of an entry stands. */
  keyPlaceOf(path: readonly PropertyKey[]): Place
  /** The value at a path as it was written, on one line. */
  sourceOf(path: readonly PropertyKey[]): string | undefined
}

/** Parses the text of a file. Malformed YAML comes back as diagnostics. */
export function readYaml(file: string, text: string): YamlFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  // Only the first: a reader that has lost its way stumbles over much that is right.
  let data: unknown
  const errors: YAMLProblem[] = [...document.errors]
  try {
    data = document.toJS()
  } catch (error) {
    // An alias of nothing, or aliases of aliases that grow without end: only seen when they are followed.
    errors.push({ code: 'BAD_ALIAS', message: (error as Error).message, pos: [aliasOffset(document), 0] })
  }
  const diagnostics = problems(text, errors)
    .map(({ reason, offset }) => diagnose('malformed-yaml', { reason }, { place: at(offset) }))
    .slice(0, 1)
  const find = (path: readonly PropertyKey[]) => lookUp(document.contents, path)
  const placeOfNode = (node: Node | null | undefined): Place => at(node?.range?.[0] ?? 0)
  return {
    file,
    data: diagnostics.length > 0 ? undefined : data,
    diagnostics,
    placeOf: (path) => placeOfNode(find(path).value),
    keyPlaceOf: (path) => placeOfNode(find(path).key ?? find(path).value),
    sourceOf(path) {
      const { value, whole } = find(path)
      return whole && value?.range ? text.slice(value.range[0], value.range[1]).trim().split('\n')[0] : undefined
    },
  }
}

type YAMLProblem = Pick<YAMLParseError, 'code' | 'message' | 'pos'>

function aliasOffset(document: Document): number {
  let offset = 0
  visit(document, {
    Alias(_key, alias) {
      offset = alias.range?.[0] ?? 0
      return visit.BREAK
    },
  })
  return offset
}

/** What is wrong with the text, in its order. */
function problems(text: string, errors: readonly YAMLProblem[]): { reason: string; offset: number }[] {
  const [undecoded, control] = [text.indexOf('\uFFFD'), text.indexOf('\0')]
  if (undecoded >= 0) return [{ reason: 'the file is not in UTF-8', offset: undecoded }]
  if (control >= 0) return [{ reason: 'the file has a NUL character', offset: control }]
  return errors.map(({ code, message, pos }) => ({ reason: REASONS[code] ?? message.split('\n')[0]!.replace(/\.$/, ''), offset: pos[0] }))
}

/** In words for those who write files, where the parser's are for those who write programs. */
const REASONS: Readonly<Partial<Record<ErrorCode, string>>> = {
  DUPLICATE_KEY: 'this key stands there twice',
  MULTIPLE_DOCS: 'a second document begins here, and a file has one',
  TAB_AS_INDENT: 'a line is indented with a tab; use spaces',
}

/** The key and the value at a path, as far as it leads. */
function lookUp(root: unknown, path: readonly PropertyKey[]): { key?: Node; value: Node | undefined; whole: boolean } {
  let value = isNode(root) ? root : undefined
  let key: Node | undefined
  for (const step of path) {
    if (isMap(value)) {
      const pair = value.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step))
      if (!pair) return { ...(key ? { key } : {}), value, whole: false }
      key = isNode(pair.key) ? pair.key : undefined
      value = isNode(pair.value) ? pair.value : key
    } else if (isSeq(value)) {
      const item =
        typeof step === 'number'
          ? value.items[step]
          : (value.items.find((entry) => isMap(entry) && (entry.get('id') ?? entry.get('name')) === step) ?? value.items[Number(step)])
      if (!isNode(item)) return { ...(key ? { key } : {}), value, whole: false }
      key = item
      value = item
    } else return { ...(key ? { key } : {}), value, whole: false }
  }
  return { ...(key ? { key } : {}), value, whole: true }
}
