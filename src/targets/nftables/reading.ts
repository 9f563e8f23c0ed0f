/** The small readers that the parser is made of. What is not as expected ends the reading with a {@link Refusal} that has the place. */
import { diagnose, Refusal } from '#base/diagnostic.ts'
import { type Family, parseIp, showIp } from '#base/ip.ts'
import { showPorts } from './lookups.ts'
import { INTERFACE } from './names.ts'
import type { Scanner, Token } from './scanner.ts'

/** Takes a word of this form; gives its first group. */
export function readForm(s: Scanner, form: RegExp, expected: string): string {
  const token = s.next()
  return (token.kind === 'word' && form.exec(token.text)?.[1]) || refuse(token, expected)
}

/** Takes an address of the family, in canonical form. */
export function readAddress(s: Scanner, family: Family): string {
  const token = s.next()
  const ip = parseIp(token.text)
  return token.kind === 'word' && ip?.family === family && showIp(ip) === token.text ? token.text : refuse(token, `an IPv${family} address in canonical form`)
}

/** Takes a port or a range of ports. */
export function readPorts(s: Scanner): readonly [first: number, last: number] {
  const token = s.next()
  const [, from, to = from] = /^(0|[1-9]\d{0,4})(?:-([1-9]\d{0,4}))?$/.exec(token.text) ?? []
  const [first, last] = [Number(from), Number(to)]
  return first <= last && last <= 65535 && token.text === showPorts([first, last]) ? [first, last] : refuse(token, 'a port or a range of ports')
}

/** Takes a name that is accepted. */
export function readName(s: Scanner, accepted: (name: string) => boolean = () => true, expected = 'a name'): string {
  const token = s.next()
  return token.kind === 'word' && /^[A-Za-z_.][\w./-]*$/.test(token.text) && accepted(token.text) ? token.text : refuse(token, expected)
}

/** Takes one of the words. */
export function oneOf<const T extends string>(s: Scanner, allowed: readonly T[]): T {
  const token = s.next()
  return allowed.find((word) => word === token.text && token.kind === 'word') ?? refuse(token, allowed.length > 0 ? allowed.join(' or ') : 'a set')
}

/** Takes the next word if it is this one. */
export function take(s: Scanner, text: string): boolean {
  const token = s.peek()
  if (token.text !== text || token.kind === 'string') return false
  s.next()
  return true
}

/** Takes exactly these words. */
export function expect(s: Scanner, ...texts: readonly string[]): void {
  for (const text of texts) if (!take(s, text)) refuse(s.peek(), `"${text}"`)
}

/** Takes a line that is always the same. */
export function expectText(s: Scanner, text: string): void {
  expectLine(s, ...text.match(/[^\s;]+|;/g)!)
}

/** Takes exactly these words and the end of their line. */
export function expectLine(s: Scanner, ...texts: readonly string[]): void {
  expect(s, ...texts)
  const token = s.peek()
  if (token.kind === 'line') s.next()
  else if (token.kind !== 'end') refuse(token, 'the end of the line')
}

/** Ends the reading: at the token stands what `print` never writes there. */
export function refuse({ kind, text, file, line, column }: Omit<Token, 'comments'>, expected: string): never {
  const found = kind === 'line' || kind === 'end' ? text : `"${text}"`
  throw new Refusal([diagnose('nftables-unknown-statement', { found, expected }, { place: { file, line, column }, value: text })])
}

/** Takes the name of an interface, in quotes. */
export function readInterface(s: Scanner): string {
  const token = s.next()
  return token.kind === 'string' && INTERFACE.test(token.text) ? token.text : refuse(token, 'the name of an interface in quotes')
}
