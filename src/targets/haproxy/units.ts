/** What systemd is told: the unit of the announcer, and what is added to the package's unit of HAProxy. */
import { type Constants, SOCKET, STATE_FILE, STATE_FOLDER } from './constants.ts'
import { rules } from './rules.ts'

/** Where the announcer is installed. */
const SCRIPT = '/bin/sh /etc/haproxy/announce.sh'

/** `netwright-announce.service`. */
export const ANNOUNCE_UNIT: Constants = [
  [rules.script, '[Unit]', 'Description=Addresses of balanced services, while HAProxy has a server for them'],
  [rules.order, 'After=haproxy.service frr.service', 'PartOf=haproxy.service'],
  [rules.whatever, 'StartLimitIntervalSec=0', '', '[Service]', 'Restart=always', 'RestartSec=1', `ExecStart=${SCRIPT}`, `ExecStopPost=${SCRIPT} withdraw`],
  [rules.again, 'ExecReload=/bin/kill -HUP $MAINPID'],
  [rules.noOther, 'CapabilityBoundingSet=CAP_NET_ADMIN', ''],
  [rules.order, '[Install]', 'WantedBy=haproxy.service'],
]

/** `haproxy.service.conf`, a drop-in. An empty `ExecReload=` takes back what the package's unit says. */
export const HAPROXY_UNIT: Constants = [
  [rules.stateFile, '[Service]', `RuntimeDirectory=${STATE_FOLDER}`, `ExecStartPre=/bin/sh -c 'echo 1 > ${STATE_FILE}'`],
  [
    rules.reload,
    'ExecReload=',
    'ExecReload=/usr/sbin/haproxy -Ws -f $CONFIG -c -q $EXTRAOPTS',
    `ExecReload=-/bin/sh -c 'echo show servers state | socat -t 5 - UNIX-CONNECT:${SOCKET} > ${STATE_FILE}'`,
    'ExecReload=/bin/kill -USR2 $MAINPID',
  ],
]
