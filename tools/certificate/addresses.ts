/** Addresses and prefixes, as they are written. */
import { refuse, text, whole } from './shapes.ts'

export type Family = 4 | 6

export const BITS = { 4: 32, 6: 128 } as const

export interface Address {
  readonly family: Family
  readonly value: bigint
}

export function addressOf(written: unknown, where: string): Address {
  const said = text(written, where)
  const wrong = () => refuse(`${where} is ${JSON.stringify(said)}, which is no address.`)
  const groupsOf = (part: string) => (part === '' ? [] : part.split(':'))
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(said)) {
    const bytes = said.split('.').map(Number)
    if (bytes.some((byte) => byte > 255)) wrong()
    return { family: 4, value: bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n) }
  }
  const [before, after, more] = said.split('::')
  const [high, low] = [groupsOf(before!), groupsOf(after ?? '')]
  const zeros = 8 - high.length - low.length
  if (more !== undefined || (after === undefined ? zeros !== 0 : zeros < 0)) wrong()
  const all = [...high, ...Array.from({ length: zeros }, () => '0'), ...low]
  if (!all.every((group) => /^[0-9a-f]{1,4}$/.test(group))) wrong()
  return { family: 6, value: BigInt(`0x${all.map((group) => group.padStart(4, '0')).join('')}`) }
}

/** The first and the last address of a prefix. */
export function prefixOf(written: unknown, where: string, family: Family): readonly [bigint, bigint, length: number] {
  const [address, after = ''] = text(written, where).split('/')
  const { family: own, value } = addressOf(address, where)
  const length = whole(/^\d+$/.test(after) ? Number(after) : after, `the length of ${where}`, BITS[family] + 1)
  const size = 1n << BigInt(BITS[family] - length)
  if (own !== family || value % size !== 0n) refuse(`${where} is ${JSON.stringify(written)}, which is no prefix of IPv${family}.`)
  return [value, value + size - 1n, length]
}

export function showAddress(family: Family, value: bigint): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.')
  return value.toString(16).padStart(32, '0').match(/.{4}/g)!.join(':')
}
