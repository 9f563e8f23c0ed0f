/**
 * The printed announcer, run by a real shell against a socket that plays HAProxy: each look gets its answer from a list, and notes what is on the loopback when it comes. All
 * in network and process namespaces of its own, so that nothing stays behind. The unit's one capability is all that the script has.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { SOCKET } from './constants.ts'
import { haproxy } from './index.ts'

const UP = '# pxname,...\nintranet-http,intranet-1:8080,,,,,,,,,,,,,,,,UP,,,,,,,,,,,,,,,,,,,L7OK,\n'
const ONE_OF_TWO =
  UP.replace('UP', 'DOWN') +
  UP.replace(/^#.*\n/, '')
    .replace('UP', 'UP 1/3')
    .replace('L7OK', '* L7TOUT')
const DOWN = UP.replace('UP', 'DOWN').replace('L7OK', 'L4CON')
const UNCHECKED = UP.replace('L7OK', 'INI')
const DRAINED = UP.replace('UP', 'DRAIN')
const OTHER = UP.replace('intranet-http', 'intranet-http2')
/** The connection ends without an answer; it stays open without one. */
const NOTHING = ''
const SILENCE = undefined

const ADDRESSES = ['198.51.100.20/32', '2001:db8:1:f000::14/128']

function ip(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('ip', args, { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  return stdout
}

/** Addresses on the loopback; those of the machine itself have no mark. */
const marked = (): string[] => [...ip('-o', 'address', 'show', 'dev', 'lo', 'deprecated').matchAll(/inet6? (\S+)/g)].map(([, address]) => address!).sort()

const script = textOf(haproxy.print(haproxy.lower(cases.single!)!).find(({ path }) => path === 'announce.sh')!)

/** A folder with the script, looking ten times a second, and a socket that gives the answers in turn and the last for ever. `looks` holds what was on the loopback at each. */
async function withAnswers(answers: readonly (string | undefined)[], use: (world: World) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'netwright-announce-'))
  const [path, socket] = [join(folder, 'announce.sh'), join(folder, 'socket')]
  const looks: string[][] = []
  const server = createServer((connection) => {
    connection.on('error', () => {})
    const answer = answers[Math.min(looks.push(marked()) - 1, answers.length - 1)]
    if (answer !== SILENCE) connection.on('data', () => connection.end(answer))
  })
  await once(server.listen(socket), 'listening')
  const running: ChildProcess[] = []
  const write = (change: (script: string) => string) => writeFileSync(path, change(script).replaceAll(SOCKET, socket).replace('sleep 1', 'sleep 0.1'))
  const start = (...args: string[]) => {
    const child = spawn('setpriv', ['--bounding-set=-all,+net_admin', '--inh-caps=-all', '/bin/sh', path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    running.push(child)
    return child
  }
  write((script) => script)
  try {
    await use({ write, start, looks })
  } finally {
    for (const child of running) child.kill('SIGKILL')
    server.close()
    rmSync(folder, { recursive: true })
    ip('address', 'flush', 'dev', 'lo', 'deprecated')
  }
}

interface World {
  readonly write: (change: (script: string) => string) => void
  readonly start: (...args: string[]) => ChildProcess
  readonly looks: string[][]
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = performance.now() + 20_000; !condition(); ) {
    assert(performance.now() < end, `not in 20 s: ${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** `y` for each look at which the addresses were there, `n` for each at which they were not, once there were so many looks as answers and one more. */
async function seen(answers: readonly (string | undefined)[]): Promise<string> {
  let text = ''
  await withAnswers(answers, async ({ start, looks }) => {
    start()
    await until(() => looks.length > answers.length)
    text = looks
      .slice(0, answers.length + 1)
      .map((addresses) => (addresses.length === 0 ? 'n' : addresses.join() === ADDRESSES.join() ? 'y' : `[${addresses}]`))
      .join('')
  })
  return text
}

if (process.env.NETWRIGHT_NAMESPACE === undefined) {
  const skip = process.getuid?.() === 0 ? false : 'network namespaces take root'
  test('the announcer, in a namespace', { skip, timeout: 120_000 }, () => {
    const missing = ['socat', 'ip', 'awk', 'timeout'].filter((program) => spawnSync('which', [program]).status !== 0)
    assert.deepEqual(missing, [], 'apt-get install socat iproute2 mawk coreutils')
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const args = ['--net', '--pid', '--fork', '--kill-child', process.execPath, '--test-reporter=spec', import.meta.filename]
    const { status, stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8', env: { ...env, NETWRIGHT_NAMESPACE: 'yes' } })
    assert.equal(status, 0, `${stdout}${stderr}`)
  })
} else {
  ip('link', 'set', 'dev', 'lo', 'up')

  test('two looks must agree for an address to come, and for it to go', async () => {
    assert.equal(await seen([UP, UP]), 'nny')
    assert.equal(await seen([UP, DOWN, UP, NOTHING, UP, UP, DOWN, UP, NOTHING, UP, DOWN, DOWN]), 'nnnnnnyyyyyyn')
    assert.equal(await seen([UP, UP, NOTHING, NOTHING, UP, UP]), 'nnyynny')
  })

  test('a HAProxy that hangs has no server', async () => assert.equal(await seen([UP, UP, SILENCE, UP, SILENCE, SILENCE]), 'nnyyyyn'))

  test('a server takes connections when it is up, has been looked at and is not drained', async () => {
    assert.equal(await seen([ONE_OF_TWO, ONE_OF_TWO]), 'nny')
    for (const answer of [DOWN, UNCHECKED, DRAINED, OTHER]) assert.equal(await seen([answer, answer, answer]), 'nnnn', answer)
  })

  test('nobody sends from such an address, and other addresses are left alone', () =>
    withAnswers([UP], async ({ start, looks }) => {
      ip('link', 'add', 'out', 'type', 'veth', 'peer', 'name', 'other')
      for (const link of ['out', 'other']) ip('link', 'set', 'dev', link, 'up')
      start()
      await until(() => looks.length > 3)
      for (const own of ['10.0.0.1/32', '2001:db8:ff::1/128']) ip('address', 'add', own, 'dev', 'lo')
      for (const prefix of ['203.0.113.0/24', '2001:db8:1::/48']) ip('route', 'add', prefix, 'dev', 'out')
      assert.match(ip('route', 'get', '203.0.113.9'), /src 10\.0\.0\.1 /)
      assert.match(ip('route', 'get', '2001:db8:1::9'), /src 2001:db8:ff::1 /)
      const looked = looks.length
      await until(() => looks.length > looked + 2)
      assert.deepEqual(marked(), ADDRESSES)
      for (const own of ['10.0.0.1/32', '2001:db8:ff::1/128']) ip('address', 'delete', own, 'dev', 'lo')
      ip('link', 'delete', 'out')
    }))

  test('an address that someone else took off is put back', () =>
    withAnswers([UP], async ({ start }) => {
      start()
      await until(() => marked().length === 2)
      ip('address', 'delete', ADDRESSES[0]!, 'dev', 'lo')
      await until(() => marked().length === 2)
    }))

  test('when it ends the addresses go, also when it was killed', () =>
    withAnswers([UP], async ({ start }) => {
      const first = start()
      await until(() => marked().length === 2)
      first.kill('SIGTERM')
      assert.deepEqual(await once(first, 'exit'), [0, null])
      assert.deepEqual(marked(), [])
      const second = start()
      await until(() => marked().length === 2)
      second.kill('SIGKILL')
      await once(second, 'exit')
      assert.deepEqual(marked(), ADDRESSES)
      assert.deepEqual(await once(start('withdraw'), 'exit'), [0, null])
      assert.deepEqual(marked(), [])
    }))

  test('a script that was replaced takes over without a gap, and tells what it does', () =>
    withAnswers([UP], async ({ start, write }) => {
      const child = start()
      let said = ''
      child.stdout!.on('data', (text) => {
        said += text
      })
      await until(() => marked().length === 2)
      write((script) => script.replace(/2001:db8:1:f000::14\/128 .*/, '192.0.2.7/32 intranet-http'))
      child.kill('SIGHUP')
      await until(() => marked().join() === '192.0.2.7/32,198.51.100.20/32')
      child.kill('SIGTERM')
      await once(child, 'close')
      assert.deepEqual(said.trim().split('\n'), [
        'announce 198.51.100.20/32: intranet-http has a server that is up',
        'announce 2001:db8:1:f000::14/128: intranet-http has a server that is up',
        'announce 192.0.2.7/32: intranet-http has a server that is up',
        'withdraw 2001:db8:1:f000::14/128: no service has it',
        'withdraw 198.51.100.20/32: nobody watches over it any more',
        'withdraw 192.0.2.7/32: nobody watches over it any more',
      ])
    }))
}
