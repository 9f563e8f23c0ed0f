/** Writes the tree as the two servers' files: where requests come in, where leases are kept, the pair, the options and subnets, the log. Comments say why a line is what it is on every device. */
import type { Why } from '#base/place.ts'
import type { Line, PrintedFile } from '../target.ts'
import { FAMILIES, type FamilyNames } from './family.ts'
import { block, constant, explained, inline, line, type Part } from './json.ts'
import { rules } from './rules.ts'
import type { KeaNetwork, KeaOption, KeaPair, KeaPeer, KeaServer, KeaSubnet, KeaTree } from './tree.ts'

/** Debian's folder of Kea's libraries on amd64. */
const HOOKS = '/usr/lib/x86_64-linux-gnu/kea/hooks'

/** Milliseconds; the reasons are the rules `heartbeat`, `silence` and `unanswered`. */
const HEARTBEAT = 1000
const SILENCE = 5000
const UNANSWERED = 5000

/** How many clients may be unanswered before the standby takes over (rule `unanswered-clients`). */
const UNANSWERED_CLIENTS = 1

/** As many as Kea can count to: 2³² − 1 (rule `socket-retries`). */
const RETRIES = 4_294_967_295

/** Whether a line of a file is only for people. */
export function isComment(text: string): boolean {
  return text.trimStart().startsWith('//')
}

/** The two files. */
export function print({ v4, v6 }: KeaTree): readonly PrintedFile[] {
  return [
    { path: FAMILIES[4].path, lines: printServer(v4, 4) },
    { path: FAMILIES[6].path, lines: printServer(v6, 6) },
  ]
}

/** The file of one server. */
export function printServer(server: KeaServer, family: 4 | 6): readonly Line[] {
  const names = FAMILIES[family]
  const { pair, options, networks, why } = server
  return block(
    '',
    '{}',
    [
      block(
        `"${names.root}": `,
        '{}',
        [
          block('"interfaces-config": ', '{}', interfaces(server, family), why),
          constant(`"lease-database": ${inline({ type: 'memfile', persist: true, name: names.leases })}`, rules.leases),
          constant(`"control-socket": ${inline({ 'socket-type': 'unix', 'socket-name': names.socket })}`, rules.control),
          ...(pair ? [constant(`"multi-threading": ${inline({ 'enable-multi-threading': true })}`, rules.threads, why), hooks(server, pair, names)] : []),
          ...(family === 4 ? [constant('"authoritative": true', rules.authoritative)] : []),
          block('"option-data": ', '[]', options.map(option), why),
          explained(
            rules.networks,
            block(
              '"shared-networks": ',
              '[]',
              networks.map((one, index) => network(one, names, index === 0)),
              [...why, rules.networks.origin],
            ),
          ),
          block('"loggers": ', '[]', loggers(server, names), [rules.log.origin]),
        ],
        why,
      ),
    ],
    why,
  )
}

function interfaces({ networks, why }: KeaServer, family: 4 | 6): Part[] {
  const names = networks.map(({ interface: name, address, why }) =>
    family === 4 && address !== undefined ? line(JSON.stringify(`${name}/${address}`), [...why, rules.ownAddress.origin]) : line(JSON.stringify(name), why),
  )
  const list = block('"interfaces": ', '[]', names, why)
  return [
    family === 4 ? explained(rules.ownAddress, list) : list,
    ...(family === 4 ? [constant('"dhcp-socket-type": "raw"', rules.rawSockets)] : []),
    constant(`"service-sockets-max-retries": ${RETRIES}`, rules.socketRetries),
  ]
}

function hooks({ why }: KeaServer, pair: KeaPair, names: FamilyNames): Part {
  const library = (name: string) => `"library": "${HOOKS}/${name}"`
  const because = [...why, rules.hooks.origin]
  const list = block(
    '"hooks-libraries": ',
    '[]',
    [
      line(`{ ${library('libdhcp_lease_cmds.so')} }`, because),
      block(
        '',
        '{}',
        [
          line(library('libdhcp_ha.so'), because),
          block('"parameters": ', '{}', [block('"high-availability": ', '[]', [block('', '{}', highAvailability(pair, names, why), why)], why)], why),
        ],
        because,
      ),
    ],
    because,
  )
  return explained(rules.hooks, list)
}

function highAvailability({ role, self, other }: KeaPair, { port }: FamilyNames, why: Why): Part[] {
  const host = (address: string) => (address.includes(':') ? `[${address}]` : address)
  const peer = ({ name, address }: KeaPeer, role: KeaPair['role']) => line(inline({ name, role, url: `http://${host(address)}:${port}/` }), why)
  const [primary, standby] = role === 'primary' ? [self, other] : [other, self]
  return [
    line(`"this-server-name": ${JSON.stringify(self.name)}`, why),
    constant('"mode": "hot-standby"', rules.hotStandby, why),
    constant(`"heartbeat-delay": ${HEARTBEAT}`, rules.heartbeat, why),
    constant(`"max-response-delay": ${SILENCE}`, rules.silence, why),
    constant(`"max-ack-delay": ${UNANSWERED}`, rules.unanswered, why),
    constant(`"max-unacked-clients": ${UNANSWERED_CLIENTS}`, rules.unansweredClients, why),
    constant('"restrict-commands": true', rules.restrictCommands, why),
    constant(`"multi-threading": ${inline({ 'enable-multi-threading': true, 'http-dedicated-listener': true })}`, rules.listener, why),
    block('"peers": ', '[]', [peer(primary, 'primary'), peer(standby, 'standby')], why),
  ]
}

function option({ name, values, why }: KeaOption): Part {
  const data = values.join(', ')
  const part = line(inline(FAMILIES[4].options[name] === 'bytes' ? { name, 'csv-format': false, data } : { name, data }), why)
  return name === 'sntp-servers' ? explained(rules.sntp, part) : name === 'geoconf-civic' ? explained(rules.location, part) : part
}

/** The reason for the preferred lifetime is told once. */
function network({ name, interface: port, options, subnets, why, ...times }: KeaNetwork, names: FamilyNames, isFirst: boolean): Part {
  const { validLifetime, preferredLifetime, renewTimer, rebindTimer } = times
  const preferred = line(`"preferred-lifetime": ${preferredLifetime}`, [...why, rules.preferredLifetime.origin])
  return block(
    '',
    '{}',
    [
      line(`"name": ${JSON.stringify(name)}`, why),
      line(`"interface": ${JSON.stringify(port)}`, why),
      line(`"valid-lifetime": ${validLifetime}`, why),
      ...(preferredLifetime === undefined ? [] : [isFirst ? explained(rules.preferredLifetime, preferred) : preferred]),
      line(`"renew-timer": ${renewTimer}`, why),
      line(`"rebind-timer": ${rebindTimer}`, why),
      ...(options.length > 0 ? [block('"option-data": ', '[]', options.map(option), why)] : []),
      block(`"${names.subnets}": `, '[]', subnets.map(subnet), why),
    ],
    why,
  )
}

function subnet({ id, prefix, first, last, options, why }: KeaSubnet): Part {
  return block(
    '',
    '{}',
    [
      line(`"id": ${id}`, why),
      line(`"subnet": "${prefix}"`, why),
      line(`"pools": [${inline({ pool: `${first} - ${last}` })}]`, why),
      ...(options.length > 0 ? [block('"option-data": ', '[]', options.map(option), why)] : []),
    ],
    why,
  )
}

function loggers({ pair, why }: KeaServer, { program }: FamilyNames): Part[] {
  const logger = (name: string, severity: string) =>
    `{ "name": "${name}", "severity": "${severity}", "output_options": [${inline({ output: 'syslog:daemon' })}] }`
  return [constant(logger(program, 'INFO'), rules.log), ...(pair ? [constant(logger(`${program}.commands`, 'WARN'), rules.quietCommands, why)] : [])]
}
