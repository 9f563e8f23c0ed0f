/** The scripts: they put the secret in, start the daemon, and tell the bridge whom it let in. Each line carries the rule that it is there for. */
import type { Line, Rule } from '../target.ts'
import { rules } from './rules.ts'
import type { AccessPoint, Ports, Radius } from './tree.ts'

/** A comment with the reason of a rule, and lines that are there for it. */
function part(rule: Rule, texts: readonly string[]): Line[] {
  return ['', `# ${rule.reason}`, ...texts].map((text) => ({ text, why: [rule.origin] }))
}

/** Reads the secret, and defines `keyed FILE`, which writes a printed file with the secret where servers are named. */
function secret({ secretFile, why }: Radius): Line[] {
  const [blank, reason, ...rest] = part(rules.secretApart, [
    'umask 077',
    `secret=$(cat ${secretFile}) || exit 1`,
    'keyed() {',
    '  while read -r line; do',
    String.raw`    printf '%s\n' "$line"`,
    '    case $line in',
    String.raw`      auth_server_port=*) printf 'auth_server_shared_secret=%s\n' "$secret" ;;`,
    String.raw`      acct_server_port=*) printf 'acct_server_shared_secret=%s\n' "$secret" ;;`,
    '    esac',
    '  done < "$1"',
    '}',
  ]) as [Line, Line, ...Line[]]
  return [reason, ...rest.map(({ text, why: because }) => ({ text, why: [...why, ...because] })), blank]
}

/** `hostapd.sh`. */
export function startPorts({ names }: Ports, radius: Radius): Line[] {
  return [
    ...secret(radius).slice(0, -1),
    ...part(rules.control, ['tell() { hostapd_cli -p /run/hostapd -i "$@"; }']),
    ...part(rules.alone, ["tell global ping > /dev/null 2>&1 && { echo 'hostapd runs already' >&2; exit 1; }"]),
    ...part(rules.action, [
      'chmod 0755 admit.sh',
      'hostapd -B -g /run/hostapd/global || exit 1',
      'admit=/run/hostapd-admit.$$.pid',
      `trap 'kill "$(cat $admit)"; tell global raw TERMINATE > /dev/null' EXIT`,
      "trap 'exit 1' INT TERM",
      'hostapd_cli -B -p /run/hostapd -i global -P $admit -a "$PWD/admit.sh" || exit 1',
    ]),
    ...part(rules.pidLater, ['tries=100', 'until [ -s $admit ]; do', '  tries=$((tries - 1))', '  [ $tries -gt 0 ] || exit 1', '  sleep 0.1', 'done']),
    ...part(rules.anew, [
      'guard() {',
      '  tell global raw "REMOVE $1" > /dev/null',
      `  hosts=$(bridge fdb show brport "$1" state static | cut -d ' ' -f 1 | sort -u)`,
      '  for at in /sys/class/net/"$1" /sys/class/net/"$1".*; do',
      `    [ ! -e "$at" ] || bridge fdb flush dev "\${at##*/}" master nopermanent`,
      '  done',
      String.raw`  { printf 'interface=%s\nradius_auth_req_attr=87:s:%s\nradius_acct_req_attr=87:s:%s\n' "$1" "$1" "$1"; keyed hostapd.conf; } > "/run/hostapd/$1.conf"`,
      '  [ "$(tell global raw "ADD bss_config=$1:/run/hostapd/$1.conf")" = OK ] || echo "hostapd: $1 is shut" >&2',
      '  rm "/run/hostapd/$1.conf"',
      '  for host in $hosts; do tell "$1" new_sta "$host" > /dev/null; done',
      '}',
    ]),
    ...part(rules.there, ['ports=']),
    ...names.map(({ name, why }) => ({ text: `ports="$ports ${name}"`, why: [...why, rules.there.origin] })),
    ...[
      'state() {',
      '  for port in $ports; do',
      '    { read -r lost < "/sys/class/net/$port/carrier_down_count"; } 2> /dev/null && echo "$port=$lost"',
      '  done',
      '}',
    ].map((text) => ({ text, why: [rules.there.origin] })),
    ...part(rules.carrier, [
      'was=',
      'while tell global ping > /dev/null 2>&1 && kill -0 "$(cat $admit)"; do',
      '  now=$(state)',
      '  for one in $now; do',
      `    case " $was " in *" $one "*) ;; *) guard "\${one%=*}" ;; esac`,
      '  done',
      '  was=$(echo $now)',
      '  sleep 1',
      'done',
      'exit 1',
    ]),
  ]
}

/** `admit.sh`, which gets the arguments `global IFNAME=PORT <3>EVENT MAC`. */
export const ADMIT: readonly Line[] = [
  { text: '#!/bin/sh', why: [rules.action.origin] },
  ...part(rules.admit, [
    `port=\${2#IFNAME=}`,
    'for at in /sys/class/net/"$port" /sys/class/net/"$port".*; do',
    '  [ -e "$at" ] || continue',
    '  case $3 in',
    `    '<3>AP-STA-CONNECTED') bridge fdb replace "$4" dev "\${at##*/}" master static ;;`,
    `    '<3>AP-STA-DISCONNECTED') bridge fdb del "$4" dev "\${at##*/}" master ;;`,
    '  esac',
    'done',
  ]).slice(1),
]

/** `access-point.sh`. */
export function startAccessPoint(radius: Radius, { why }: AccessPoint): Line[] {
  return [
    ...secret(radius),
    { text: 'mkdir -p /run/hostapd', why: [...why, rules.secretApart.origin] },
    { text: 'keyed access-point.conf > /run/hostapd/access-point.conf || exit 1', why: [...why, rules.secretApart.origin] },
    { text: 'exec hostapd /run/hostapd/access-point.conf', why },
  ]
}
