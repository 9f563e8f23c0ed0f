/**
 * Unbound itself, with the printed files. Its checker takes them; in a network namespace it answers the company's names, nobody but clients, and asks others from its own addresses.
 * Out there is one server without signatures that has all names there are. Only paths are of the test, and the log goes to it.
 */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { familyOf } from '#base/ip.ts'
import type { Device } from '#design/device.ts'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { unbound } from './index.ts'

const skip = process.getuid?.() === 0 ? false : 'network namespaces need root'

const PROGRAMS: Readonly<Record<string, string>> = { unbound: 'unbound', 'unbound-checkconf': 'unbound', dig: 'bind9-dnsutils', ip: 'iproute2' }

/** The key of the root of 2017, as IANA publishes it. */
const ROOT_KEY = '. IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n'

/** Who is out there, and strangers. */
const ROOT_SERVERS = ['198.51.100.1', '3fff::1']
const STRANGERS = ['192.0.2.7', '3fff::7']
const CLIENTS = ['10.1.9.1', '2001:db8:1:900::1']

const dataCentre = cases['data-centre']!
const oddPrefixes = cases['odd-prefixes']!

/** The server out there: notes from where it is asked for what, has no keys, and answers for every zone at once. */
const OUTSIDE = `
const { createSocket } = require('node:dgram')
const { appendFileSync } = require('node:fs')
const name = (text) => Buffer.concat([...text.split('.').filter(Boolean).map((label) => Buffer.from([label.length, ...Buffer.from(label)])), Buffer.from([0])])
const record = (owner, type, data) => Buffer.concat([name(owner), Buffer.from([0, type, 0, 1, 0, 0, 0, 60, 0, data.length]), data])
const v6 = (...groups) => Buffer.from(groups.flatMap((group) => [group >> 8, group & 255]))
const SERVER = record('server.', 1, Buffer.from([198, 51, 100, 1]))
const ZONE = record('.', 6, Buffer.concat([name('server.'), name('nobody.'), Buffer.from([0, 0, 0, 1, 0, 0, 14, 16, 0, 0, 14, 16, 0, 0, 14, 16, 0, 0, 0, 60])]))
const DATA = {
  '. 2': record('.', 2, name('server.')),
  'server. 1': SERVER,
  'public.test1. 1': record('public.test1.', 1, Buffer.from([203, 0, 113, 9])),
  'rebinding.test1. 1': record('rebinding.test1.', 1, Buffer.from([10, 1, 9, 1])),
  'rebinding.test1. 28': record('rebinding.test1.', 28, v6(0x2001, 0xdb8, 1, 0, 0, 0, 0, 1)),
  'mapped.test1. 28': record('mapped.test1.', 28, v6(0, 0, 0, 0, 0, 0xffff, 0x0a01, 0x0901)),
}
for (const [family, address] of [['udp4', '198.51.100.1'], ['udp6', '3fff::1']]) {
  const socket = createSocket(family)
  socket.on('message', (message, from) => {
    const labels = []
    let at = 12
    for (; message[at]; at += message[at] + 1) labels.push(message.toString('latin1', at + 1, at + 1 + message[at]).toLowerCase())
    const question = labels.join('.') + '. ' + message[at + 2]
    appendFileSync(process.argv[1], from.address + ' ' + question + '\\n')
    const answer = DATA[question]
    const parts = [message.subarray(0, 2), Buffer.from([0x84, 0, 0, 1, 0, answer ? 1 : 0, 0, answer ? 0 : 1, 0, 0]), message.subarray(12, at + 5), answer ?? ZONE]
    socket.send(Buffer.concat(parts), from.port, from.address)
  })
  socket.bind(53, address, () => process.stderr.write('ready\\n'))
}`

function run(program: string, ...args: string[]) {
  const done = spawnSync(program, args, { encoding: 'utf8' })
  assert.equal(done.error, undefined, `${program} is missing: apt-get install ${PROGRAMS[program]}`)
  return done
}

function must(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = run(program, ...args)
  assert.equal(status, 0, `${program} ${args.join(' ')}: ${stderr}${stdout}`)
  return stdout
}

function folderOf(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'netwright-unbound-'))
  context.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'root.key'), ROOT_KEY)
  writeFileSync(join(folder, 'root.hints'), `. 3600 IN NS server.\nserver. 3600 IN A ${ROOT_SERVERS[0]}\nserver. 3600 IN AAAA ${ROOT_SERVERS[1]}\n`)
  return folder
}

/** Writes a device's file, with the paths of the folder, and what the daemon needs to stay in it. */
function fileFor(folder: string, device: Device, change = (text: string) => text): string {
  const text = textOf(unbound.print(unbound.lower(device)!)[0]!)
  const here = `username: ""\ndirectory: "${folder}"\npidfile: "${folder}/pid"\nroot-hints: "${folder}/root.hints"\nlogfile: ""\n`
  const file = join(folder, 'unbound.conf')
  const placed = text.replace('/var/lib/unbound', folder).replace('/run/unbound.ctl', `${folder}/control`).replace('use-syslog: yes', 'use-syslog: no')
  writeFileSync(file, change(placed.replace('server:\n', `server:\n${here}`)))
  return file
}

test("Unbound's own checker takes every file, and refuses a line that it does not know", (context) => {
  const folder = folderOf(context)
  for (const device of Object.values(cases)) assert.match(must('unbound-checkconf', fileFor(folder, device)), /no errors/)
  const wrong = fileFor(folder, dataCentre, (text) => text.replace('ip-freebind', 'ip-freebound'))
  assert.notEqual(run('unbound-checkconf', wrong).status, 0)
})

/** A namespace in which the device's Unbound runs and the rest of the world is. Its addresses come after its start. */
async function world(context: TestContext, device: Device, change?: (text: string) => string) {
  const { addresses } = device.resolver!
  const namespace = `nwunbound-${process.pid}-${made++}`
  const folder = folderOf(context)
  must('ip', 'netns', 'add', namespace)
  context.after(() => must('ip', 'netns', 'delete', namespace))
  const ip = (...args: string[]) => must('ip', '-n', namespace, ...args)
  const launch = async (sign: string, ...command: string[]) => {
    const child = spawn('ip', ['netns', 'exec', namespace, ...command], { stdio: ['ignore', 'pipe', 'pipe'] })
    context.after(async () => {
      if (child.exitCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    })
    let log = ''
    child.stderr.on('data', (data) => {
      log += data
    })
    const logged = async (sign: string) => {
      while (!log.includes(sign)) {
        assert.equal(child.exitCode, null, log)
        await Promise.race([once(child.stderr, 'data'), once(child, 'exit')])
      }
    }
    await logged(sign)
    return logged
  }
  ip('link', 'set', 'lo', 'up')
  const addAll = (addresses: readonly string[]) => {
    for (const address of addresses) ip('address', 'add', address.includes(':') ? `${address}/128` : `${address}/32`, 'dev', 'lo')
  }
  const daemon = await launch('start of service', 'unbound', '-d', '-c', fileFor(folder, device, change))
  addAll([...addresses, ...ROOT_SERVERS, ...STRANGERS, ...CLIENTS])
  const heard = join(folder, 'heard')
  writeFileSync(heard, '')
  await launch('ready\nready', process.execPath, '-e', OUTSIDE, heard)
  return {
    folder,
    logged: daemon,
    /** What was asked out there: the address that it came from, the name and the type. */
    heard: () =>
      readFileSync(heard, 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(' ')),
    /** Status and answers, from the client of a family unless another is named. */
    ask(family: 4 | 6, question: string, from = CLIENTS[family === 4 ? 0 : 1]!): string {
      const server = addresses.find((address) => familyOf(address) === family)!
      const options = '+tries=1 +timeout=20 +noall +comments +answer'
      const said = must('ip', 'netns', 'exec', namespace, 'dig', `@${server}`, '-b', from, ...options.split(' '), ...question.split(' '))
      const answers = said.split('\n').filter((line) => line !== '' && !line.startsWith(';'))
      return [/status: (\w+)/.exec(said)?.[1], ...answers.map((line) => line.split(/\s+/).slice(3).join(' ')).sort()].join(' | ')
    },
  }
}

/** Namespaces made so far. */
let made = 0

test('the company is answered and strangers are not; what has no signatures out there is not believed', { skip, timeout: 120_000 }, async (context) => {
  const { ask, logged, folder, heard } = await world(context, dataCentre)
  for (const family of [4, 6] as const) {
    assert.equal(ask(family, 'core-a.ber-office.harborpine.example A'), 'NOERROR | A 10.32.31.11')
    assert.equal(ask(family, 'core-a.ber-office.harborpine.example AAAA +tcp'), 'NOERROR | AAAA 2001:db8:20:1f00::11')
    assert.equal(ask(family, 'Orders.Harborpine.Example A'), 'NOERROR | A 10.1.200.7 | A 10.2.200.7')
    assert.equal(ask(family, '-x 10.1.9.1'), 'NOERROR | PTR orders-1.bos1.harborpine.example.')
    assert.equal(ask(family, '-x 2001:db8:1:900::1'), 'NOERROR | PTR orders-1.bos1.harborpine.example.')
    assert.equal(ask(family, 'nobody.harborpine.example A'), 'NXDOMAIN')
    assert.equal(ask(family, 'bos1.harborpine.example A'), 'NOERROR', 'there are names below it')
    assert.equal(ask(family, 'sensor.ber-office.harborpine.example A'), 'NOERROR', 'it has another address')
    assert.equal(ask(family, '-x 10.1.200.7'), 'NXDOMAIN', 'a service at several sites has no reverse name')
    assert.equal(ask(family, '-x 2001:db8::1'), 'NXDOMAIN')
    assert.equal(ask(family, 'version.bind CH TXT'), 'REFUSED')
    const stranger = STRANGERS[family === 4 ? 0 : 1]!
    for (const name of ['core-a.ber-office.harborpine.example', 'public.test1']) assert.equal(ask(family, name, stranger), 'REFUSED')
  }
  assert(!heard().some(([, name]) => /harborpine|arpa/.test(name ?? '')), 'nobody out there hears of it')
  assert.equal(ask(4, 'public.test1 A'), 'SERVFAIL')
  await logged('validation failure <public.test1. A IN>')
  assert.match(must('unbound-control', '-c', join(folder, 'unbound.conf'), 'status'), /is running/)
})

test('others are asked from the addresses of the service, and lead nowhere inside', { skip, timeout: 120_000 }, async (context) => {
  const { ask, heard } = await world(context, dataCentre, (text) => text.replace(/.*auto-trust-anchor-file.*\n/, ''))
  assert.equal(ask(4, 'public.test1 A'), 'NOERROR | A 203.0.113.9')
  assert.equal(ask(6, 'public.test1 A'), 'NOERROR | A 203.0.113.9')
  assert.equal(ask(4, 'rebinding.test1 A'), 'NOERROR')
  assert.equal(ask(4, 'rebinding.test1 AAAA'), 'NOERROR')
  assert.equal(ask(4, 'mapped.test1 AAAA'), 'NOERROR')
  assert(heard().some(([, name]) => name === 'rebinding.test1.'))
  for (const [address] of heard()) assert(dataCentre.resolver!.addresses.includes(address!), address)
})

test('prefixes that end within a label have their reverse zones, in place of those that are built in', { skip, timeout: 120_000 }, async (context) => {
  const { ask } = await world(context, oddPrefixes)
  const own = oddPrefixes.resolver!.addresses[1]!
  for (const address of ['172.23.0.7', '192.0.2.65', '2001:db8:1200::7']) assert.equal(ask(4, `-x ${address}`, own), 'NOERROR | PTR gate.yard.example.')
  for (const address of ['172.22.9.9', '2001:db8:1300::7']) assert.equal(ask(4, `-x ${address}`, own), 'NXDOMAIN')
  const minimum = (zone: string) => ask(4, `${zone} SOA`, own).split(' ').at(-1)
  for (const zone of ['21.172.in-addr.arpa', '66.2.0.192.in-addr.arpa', '3.1.8.b.d.0.1.0.0.2.ip6.arpa']) assert.equal(minimum(zone), '60', zone)
  assert.equal(minimum('24.172.in-addr.arpa'), '10800', 'private addresses of others: built in')
})
