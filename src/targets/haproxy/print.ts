/**
 * Writes the tree as `haproxy.cfg`, and what follows from it: the announcer with its unit, and what is added to HAProxy's. Sections come after those that they name, so that a
 * reader who goes down the page has met every name. The reason of a constant choice is a comment above the first lines in the file that it is for.
 */
import { anyOf, type Why } from '#base/place.ts'
import type { Line, PrintedFile, Rule } from '../target.ts'
import { AFTER_TABLE, BEFORE_TABLE } from './announcer.ts'
import { type Constants, DEFAULTS, GLOBAL, HASHED } from './constants.ts'
import { rules } from './rules.ts'
import type { Announcement, HaproxyBackend, HaproxyFrontend, HaproxyServer, HaproxyTree } from './tree.ts'
import { ANNOUNCE_UNIT, HAPROXY_UNIT } from './units.ts'

/** What is inside a section is further in by so much. */
export const INDENT = '    '

/** The four files. */
export function print(tree: HaproxyTree): readonly PrintedFile[] {
  return [
    { path: 'haproxy.cfg', lines: once(haproxyCfg(tree)) },
    { path: 'haproxy.service.conf', lines: once(constants(HAPROXY_UNIT)) },
    { path: 'announce.sh', lines: [line('#!/bin/sh', [rules.script.origin]), ...once(announceSh(tree))] },
    { path: 'netwright-announce.service', lines: once(constants(ANNOUNCE_UNIT)) },
  ]
}

function line(text: string, why: Why): Line {
  return { text, why }
}

function comment(rule: Rule): Line {
  return line(`# ${rule.reason}`, [rule.origin])
}

/** Lines that are there because of a rule, and of what called for it, if anything did; the reason above them. */
function explained(rule: Rule, texts: readonly string[], why: Why = []): Line[] {
  return [comment(rule), ...texts.map((text) => line(text, [...why, rule.origin]))]
}

function constants(groups: Constants, why: Why = []): Line[] {
  return groups.flatMap(([rule, ...texts]) => explained(rule, texts, why))
}

/** The lines, with each comment only where it comes first. */
function once(lines: readonly Line[]): Line[] {
  const first = new Map<string, Line>()
  for (const one of lines) if (!first.has(one.text.trim())) first.set(one.text.trim(), one)
  return lines.filter((one) => !one.text.trim().startsWith('#') || first.get(one.text.trim()) === one)
}

function haproxyCfg(tree: HaproxyTree): Line[] {
  const global = [...constants(GLOBAL), ...explained(rules.hardStop, [`hard-stop-after ${tree.hardStopSeconds}s`], tree.why)]
  return [
    ...section([line('global', tree.why)], global),
    ...DEFAULTS.flatMap(([opening, groups]) => parted(section(explained(rules.defaults, [opening]), constants(groups)))),
    ...tree.backends.flatMap((backend) =>
      parted(section([line(`backend ${backend.name} from ${defaultsOf('backend', backend.mode)}`, backend.why)], backendLines(backend))),
    ),
    ...tree.frontends.flatMap((frontend) =>
      parted(section([line(`frontend ${frontend.name} from ${defaultsOf('frontend', frontend.mode)}`, frontend.why)], frontendLines(frontend))),
    ),
  ]
}

function section(opening: readonly Line[], lines: readonly Line[]): Line[] {
  return [...opening, ...lines.map(({ text, why }) => line(`${INDENT}${text}`, why))]
}

function parted(lines: readonly Line[]): Line[] {
  return [line('', lines[0]!.why), ...lines]
}

/** The defaults that a section starts from. */
export function defaultsOf(kind: 'backend' | 'frontend', mode: HaproxyBackend['mode']): string {
  return mode === 'tcp' ? 'tcp' : `http-${kind}`
}

function backendLines({ balance, check, slowStartSeconds, serverTimeoutSeconds, servers, why }: HaproxyBackend): Line[] {
  return [
    line(`balance ${balance}`, why),
    ...(balance === 'source' ? constants(HASHED, why) : []),
    ...(check ? [line(`option httpchk ${check.method} ${escaped(check.path)}`, why)] : []),
    ...(slowStartSeconds > 0 ? [line(`default-server slowstart ${slowStartSeconds}s`, why)] : []),
    line(`timeout server ${serverTimeoutSeconds}s`, why),
    ...servers.flatMap(serverLines),
  ]
}

function serverLines(server: HaproxyServer): Line[] {
  const because = server.id === undefined ? [rules.serverPort] : [rules.serverPort, rules.hashId]
  return [...because.map(comment), line(serverText(server), [...server.why, ...because.map(({ origin }) => origin)])]
}

/** A server, by its name and port. */
export function serverText({ name, address, port, id }: HaproxyServer): string {
  return `server ${name}:${port} ${endpoint(address, port)}${id === undefined ? '' : ` id ${id}`}`
}

function frontendLines(frontend: HaproxyFrontend): Line[] {
  const { mode, certificate, clientTimeoutSeconds, backend, why } = frontend
  const because = certificate !== undefined && mode === 'http' ? [rules.transparent, rules.http2] : [rules.transparent]
  return [
    ...because.map(comment),
    line(bindText(frontend), [...why, ...because.map(({ origin }) => origin)]),
    line(`timeout client ${clientTimeoutSeconds}s`, why),
    line(`default_backend ${backend}`, why),
  ]
}

/** Where a frontend listens, and how. */
export function bindText({ v4, v6, port, certificate, mode }: HaproxyFrontend): string {
  const tls = certificate === undefined ? '' : ` ssl crt ${certificate}${mode === 'http' ? ' alpn h2,http/1.1' : ''}`
  return `bind ${endpoint(v4, port)},${endpoint(v6, port)} transparent${tls}`
}

function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/** A word of a configuration, in which quotes, blanks and comments would be read (configuration manual §2.2). */
export function escaped(text: string): string {
  return text.replace(/[\\ "'#]/g, '\\$&')
}

/** The addresses of the frontends, each once. Frontends that share one speak for it together: it is of use while any of them is. */
function announcementsOf({ frontends, why }: HaproxyTree): Announcement[] {
  const spoken = frontends.flatMap(({ v4, v6, backend, why }) => [`${v4}/32`, `${v6}/128`].map((address) => ({ address, backend, why })))
  return [...Map.groupBy(spoken, ({ address }) => address)].map(([address, speakers]) => ({
    address,
    backends: [...new Set(speakers.map(({ backend }) => backend))],
    why: anyOf(
      why,
      speakers.map(({ why }) => why),
    ),
  }))
}

function announceSh(tree: HaproxyTree): Line[] {
  return [
    ...constants(BEFORE_TABLE),
    ...announcementsOf(tree).map(({ address, backends, why }) => line(`${address} ${backends.join(' ')}`, why)),
    line('END', [rules.twoLooks.origin]),
    ...constants(AFTER_TABLE),
  ]
}
