/**
 * Reads the printed files back: the values are taken from the lines that say them, and what was read is printed again; a line that is not the one that is printed there is
 * refused. Order counts: hostapd takes a port, or a secret, for that of the server named last, and everything behind `bss=` for that network.
 */
import { type Diagnostic, diagnose, type Result, result } from '#base/diagnostic.ts'
import { parseIp, showIp } from '#base/ip.ts'
import { SECRETS_FOLDER } from '#design/device.ts'
import { textOf } from '../target.ts'
import { print } from './print.ts'
import { readSsid } from './ssid.ts'
import type { HostapdTree, Network, Radius } from './tree.ts'

const PROGRAM = 'hostapd'
const FILES = ['hostapd.conf', 'hostapd.sh', 'admit.sh', 'access-point.conf', 'access-point.sh']

/** A name that is one word to the shell, and no option. */
const WORD = '[A-Za-z0-9][A-Za-z0-9._-]*'
const INTERFACE = `(?=.{1,15}$)${WORD}`
const HOSTNAME = `(?=.{1,253}$)${WORD}`

/** Reads the printed files, by path. Whys are empty. */
export function parse(files: ReadonlyMap<string, string>): Result<HostapdTree> {
  const [wired, start, air, key] = (['hostapd.conf', 'hostapd.sh', 'access-point.conf', 'access-point.sh'] as const).map((path) => files.get(path))
  if (wired === undefined && air === undefined) return result<HostapdTree>({}, [diagnose('missing-file', { program: PROGRAM, file: FILES[0]! })])
  const networks = air?.split(/^bss=.*$/m).map(network) ?? []
  const asks = wired ?? air?.split(/^bss=.*$/m).find((part) => /^nas_identifier=/m.test(part))
  const tree: HostapdTree = {
    ...(asks === undefined ? {} : { radius: radius(asks, start ?? key ?? '') }),
    ...(wired === undefined ? {} : { ports: ports(wired, start ?? '') }),
    ...(air === undefined ? {} : { accessPoint: { country: value(air, 'country_code=', '[A-Z]{2}'), networks, why: [] } }),
  }
  const expected = new Map(print(tree).map((file) => [file.path, textOf(file)]))
  const diagnostics = FILES.flatMap((path) => compare(path, files.get(path), expected.get(path)))
  return result(tree, diagnostics.length > 0 ? diagnostics : unsaid(tree))
}

/** Lines without which a tree is none, and that would be printed without a value. */
function unsaid({ radius, ports, accessPoint }: HostapdTree): Diagnostic[] {
  const [first, script] = ports ? ['hostapd.conf', 'hostapd.sh'] : ['access-point.conf', 'access-point.sh']
  const wanted: (readonly [said: unknown, file: string, line: string])[] = [
    ...(radius
      ? ([
          [radius.identifier, first, 'nas_identifier=NAME'],
          [radius.servers.length, first, 'auth_server_addr=ADDRESS'],
          [radius.secretFile, script, 'secret=$(cat FILE) || exit 1'],
        ] as const)
      : []),
    ...(ports
      ? ([
          [ports.source, first, 'own_ip_addr=ADDRESS'],
          [ports.names.length, script, 'ports="$ports PORT"'],
        ] as const)
      : []),
    ...(accessPoint
      ? ([
          [accessPoint.country, 'access-point.conf', 'country_code=COUNTRY'],
          [accessPoint.networks.every(({ ssid }) => ssid), 'access-point.conf', 'ssid2=NAME'],
          [accessPoint.networks.every(({ vid }) => vid), 'access-point.conf', 'bridge=br-VLAN'],
        ] as const)
      : []),
  ]
  return wanted
    .filter(([said]) => !said)
    .map(([, file, line]) => diagnose('missing-line', { program: PROGRAM, line, block: file }, { place: { file, line: 1, column: 1 } }))
}

/** What stands between `before` and `after` in each line that has them, where it is of the pattern. */
function values(text: string, before: string, pattern: string, after = ''): string[] {
  const is = new RegExp(`^${pattern}$`, 'u')
  const lines = text.split('\n').filter((line) => line.startsWith(before) && line.endsWith(after))
  return [...new Set(lines.map((line) => line.slice(before.length, after === '' ? undefined : -after.length)).filter((one) => is.test(one)))]
}

function value(text: string, before: string, pattern: string, after = ''): string {
  return values(text, before, pattern, after)[0] ?? ''
}

function addresses(text: string, before: string): string[] {
  return values(text, before, '[0-9a-f.:]+').filter((one) => {
    const ip = parseIp(one)
    return ip !== undefined && showIp(ip) === one
  })
}

function radius(text: string, script: string): Radius {
  return {
    identifier: value(text, 'nas_identifier=', HOSTNAME),
    servers: addresses(text, 'auth_server_addr='),
    secretFile: value(script, 'secret=$(cat ', `${SECRETS_FOLDER}(/${WORD})+`, ') || exit 1'),
    why: [],
  }
}

function ports(text: string, script: string): NonNullable<HostapdTree['ports']> {
  const [vrf] = values(text, 'radius_client_dev=', INTERFACE)
  return {
    source: addresses(text, 'own_ip_addr=')[0] ?? '',
    ...(vrf === undefined ? {} : { vrf }),
    names: values(script, 'ports="$ports ', INTERFACE, '"').map((name) => ({ name, why: [] })),
  }
}

function network(text: string): Network {
  return {
    ssid: readSsid(value(text, 'ssid2=', '.+')) ?? '',
    vid: Number(value(text, 'bridge=br-', '(?:[1-9]\\d{0,2}|[1-3]\\d{3}|40[0-8]\\d|409[0-4])')),
    authenticated: /^ieee8021x=1$/m.test(text),
    isolated: /^ap_isolate=1$/m.test(text),
    why: [],
  }
}

/** The lines that say something: all but blank ones and comments. The first of a program is none, though it looks like one. */
function lines(text: string): { readonly text: string; readonly number: number }[] {
  return text
    .split('\n')
    .map((text, index) => ({ text, number: index + 1 }))
    .filter(({ text }) => text !== '' && (!text.startsWith('#') || text.startsWith('#!')))
}

/** What is wrong with a file that should say what is expected, in this order. */
function compare(file: string, text: string | undefined, expected: string | undefined): Diagnostic[] {
  if (text === undefined) return expected === undefined ? [] : [diagnose('missing-file', { program: PROGRAM, file })]
  const [found, wanted] = [lines(text), lines(expected ?? '').map((line) => line.text)]
  const diagnostics: Diagnostic[] = []
  const unknown = ({ text, number }: (typeof found)[number]) =>
    diagnostics.push(diagnose('unknown-line', { program: PROGRAM, line: text, block: file }, { place: { file, line: number, column: 1 } }))
  let next = 0
  for (const one of found) {
    const at = wanted.indexOf(one.text, next)
    if (at < 0) unknown(one)
    else {
      missing(wanted.slice(next, at), one.number)
      next = at + 1
    }
  }
  missing(wanted.slice(next), 1)
  return diagnostics

  function missing(texts: readonly string[], line: number): void {
    for (const text of texts) diagnostics.push(diagnose('missing-line', { program: PROGRAM, line: text, block: file }, { place: { file, line, column: 1 } }))
  }
}
