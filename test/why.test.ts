/**
 * `why`, of the starter company: every line and every node has an answer that leads to places which exist; answers read as they should (`why/answers.txt`, blessed by `UPDATE=1`); and
 * moving a line of any source changes nothing but the places.
 */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import type { Origin, Place } from '#base/place.ts'
import { showExplanation } from '#cli/show-explanation.ts'
import { nodesOf } from '#design/design.ts'
import { targets } from '#targets/index.ts'
import { explainAddress, explainLine, explainNode, type Step, stepsOf } from '#workspace/explain.ts'
import { type Built, openWorkspace } from '#workspace/workspace.ts'
import { buildGood, buildStarter, copyStarter, DATE, linesOf, type Starter } from './why/starter.ts'

const ROOT = join(import.meta.dirname, '..')
const ANSWERS = join(import.meta.dirname, 'why', 'answers.txt')

let starter: Starter

before(async () => {
  starter = await buildStarter()
})

after(() => rmSync(starter.folder, { recursive: true }))

/** All steps of an answer. */
function allOf(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => [step, ...allOf(step.from), ...step.before])
}

/** The text of a file that a place names. */
function sourceOf({ file }: Place): string {
  const path = file.startsWith('netwright/') ? join(ROOT, file.slice('netwright/'.length)) : join(starter.folder, file)
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/** Files that people wrote: the company's, the built-in standards, the rules of targets. */
const PEOPLES =
  /^(company\.ts|sites\/[\w-]+\.yaml|services\/[\w-]+\.yaml|netwright\.lock|netwright\/src\/standards\/(?!authoring\/)[\w/-]+\.ts|netwright\/src\/targets\/\w+\/rules\.ts)$/

test('every line and every node answers with places that exist, in files that people wrote', () => {
  const { workspace, built, lines } = starter
  const whys = new Map<string, readonly Origin[]>([
    ...lines.map((line): [string, readonly Origin[]] => [`${line.path}:${line.number}`, line.why]),
    ...[...nodesOf(built.design)].map((node): [string, readonly Origin[]] => [node.id, node.why]),
  ])
  assert(whys.size > 20_000)
  const devices = built.design.sites.flatMap((site) => site.devices)
  const unheard = targets.filter((target) => devices.every((device) => target.lower(device) === undefined)).map(({ name }) => name)
  assert.deepEqual(unheard, ['example-os'])
  const origins = new Map<Origin, string>()
  for (const [subject, why] of whys) {
    assert(why.length > 0, `${subject} has no why`)
    for (const origin of why) origins.set(origin, subject)
  }
  const sources = new Map<string, readonly string[]>()
  for (const [origin, subject] of origins) {
    for (const step of allOf(stepsOf([origin], built.places, workspace.folder))) {
      const which = `${subject}: ${step.origin}`
      assert(step.place, `${which} stands nowhere`)
      assert(!/undefined|nothing$/.test(step.text), `${which}: ${step.text}`)
      for (const place of [step.place, ...step.via]) {
        assert.match(place.file, PEOPLES, which)
        if (!sources.has(place.file)) sources.set(place.file, sourceOf(place).split('\n'))
        const line = sources.get(place.file)![place.line - 1]
        assert(line !== undefined && line.length >= place.column - 1, `${which}: there is no ${place.file}:${place.line}:${place.column}`)
      }
      if (step.kind === 'rule') assert(step.note, `${which} has no reason`)
      if (step.kind === 'ledger') assert(sources.get(step.place.file)![step.place.line - 1]!.startsWith(step.text), which)
    }
  }
})

test('answers read as they should', () => {
  const { workspace, built } = starter
  const line = (start: string, part: string) => {
    const path = [...built.files.keys()].find((path) => path.startsWith(start))!
    const index = built.files
      .get(path)!
      .split('\n')
      .findIndex((text) => text.includes(part))
    assert(index >= 0, `no line of ${path} says ${part}`)
    return explainLine(workspace, built, path, index + 1)
  }
  const held = (id: string, kind: 'v4' | 'v6') => {
    const replica = built.design.services.flatMap(({ replicas }) => replicas).find((one) => one.id === id)!
    return explainAddress(workspace, built, replica[kind])
  }
  const answers = [
    line('bos1/leaf-r01-a/frr.conf', 'remote-as'),
    line('bos1/edge-b/frr.conf', 'set as-path prepend'),
    line('ber-office/edge-a/frr.conf', 'ip prefix-list'),
    line('bos1/fw-a/nftables.conf', '. tcp . 443,'),
    line('bos1/fw-a/nftables.conf', '@local-ports-v4 counter jump'),
    line('bos1/leaf-r01-a/nftables.conf', '. tcp . 22,'),
    line('lis-office/edge-a/nftables.conf', 'th dport { udp . 16384-32767 }'),
    line('ber-office/edge-b/nftables.conf', 'snat'),
    line('ber-office/edge-b/wireguard/', 'PublicKey'),
    line('lis-office/edge-a/keepalived.conf', 'virtual_router_id'),
    line('lis-office/edge-a/kea-dhcp4.conf', '"subnet"'),
    line('lis-office/edge-b/conntrackd.conf', 'IPv4_Destination_Address'),
    line('bos1/lb-a/haproxy.cfg', 'timeout server 1'),
    line('bos1/lb-b/haproxy.cfg', 'server orders-map-1'),
    line('bos1/spine-b/chrony.conf', 'server '),
    line('bos1/spine-b/snmpd.conf', 'sysLocation'),
    line('bos1/r01-web-host-b/unbound.conf', '"clocks.acme.example. '),
    line('bos1/spine-b/sshd_config', 'AllowUsers'),
    line('bos1/spine-b/rsyslog.conf', 'target='),
    line('ber-office/access-3/network.ip', 'type vlan'),
    line('ber-office/access-3/access-point.conf', 'auth_server_addr'),
    line('ber-office/edge-b/network.ip', 'address add 198.51.100.2'),
    line('lis-office/edge-a/sysctl.conf', 'ip_forward'),
    line('bos1/r01-db-host-a/frr.conf', 'route-map from-leaf'),
    explainNode(workspace, built, 'ber-office/users-3'),
    explainNode(workspace, built, 'lis-office/guest'),
    explainNode(workspace, built, 'bos1/fw-a'),
    explainNode(workspace, built, 'orders-map-1'),
    explainNode(workspace, built, 'ber-office/circuit/dtag-dia'),
    held('service/orders-db-1', 'v6'),
    explainAddress(workspace, built, '192.0.2.1'),
  ]
  const shown = answers.map((answer) => showExplanation(answer!, false).join('\n')).join('\n\n')
  // Lines of the ledger and of printed files move with much that has nothing to do with these answers.
  const text = stripVTControlCharacters(shown)
    .replace(/netwright\.lock:\d+:\d+ */g, 'netwright.lock  ')
    .replace(/^([\w-]+\/\S+):\d+$/gm, '$1')
  if (process.env.UPDATE) writeFileSync(ANSWERS, `${text}\n`)
  assert.deepEqual(`${text}\n`.split('\n'), readFileSync(ANSWERS, 'utf8').split('\n'))
})

test('an allocation that is pinned leads to the pin', async () => {
  const folder = copyStarter()
  const path = join(folder, 'sites/lis-office.yaml')
  writeFileSync(path, `${readFileSync(path, 'utf8')}pinned: {segments: {users-1: {vlan: 77}}}\n`)
  const workspace = openWorkspace(folder, { date: DATE, typeCheck: false })
  const answer = explainNode(workspace, await buildGood(workspace), 'lis-office/users-1')!
  const vlan = answer.steps.find(({ origin }) => origin === 'ledger lis-office vlan users-1')!
  assert.deepEqual(
    vlan.from.map(({ text, place }) => [text, place?.file]),
    [['pinned.segments.users-1.vlan: 77', 'sites/lis-office.yaml']],
  )
  rmSync(folder, { recursive: true })
})

/** A standard of the company's own, in two files. */
const OWN = {
  'standards/branch.ts': `import { fact, standard } from 'netwright'
import { gateway } from './gateway.ts'

export const branch = standard('branch', 1, {
  kind: 'office',
  facts: { seats: fact.integer(), floors: fact.list(fact.object({ name: fact.name(), area: fact.area(), seats: fact.integer() })) },
  zones: ['users'],
  lessons: [],
  design(site, ask) {
    const edge = gateway(ask)
    ask.segment('users', { zone: 'users', hosts: site.seats, gateway: edge })
    ask.attach('wan', { devices: edge, circuits: site.circuits ?? [] })
  },
})
`,
  'standards/gateway.ts': `import type { Ask, DeviceRef } from 'netwright'

export function gateway(ask: Ask): DeviceRef {
  const edge = ask.device('edge', { role: 'edge-router', asn: 'own' })
  ask.filter(edge)
  return edge
}
`,
}

test('a comment on line 1 of a source moves its places by a line, and no pass after the asking runs again', async () => {
  const { folder } = await buildStarter()
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const read = (path: string) => readFileSync(join(folder, path), 'utf8')
  for (const [path, text] of Object.entries(OWN)) put(path, text)
  put('sites/lis-office.yaml', read('sites/lis-office.yaml').replace('office@1', 'branch@1'))
  put('company.ts', `import { branch } from './standards/branch.ts'\n${read('company.ts').replace('[office,', '[branch, office,')}`)

  const workspace = openWorkspace(folder, { date: DATE, typeCheck: false })
  let last = await buildGood(workspace)
  for (const path of ['sites/lis-office.yaml', 'services/orders-map.yaml', 'company.ts', ...Object.keys(OWN)]) {
    const slices = new Map(workspace.memo.slices)
    put(path, `${path.endsWith('.ts') ? '//' : '#'} moved\n${read(path)}`)
    const now = await buildGood(workspace)

    const again = [...workspace.memo.slices].filter(([key, slice]) => slices.get(key) !== slice).map(([key]) => key)
    assert.deepEqual(
      again.filter((key) => !/^(value|references|ask) /.test(key)),
      [],
      path,
    )
    assert.deepEqual(now.files, last.files)
    const [before, after] = [last, now].map((built) => placesCited(built))
    assert(before!.some(([, place]) => place.file === path))
    const moved = before!.map(([origin, place]) => [origin, place.file === path ? { ...place, line: place.line + 1 } : place])
    assert.deepEqual(after, moved)
    last = now
  }
  rmSync(folder, { recursive: true })

  /** Where each origin that a line cites stands, with the callers of helpers and the facts of asks. */
  function placesCited(built: Built): [Origin, Place][] {
    const origins = new Set(linesOf(workspace, built).flatMap(({ why }) => why))
    const steps = [...origins].flatMap((origin) => allOf(stepsOf([origin], built.places, folder)))
    return steps.flatMap((step) => [step.place!, ...step.via].map((place): [Origin, Place] => [step.origin, place]))
  }
})
