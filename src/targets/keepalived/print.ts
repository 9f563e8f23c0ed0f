/** Writes the tree as `keepalived.conf`, and the script that looks for routes where there are any to follow. */
import { familyOf } from '#base/ip.ts'
import type { Why } from '#base/place.ts'
import type { Line, PrintedFile, Rule } from '../target.ts'
import { rules } from './rules.ts'
import type { Instance, KeepalivedTree } from './tree.ts'

/** Name of the script, beside `keepalived.conf` in `/etc/keepalived`. */
export const SCRIPT = 'has-routes.sh'

/** How keepalived is told to run it. */
export const SCRIPT_COMMAND = `script "/bin/sh /etc/keepalived/${SCRIPT}"`

/** The files. */
export function print(tree: KeepalivedTree): readonly PrintedFile[] {
  return [{ path: 'keepalived.conf', lines: config(tree) }, ...(tree.routes.length === 0 ? [] : [{ path: SCRIPT, lines: script(tree) }])]
}

function line(text: string, why: Why): Line {
  return { text, why }
}

/** A line that is there because of a constant choice, and first of what called for it, if anything did. */
function constant(text: string, rule: Rule, why: Why = []): Line {
  return line(text, [...why, rule.origin])
}

function reason(rule: Rule): Line {
  return constant(`# ${rule.reason}`, rule)
}

const STEP = '    '

function indented(lines: readonly Line[]): Line[] {
  return lines.map(({ text, why }) => line(`${STEP}${text}`, why))
}

function block(opening: string, lines: readonly Line[], why: Why): Line[] {
  return [line(`${opening} {`, why), ...indented(lines), line('}', why)]
}

function config(tree: KeepalivedTree): Line[] {
  const { routes, instances, why } = tree
  return [
    ...block('global_defs', GLOBALS, why),
    ...(routes.length === 0 ? [] : [line('', why), ...routesScript(why)]),
    line('', why),
    ...[rules.backup, rules.carrier, rules.interval, rules.linkLocal, rules.notASource].map(reason),
    ...instances.flatMap((one, index) => [...(index === 0 ? [] : [line('', one.why)]), ...instance(one, tree)]),
    line('', why),
    reason(rules.together),
    ...group(tree),
  ]
}

const GLOBALS: readonly Line[] = [
  reason(rules.version),
  constant('vrrp_version 3', rules.version),
  reason(rules.claims),
  constant('vrrp_garp_master_delay 1', rules.claims),
  constant('vrrp_garp_master_refresh 60', rules.claims),
  reason(rules.scriptUser),
  constant('script_user root', rules.scriptUser),
  constant('enable_script_security', rules.scriptUser),
]

function routesScript(why: Why): Line[] {
  return block(
    'vrrp_script routes',
    [
      reason(rules.shell),
      constant(SCRIPT_COMMAND, rules.shell, why),
      reason(rules.looks),
      constant('interval 1', rules.looks, why),
      constant('fall 2', rules.looks, why),
      reason(rules.returns),
      constant('rise 3', rules.returns, why),
      reason(rules.lostAtFirst),
      constant('init_fail', rules.lostAtFirst, why),
    ],
    why,
  )
}

function instance({ name, interface: port, id, addresses, why }: Instance, tree: KeepalivedTree): Line[] {
  const address = ({ address, deprecated }: Instance['addresses'][number]): Line => {
    if (deprecated) return constant(`${address} preferred_lft 0`, rules.notASource, why)
    return address.startsWith('fe80:') ? constant(address, rules.linkLocal, why) : line(address, why)
  }
  return block(
    `vrrp_instance ${name}`,
    [
      constant('state BACKUP', rules.backup, why),
      line(`interface ${port}`, why),
      constant('dont_track_primary', rules.carrier, why),
      line(`virtual_router_id ${id}`, why),
      line(`priority ${tree.priority}`, tree.why),
      constant('advert_int 0.25', rules.interval, why),
      ...block('virtual_ipaddress', addresses.map(address), why),
    ],
    why,
  )
}

function group({ routes, instances, penalty, why }: KeepalivedTree): Line[] {
  const segments = [...Map.groupBy(instances, (one) => one.interface)].map(([port, all]) => ({ port, why: [...new Set(all.flatMap((one) => one.why))] }))
  return block(
    'vrrp_sync_group gateways',
    [
      ...block(
        'group',
        instances.map(({ name, why }) => constant(name, rules.together, why)),
        why,
      ),
      reason(rules.standBack),
      ...block(
        'track_interface',
        segments.map(({ port, why }) => constant(`${port} weight -${penalty}`, rules.standBack, why)),
        why,
      ),
      ...(routes.length === 0 ? [] : block('track_script', [constant(`routes weight -${penalty}`, rules.standBack, why)], why)),
    ],
    why,
  )
}

/** Each line ends the script by itself, so their order says nothing. */
function script({ routes, why }: KeepalivedTree): Line[] {
  return [reason(rules.fromBgp), ...routes.map((prefix) => constant(lookFor(prefix), rules.fromBgp, why))]
}

/** The line of a prefix, or of a slot in its place. */
export function lookFor(prefix: string, family: 4 | 6 = familyOf(prefix)): string {
  return `test -n "$(/bin/ip -${family} route show exact ${prefix} proto bgp)" || exit 1`
}
