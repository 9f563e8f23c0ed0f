/** The printed file in the real chronyd: it takes every line, asks from where it is told, and listens nowhere. The clock of this machine is left alone (`-x`). */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { chrony } from './index.ts'

const skip = process.getuid?.() === 0 ? false : 'network namespaces need root'

function textFor(device = cases.firewall!): string {
  return textOf(chrony.print(chrony.lower(device)!)[0]!)
}

function run(command: string, ...args: string[]) {
  const done = spawnSync(command, args, { encoding: 'utf8' })
  assert.equal(done.error, undefined, `${command} is missing: apt-get install ${command === 'chronyd' ? 'chrony' : 'iproute2'}`)
  return done
}

function must(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = run(command, ...args)
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${stderr}`)
  return stdout
}

function inFolder<T>(body: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'netwright-chrony-'))
  try {
    return body(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test("chrony's own reader takes every line, and refuses one that it does not know", () => {
  inFolder((folder) => {
    const path = join(folder, 'chrony.conf')
    for (const device of Object.values(cases)) {
      writeFileSync(path, textFor(device))
      must('chronyd', '-p', '-f', path)
    }
    writeFileSync(path, textFor().replace('leapsecmode slew', 'leapsecmode sometimes'))
    assert.notEqual(run('chronyd', '-p', '-f', path).status, 0)
  })
})

/** Says from where requests come. It answers none, so that chronyd keeps its socket. */
const CLOCK = `
const socket = require('node:dgram').createSocket('udp4')
socket.on('message', (_, from) => process.stdout.write(from.address))
socket.bind(123, '10.1.250.11', () => process.stdout.write('ready'))
`

test('requests come from the management address, bound to the device of the VRF, and no port is open', { skip, timeout: 120_000 }, async (context) => {
  const [own, far] = ['own', 'far'].map((role) => `nwchrony-${process.pid}-${role}`) as [string, string]
  const folder = mkdtempSync(join(tmpdir(), 'netwright-chrony-'))
  context.after(() => {
    for (const namespace of [own, far]) run('ip', 'netns', 'delete', namespace)
    rmSync(folder, { recursive: true })
  })
  for (const namespace of [own, far]) must('ip', 'netns', 'add', namespace)
  // This kernel may lack VRF devices: a link of the VRF's name stands for it, with a further address that must not be the one that is used.
  must('ip', 'link', 'add', 'management', 'netns', own, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', far)
  const on = (namespace: string, ...args: string[]) => must('ip', '-n', namespace, ...args)
  on(own, 'address', 'add', '10.1.250.200/24', 'dev', 'management')
  on(own, 'address', 'add', '10.1.254.41/32', 'dev', 'management')
  on(far, 'address', 'add', '10.1.250.11/24', 'dev', 'eth0')
  on(own, 'link', 'set', 'management', 'up')
  on(own, 'link', 'set', 'lo', 'up')
  on(far, 'link', 'set', 'eth0', 'up')
  on(far, 'route', 'add', '10.1.254.41/32', 'dev', 'eth0')

  const clock = spawn('ip', ['netns', 'exec', far, process.execPath, '-e', CLOCK], { stdio: ['ignore', 'pipe', 'inherit'] })
  context.after(() => clock.kill())
  await once(clock.stdout, 'data')

  const path = join(folder, 'chrony.conf')
  const here = [`pidfile ${folder}/pid`, `bindcmdaddress ${folder}/run/socket`, 'user root'].join('\n')
  writeFileSync(path, `${textFor().replace('/var/lib/chrony', folder)}${here}\n`)
  const daemon = spawn('ip', ['netns', 'exec', own, 'chronyd', '-x', '-d', '-f', path], { stdio: ['ignore', 'inherit', 'pipe'] })
  context.after(() => daemon.kill())
  const [asked] = (await once(clock.stdout, 'data')) as [Buffer]
  assert(asked.toString().startsWith('10.1.254.41'), asked.toString())
  // Connected sockets are those of requests; one that listens to anyone is unconnected.
  assert.equal(must('ip', 'netns', 'exec', own, 'ss', '-Hlun'), '')
  assert.match(must('ip', 'netns', 'exec', own, 'ss', '-Hun'), /10\.1\.254\.41%management/)
})
