/**
 * `announce.sh`: POSIX shell, with what Debian has in every installation (ip, awk, timeout) and socat. It keeps nothing in mind but its last look: what is announced is what
 * is on the loopback, marked, and is compared with what should be there every second, so whoever else touches an address is overruled.
 */
import { type Constants, SOCKET } from './constants.ts'
import { rules } from './rules.ts'

/** Up to the table of addresses, which are lines of `ADDRESS BACKEND...`. */
export const BEFORE_TABLE: Constants = [
  [rules.script, ''],
  [
    rules.look,
    'look() {',
    `    echo 'show stat -1 4 -1' | timeout 1 socat -t 1 - UNIX-CONNECT:${SOCKET} 2>/dev/null |`,
    `        awk -F, '$18 ~ /^UP/ && $37 !~ /INI|UNK/ { printf " %s ", $1 }'`,
    '}',
    '',
  ],
  [
    rules.mark,
    'held() {',
    `    ip -o address show dev lo deprecated | awk '{ printf " %s ", $4 }'`,
    '}',
    'announce() {',
    '    echo "announce $1: $2"',
    '    ip address replace "$1" dev lo scope host preferred_lft 0',
    '}',
    'withdraw() {',
    '    echo "withdraw $1: $2"',
    '    ip address delete "$1" dev lo',
    '}',
    '',
  ],
  [
    rules.twoLooks,
    'has() {',
    '    case "$1" in *" $2 "*) return 0 ;; esac',
    '    return 1',
    '}',
    'serves() {',
    '    for backend in $backends; do has "$1" "$backend" && return 0; done',
    '    return 1',
    '}',
    'decide() {',
    '    held=$(held)',
    '    wanted=',
    '    while read -r address backends; do',
    '        wanted="$wanted $address "',
    '        if serves "$before" && serves "$now"; then',
    '            has "$held" "$address" || announce "$address" "$backends has a server that is up"',
    '        elif ! serves "$before" && ! serves "$now"; then',
    '            has "$held" "$address" && withdraw "$address" "$backends has no server that is up, or HAProxy does not answer"',
    '        fi',
    "    done <<'END'",
  ],
]

/** After the `END` of the table. */
export const AFTER_TABLE: Constants = [
  [rules.leftOver, '    for address in $held; do', '        has "$wanted" "$address" || withdraw "$address" "no service has it"', '    done', '}', ''],
  [
    rules.leave,
    'leave() {',
    '    for address in $(held); do withdraw "$address" "nobody watches over it any more"; done',
    '}',
    'if [ "$1" = withdraw ]; then',
    '    leave',
    '    exit',
    'fi',
    'trap leave EXIT',
    "trap 'exit 0' INT TERM",
    '',
  ],
  [rules.again, `trap 'exec /bin/sh "$0"' HUP`, ''],
  [rules.everySecond, 'before=$(look)', 'while sleep 1; do', '    now=$(look)', '    decide', '    before=$now', 'done'],
]
