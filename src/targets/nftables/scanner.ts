/** The words of an nftables file as this target prints it, with their places. Comments go with the word after them; line ends are words, because they end statements. */

/** One word: `{`, `accept`, `10.0.0.0/8`, a quoted string without its quotes, the end of a line or of the file. */
export interface Token {
  readonly kind: 'word' | 'string' | 'mark' | 'line' | 'end' | 'unknown'
  readonly text: string
  readonly file: string
  /** Both count from 1. */
  readonly line: number
  readonly column: number
  /** Comments between the word before and this one, without their mark. */
  readonly comments: readonly string[]
}

/** A reader over a text: `peek` shows the next word, `next` takes it. Several line ends in a row are one, and none is at the beginning. */
export interface Scanner {
  peek(): Token
  next(): Token
  /** The text from the word ahead up to where `end` begins; undefined when that is nowhere. */
  upTo(end: string): string | undefined
  /** Takes such a text. */
  skip(text: string): void
}

const TOKEN = /[ \t]+|#([^\n]*)|(\n)|"([^"\n]*)"|([{},;@])|([^\s{},;@"#]+)|([\s\S])/y

/** Scans the text from its beginning. Linear: one regular expression that goes on where it stopped. */
export function scanner(text: string, file: string): Scanner {
  let at = 0
  let line = 1
  let lineStart = 0
  let lastKind: Token['kind'] = 'line'
  const read = (): Token => {
    const comments: string[] = []
    while (at < text.length) {
      TOKEN.lastIndex = at
      const [, comment, newline, quoted, mark, word, unknown] = TOKEN.exec(text)!
      const place = { file, line, column: at - lineStart + 1, comments }
      at = TOKEN.lastIndex
      if (comment !== undefined) comments.push(comment.trim())
      else if (newline) {
        line++
        lineStart = at
        if (lastKind !== 'line') return { kind: 'line', text: 'the end of the line', ...place }
      } else if (quoted !== undefined) return { kind: 'string', text: quoted, ...place }
      else if (mark) return { kind: 'mark', text: mark, ...place }
      else if (word) return { kind: 'word', text: word, ...place }
      else if (unknown) return { kind: 'unknown', text: unknown, ...place }
    }
    return { kind: 'end', text: 'the end of the file', file, line, column: at - lineStart + 1, comments }
  }
  const advance = () => {
    const token = read()
    lastKind = token.kind
    return token
  }
  let ahead = advance()
  /** Where the word ahead begins. */
  const begin = () => lineStart + ahead.column - 1
  return {
    peek: () => ahead,
    next() {
      const token = ahead
      ahead = advance()
      return token
    },
    upTo(end) {
      const from = begin()
      const to = ahead.kind === 'line' || ahead.kind === 'end' ? -1 : text.indexOf(end, from)
      return to < 0 ? undefined : text.slice(from, to)
    },
    skip(skipped) {
      const from = begin()
      at = from + skipped.length
      for (let next = skipped.indexOf('\n'); next >= 0; next = skipped.indexOf('\n', next + 1)) {
        line++
        lineStart = from + next + 1
      }
      lastKind = 'word'
      ahead = advance()
    },
  }
}
