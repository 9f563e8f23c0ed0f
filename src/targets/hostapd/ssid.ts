/** Names of wireless networks as hostapd reads them: everything between the first and the last quotation mark, or behind a P with the escapes of printf. */

/** Bytes that a name has at most (IEEE 802.11 §9.4.2.2). */
const MOST = 32

/** As it is written behind `ssid2=`: as it is, or escaped where a line could not hold it. */
export function ssid(name: string): string {
  const escaped = name.replace(/["\\]/g, '\\$&').replace(/[^ -~\u0080-\u{10ffff}]/gu, (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`)
  return /\\x/.test(escaped.replaceAll('\\\\', '')) ? `P"${escaped}"` : `"${name}"`
}

/** The name that is written so; undefined when none is. */
export function readSsid(text: string): string | undefined {
  const [, escaped, quoted = ''] = /^(P?)"(.+)"$/u.exec(text) ?? []
  const name = escaped
    ? quoted.replace(/\\(?:x([0-9a-f]{2})|(["\\]))/g, (_, code?: string, mark = '') =>
        code === undefined ? mark : String.fromCharCode(Number.parseInt(code, 16)),
      )
    : quoted
  return name !== '' && ssid(name) === text && bytes(name) <= MOST ? name : undefined
}

/** Its length in UTF-8 (RFC 3629 §3). */
function bytes(name: string): number {
  return [...name].reduce((sum, one) => sum + (one < '\u0080' ? 1 : one < '\u0800' ? 2 : one.length === 1 ? 3 : 4), 0)
}
