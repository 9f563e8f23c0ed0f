/** The printed file in the real snmpd, as Debian's unit starts it, asked from a namespace away: who gets an answer, to what, and who does not. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { SECRETS_FOLDER } from '#design/device.ts'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { snmpd } from './index.ts'

const skip = process.getuid?.() === 0 ? false : 'network namespaces need root'

const PACKAGE: Readonly<Record<string, string>> = { snmpd: 'snmpd', snmpget: 'snmp', snmpset: 'snmp', ip: 'iproute2', ss: 'iproute2' }

function must(command: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  assert.equal(error, undefined, `${command} is missing: apt-get install ${PACKAGE[command]}`)
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${stderr}`)
  return stdout
}

const LOCATION = '.1.3.6.1.2.1.1.6.0'
const BAD_COMMUNITIES = '.1.3.6.1.2.1.11.4.0'
const SYSTEM_UPTIME = '.1.3.6.1.2.1.25.1.1.0'
const FIRST_PROCESS = '.1.3.6.1.2.1.25.4.2.1.2.1'
const FIRST_PORT_STATUS = '.1.3.6.1.2.1.2.2.1.7.1'
const USER_STATUS = '.1.3.6.1.6.3.15.1.5.0'

const secret = (authentication: string) => `createUser watcher SHA-256 "${authentication}" AES "the privacy phrase"\ngroup monitors usm watcher\n`

test('the group reads, encrypted, from both families; nobody else gets anything', { skip, timeout: 120_000 }, async (context) => {
  must('snmpd', '-v')
  must('snmpget', '-V')
  const [own, far] = ['own', 'far'].map((role) => `nwsnmpd-${process.pid}-${role}`) as [string, string]
  const folder = mkdtempSync(join(tmpdir(), 'netwright-snmpd-'))
  let daemon: ChildProcess | undefined
  const stop = async () => {
    daemon?.kill()
    if (daemon) await once(daemon, 'exit')
    daemon = undefined
  }
  context.after(async () => {
    await stop()
    for (const namespace of [own, far]) spawnSync('ip', ['netns', 'delete', namespace])
    rmSync(folder, { recursive: true })
  })

  for (const namespace of [own, far]) must('ip', 'netns', 'add', namespace)
  // This kernel may lack VRF devices: a link of the VRF's name stands for it.
  must('ip', 'link', 'add', 'management', 'netns', own, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', far)
  for (const [namespace, link, host] of [
    [own, 'management', '41'],
    [far, 'eth0', '1'],
  ] as const) {
    must('ip', '-n', namespace, 'address', 'add', `10.1.254.${host}/24`, 'dev', link)
    must('ip', '-n', namespace, 'address', 'add', `2001:db8:1:fe00::${host}/64`, 'dev', link, 'nodad')
    must('ip', '-n', namespace, 'link', 'set', link, 'up')
  }

  // As on a device: the secret is root's alone, what the agent keeps is its own.
  chmodSync(folder, 0o711)
  for (const name of ['secrets', 'kept']) mkdirSync(join(folder, name), { mode: 0o700 })
  must('chown', 'Debian-snmp', join(folder, 'kept'))
  writeFileSync(join(folder, 'snmpd.conf'), textOf(snmpd.print(snmpd.lower(cases.firewall!)!)[0]!).replaceAll(SECRETS_FOLDER, join(folder, 'secrets')))
  const env = { PATH: process.env.PATH, HOME: folder, MIBS: '', SNMPCONFPATH: folder, SNMP_PERSISTENT_DIR: join(folder, 'kept') }
  const start = async (authentication: string) => {
    writeFileSync(join(folder, 'secrets/snmp'), secret(authentication), { mode: 0o600 })
    const args = ['netns', 'exec', own, 'snmpd', '-f', '-Lo', '-u', 'Debian-snmp', '-g', 'Debian-snmp', '-I', '-smux,mteTrigger,mteTriggerConf']
    const child = spawn('ip', args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
    daemon = child
    let said = ''
    child.stdout.on('data', (data: Buffer) => (said += data.toString()))
    // The sockets are open when it says its version, and it says of a line that it does not understand before that.
    while (!said.includes('NET-SNMP version')) {
      await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
      assert.equal(child.exitCode, null, said)
    }
    assert.doesNotMatch(said, /line \d+/)
  }

  // Where the programs that ask keep what they remember; they say so when they have to make it.
  mkdirSync(join(folder, 'asker/cert_indexes'), { recursive: true })
  const asker = { ...env, SNMPCONFPATH: '/nonexistent', SNMP_PERSISTENT_DIR: join(folder, 'asker') }
  const ask = (who: readonly string[], oid: string, address = '10.1.254.41', command: readonly string[] = ['snmpget'], value: readonly string[] = []) => {
    const { stdout, stderr } = spawnSync('ip', ['netns', 'exec', far, ...command, '-t', '10', '-Oqv', ...who, address, oid, ...value], {
      encoding: 'utf8',
      env: asker,
    })
    return `${stdout}${stderr}`.trim()
  }
  const user = (name: string, authentication: string) => [
    '-v3',
    '-u',
    name,
    '-l',
    'authPriv',
    '-a',
    'SHA-256',
    '-A',
    authentication,
    '-x',
    'AES',
    '-X',
    'the privacy phrase',
  ]
  const watcher = user('watcher', 'the first phrase')

  await start('the first phrase')
  assert.deepEqual(
    must('ip', 'netns', 'exec', own, 'ss', '-Hlun')
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/)[3]),
    ['10.1.254.41%management:161', '[2001:db8:1:fe00::41]%management:161'],
  )
  assert.equal(ask(watcher, LOCATION), '"bos1, rack r01, unit 40"')
  assert.equal(ask(watcher, LOCATION, 'udp6:[2001:db8:1:fe00::41]'), '"bos1, rack r01, unit 40"')
  assert.match(ask(watcher, SYSTEM_UPTIME), /^\d+:\d+:\d+:\d+/)
  for (const hidden of [FIRST_PROCESS, USER_STATUS]) assert.match(ask(watcher, hidden), /No Such/)

  assert.match(ask(watcher, FIRST_PORT_STATUS, '10.1.254.41', ['snmpset'], ['i', '2']), /noAccess/)
  assert.match(ask(['-v3', '-u', 'watcher', '-l', 'authNoPriv', '-a', 'SHA-256', '-A', 'the first phrase'], LOCATION), /authorizationError/)
  assert.match(ask(['-v3', '-u', 'watcher', '-l', 'noAuthNoPriv'], LOCATION), /authorizationError/)
  assert.match(ask(user('stranger', 'the first phrase'), LOCATION), /Unknown user name/)
  assert.match(ask(user('watcher', 'a wrong phrase'), LOCATION), /Authentication failure/)

  // By its own count snmpd has turned the request away; then there is no more to wait for.
  const older = spawn('ip', ['netns', 'exec', far, 'snmpget', '-t', '60', '-v2c', '-c', 'public', '10.1.254.41', LOCATION], {
    env: asker,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  context.after(() => older.kill())
  let answer = ''
  for (const stream of [older.stdout, older.stderr]) stream.on('data', (data: Buffer) => (answer += data.toString()))
  while (ask(watcher, BAD_COMMUNITIES) !== '1') assert.equal(older.exitCode, null)
  assert.equal(answer, '')

  await stop()
  await start('the second phrase')
  assert.match(ask(watcher, LOCATION), /Authentication failure/)
  assert.equal(ask(user('watcher', 'the second phrase'), LOCATION), '"bos1, rack r01, unit 40"')
})

test('a line that snmpd does not know is complained of before it starts, so that its silence means something', { skip, timeout: 120_000 }, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'netwright-snmpd-'))
  context.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'snmpd.conf'), 'sysPlace bos1\nagentaddress unix:/dev/null/none\n')
  const env = { PATH: process.env.PATH, HOME: folder, MIBS: '', SNMPCONFPATH: folder, SNMP_PERSISTENT_DIR: folder }
  const { stdout, stderr } = spawnSync('snmpd', ['-f', '-Lo'], { encoding: 'utf8', env })
  assert.match(`${stdout}${stderr}`, /line 1: Warning: Unknown token: sysPlace/)
})
