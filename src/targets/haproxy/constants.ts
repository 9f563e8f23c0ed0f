/** What is the same in every `haproxy.cfg`: the lines of `global` and of the defaults, each group with the rule behind it. */
import type { Rule } from '../target.ts'
import { rules } from './rules.ts'

/** Lines with the reason for them. */
export type Constants = readonly (readonly [rule: Rule, ...lines: readonly string[]])[]

/** The socket that HAProxy takes commands on. `/run/haproxy` is made by the Debian package. */
export const SOCKET = '/run/haproxy/admin.sock'

/** The folder, under `/run`, and the file of what a worker leaves to the next. */
export const STATE_FOLDER = 'haproxy-state'
export const STATE_FILE = `/run/${STATE_FOLDER}/servers`

/** Seconds for which an idle connection is kept; see rule `keep-alive`. Also the least that an old worker gets, or it would cut connections off that are about to close. */
export const KEEP_ALIVE_SECONDS = 10

// Mozilla's guideline 5.7, intermediate.
const CIPHERS = [
  'ECDSA-AES128-GCM-SHA256',
  'RSA-AES128-GCM-SHA256',
  'ECDSA-AES256-GCM-SHA384',
  'RSA-AES256-GCM-SHA384',
  'ECDSA-CHACHA20-POLY1305',
  'RSA-CHACHA20-POLY1305',
]
const SUITES = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256']
const CURVES = ['X25519', 'prime256v1', 'secp384r1']

/** Of `global`; `hard-stop-after` follows. */
export const GLOBAL: Constants = [
  [rules.master, 'master-worker'],
  [rules.log, 'log /dev/log local0 info'],
  [rules.nobody, 'chroot /var/lib/haproxy', 'user haproxy', 'group haproxy'],
  [rules.socket, `stats socket ${SOCKET} mode 600 level admin`],
  [rules.state, `server-state-file ${STATE_FILE}`],
  [
    rules.tls,
    'ssl-default-bind-options prefer-client-ciphers ssl-min-ver TLSv1.2',
    `ssl-default-bind-ciphers ${CIPHERS.map((cipher) => `ECDHE-${cipher}`).join(':')}`,
    `ssl-default-bind-ciphersuites ${SUITES.join(':')}`,
    `ssl-default-bind-curves ${CURVES.join(':')}`,
  ],
  [rules.noTickets, 'ssl-default-bind-options no-tls-tickets'],
]

/** The sections of defaults, by the line that opens them. Rules on requests can't be inherited by further defaults, so those of frontends and of backends are leaves (configuration manual §4). */
export const DEFAULTS: readonly (readonly [opening: string, lines: Constants])[] = [
  [
    'defaults common',
    [
      [rules.log, 'log global'],
      [rules.connect, 'timeout connect 2s'],
      [rules.retries, 'retries 3', 'option redispatch 1'],
      [rules.checks, 'default-server check inter 2s fastinter 1s fall 3 rise 2', 'http-check expect status 200-399'],
      [rules.markedDown, 'default-server on-marked-down shutdown-sessions'],
      [rules.state, 'load-server-state-from-file global'],
    ],
  ],
  ['defaults tcp from common', [[rules.defaults, 'mode tcp', 'option tcplog']]],
  [
    'defaults http from common',
    [
      [rules.defaults, 'mode http', 'option httplog'],
      [rules.slowClients, 'timeout http-request 10s'],
      [rules.keepAlive, `timeout http-keep-alive ${KEEP_ALIVE_SECONDS}s`],
      [rules.idleClose, 'option idle-close-on-response'],
    ],
  ],
  [
    'defaults http-frontend from http',
    [
      [
        rules.forwarded,
        'http-request set-header X-Forwarded-For %[src]',
        'http-request set-header X-Forwarded-Proto %[ssl_fc,iif(https,http)]',
        'http-request del-header Forwarded',
      ],
    ],
  ],
  [
    'defaults http-backend from http',
    [[rules.askAgain, 'retry-on conn-failure empty-response', 'http-request disable-l7-retry unless { method GET HEAD OPTIONS TRACE PUT DELETE }']],
  ],
]

/** What a backend that hashes sources has besides. */
export const HASHED: Constants = [
  [rules.sticky, 'hash-type consistent'],
  [rules.hashWeight, 'default-server weight 100'],
]
