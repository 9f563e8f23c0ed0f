/**
 * HAProxy and the announcer with the printed files, in network and process namespaces of their own. Servers are in this process, so that a test can end one in the middle of a
 * request. Only the times between looks are shortened, and the paths are in a folder of the test.
 */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { type RequestOptions, request as requestTls } from 'node:https'
import { connect, createServer as createByteServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { SECRETS_FOLDER } from '#design/device.ts'
import type { Balancer } from '#design/for-hosts.ts'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { SOCKET, STATE_FILE } from './constants.ts'
import { haproxy } from './index.ts'

const why = ['fact test']
const RAW = ['raw-1', 'raw-2', 'raw-3', 'raw-4'].map((name, index) => ({ name, address: '127.0.0.1', port: 9001 + index, why }))
const WEB = [
  { name: 'web-1', address: '127.0.0.1', port: 8001, why },
  { name: 'web-2', address: '::1', port: 8002, why },
]

/** A web service by HTTP and HTTPS, and one that is passed on by the byte and sticks. */
const balancer: Balancer = {
  frontends: [
    { name: 'web', v4: '198.51.100.1', v6: '2001:db8::1', port: 80, backend: 'web', protocol: 'http', clientTimeoutSeconds: 60, why },
    {
      name: 'webs',
      v4: '198.51.100.1',
      v6: '2001:db8::1',
      port: 443,
      backend: 'web',
      protocol: 'https',
      certificate: 'web.pem',
      clientTimeoutSeconds: 60,
      why,
    },
    { name: 'raw', v4: '198.51.100.2', v6: '2001:db8::2', port: 25, backend: 'raw', protocol: 'tcp', clientTimeoutSeconds: 60, why },
  ],
  backends: [
    {
      name: 'web',
      mode: 'http',
      algorithm: 'roundrobin',
      health: { kind: 'http', method: 'GET', path: '/up' },
      slowStartSeconds: 0,
      drainSeconds: 30,
      serverTimeoutSeconds: 60,
      servers: WEB,
      why,
    },
    {
      name: 'raw',
      mode: 'tcp',
      algorithm: 'leastconn',
      health: { kind: 'connect' },
      stickSeconds: 60,
      slowStartSeconds: 0,
      drainSeconds: 30,
      serverTimeoutSeconds: 60,
      servers: RAW,
      why,
    },
  ],
  why,
}

const WEB_ADDRESSES = ['198.51.100.1/32', '2001:db8::1/128']
const RAW_ADDRESSES = ['198.51.100.2/32', '2001:db8::2/128']

function must(program: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
  assert.equal(status, 0, `${program} ${args.join(' ')}: ${stderr}${error ?? ''}`)
  return stdout
}

const announced = (): string[] =>
  [...must('ip', '-o', 'address', 'show', 'dev', 'lo', 'deprecated').matchAll(/inet6? (\S+)/g)].map(([, address]) => address!).sort()

async function until(condition: () => unknown): Promise<void> {
  for (const end = performance.now() + 20_000; !(await condition()); ) {
    assert(performance.now() < end, `not in 20 s: ${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** What ends the servers and programs of a test. */
const ends: (() => void)[] = []

/** A server listens; gives what ends it, and every connection with it. */
async function serve(server: Server, port: number): Promise<() => void> {
  const connections = new Set<Socket>()
  server.on('connection', (connection: Socket) => connections.add(connection.on('error', () => {})))
  await once(server.listen(port, port === 8002 ? '::1' : '127.0.0.1'), 'listening')
  const end = () => {
    server.close()
    for (const connection of connections) connection.destroy()
  }
  ends.push(end)
  return end
}

/** HAProxy and the announcer, as they run; see {@link run}. */
interface World {
  /** Writes haproxy.cfg anew, changed. */
  readonly configure: (change: (text: string) => string) => void
  readonly reload: () => Promise<void>
  /** Ends master and worker on the spot. */
  readonly kill: () => Promise<void>
  /** Asks the admin socket. */
  readonly ask: (command: string) => Promise<string>
  /** Status and last check of each server. */
  readonly states: () => Promise<Record<string, string>>
  /** Lines of the announcer. */
  readonly said: () => string[]
}

/** Looks ten times as often. */
const quick = (text: string) => text.replace('inter 2s fastinter 1s', 'inter 200ms fastinter 100ms')

/** Starts HAProxy with the printed files, changed, then the announcer, and ends all of it when `use` is done. */
async function run(use: (world: World) => Promise<void>, change = quick): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nw-haproxy-'))
  const file = (name: string) => join(folder, name)
  const socket = file('admin.sock')
  const printed = new Map(
    haproxy
      .print(haproxy.lower({ ...cases.single!, balancer })!)
      .map((file) => [file.path, textOf(file).replaceAll(SOCKET, socket).replaceAll(STATE_FILE, join(folder, 'state')).replaceAll(SECRETS_FOLDER, folder)]),
  )
  const start = (program: string, ...args: string[]) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] })
    ends.push(() => child.kill('SIGTERM'))
    return child
  }
  const ofUnit = (key: string) => must('sh', '-c', new RegExp(`^${key}=-?/bin/sh -c '(.*)'$`, 'm').exec(printed.get('haproxy.service.conf')!)![1]!)
  const ask = async (command: string) => {
    const connection = connect(socket)
    connection.end(`${command}\n`)
    let text = ''
    for await (const part of connection) text += part
    return text
  }
  const worker = async () => Number(/^Pid: (\d+)/m.exec(await ask('show info'))![1])
  const configure = (change: (text: string) => string) => writeFileSync(file('haproxy.cfg'), change(printed.get('haproxy.cfg')!))
  let said = ''

  try {
    must('openssl', ...'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test -keyout'.split(' '), file('key'), '-out', file('certificate'))
    must('sh', '-c', `cat ${file('certificate')} ${file('key')} > ${file('web.pem')}`)
    configure(change)
    ofUnit('ExecStartPre')
    const master = start('haproxy', '-f', file('haproxy.cfg'))
    await until(() => worker().catch(() => 0))
    writeFileSync(file('announce.sh'), printed.get('announce.sh')!.replace('sleep 1', 'sleep 0.1'))
    const announcer = start('setpriv', '--bounding-set=-all,+net_admin', '--inh-caps=-all', '/bin/sh', file('announce.sh'))
    announcer.stdout!.on('data', (text) => {
      said += text
    })
    await use({
      configure,
      ask,
      states: async () => {
        const rows = (await ask('show stat -1 4 -1')).split('\n').map((line) => line.split(','))
        return Object.fromEntries(
          rows.filter(([name, , ...more]) => !name?.startsWith('#') && more.length > 34).map((row) => [row[1]!, `${row[17]} ${row[36]!.replace('* ', '')}`]),
        )
      },
      reload: async () => {
        const old = await worker()
        ofUnit('ExecReload')
        master.kill('SIGUSR2')
        await until(async () => (await worker().catch(() => old)) !== old)
      },
      kill: async () => {
        const pid = await worker()
        master.kill('SIGKILL')
        process.kill(pid, 'SIGKILL')
      },
      said: () => said.split('\n').filter(Boolean),
    })
    announcer.kill('SIGTERM')
    master.kill('SIGTERM')
    await Promise.all([announcer, master].map((child) => child.exitCode === null && child.signalCode === null && once(child, 'exit')))
  } finally {
    for (const end of ends.splice(0)) end()
    rmSync(folder, { recursive: true })
  }
}

/** A web server that says its name and what it was told of the client; `/slow` begins an answer and waits for `finish`. */
function web(name: string, slow: ServerResponse[] = []): Server {
  return createServer((request, response) => {
    if (request.url !== '/slow') return response.end(JSON.stringify({ name, url: request.url, headers: request.headers }))
    response.write('begun ')
    return slow.push(response)
  })
}

interface Answer {
  readonly status: number | undefined
  readonly body: string
  readonly headers: IncomingMessage['headers']
}

/** Sends a request to the service; `begun` is called with the head of the answer. */
function get(path: string, options: RequestOptions = {}, begun = () => {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const send = options.port === 443 ? requestTls : request
    send({ host: '198.51.100.1', path, agent: false, rejectUnauthorized: false, ...options }, async (answer) => {
      begun()
      let body = ''
      try {
        for await (const part of answer) body += part
        resolve({ status: answer.statusCode, body, headers: answer.headers })
      } catch (error) {
        reject(error)
      }
    })
      .on('error', reject)
      .end()
  })
}

const nameIn = ({ body }: Answer) => (JSON.parse(body) as { name: string }).name

/** The names of who answered so many requests, one after the other. */
async function names(count: number): Promise<string[]> {
  const found: string[] = []
  while (found.length < count) found.push(nameIn(await get('/')))
  return found
}

/** Both web servers, up. */
async function bothServe({ states }: World, slow: ServerResponse[] = []): Promise<(() => void)[]> {
  const ends = [await serve(web('web-1', slow), 8001), await serve(web('web-2', slow), 8002)]
  await until(async () => (await Promise.all(WEB.map(async ({ name, port }) => (await states())[`${name}:${port}`]))).every((state) => state === 'UP L7OK'))
  await until(() => announced().length === 2)
  return ends
}

if (process.env.NETWRIGHT_NAMESPACE === undefined) {
  const skip = process.getuid?.() === 0 ? false : 'network namespaces take root'
  test('HAProxy and its announcer, in a namespace', { skip, timeout: 240_000 }, () => {
    const missing = ['haproxy', 'socat', 'openssl', 'ip', 'awk'].filter((program) => spawnSync('which', [program]).status !== 0)
    assert.deepEqual(missing, [], 'apt-get install haproxy socat openssl iproute2 mawk')
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const args = ['--net', '--pid', '--fork', '--kill-child', process.execPath, '--test-reporter=spec', import.meta.filename]
    const { status, stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8', env: { ...env, NETWRIGHT_NAMESPACE: 'yes' } })
    assert.equal(status, 0, `${stdout}${stderr}`)
  })
} else {
  must('ip', 'link', 'set', 'dev', 'lo', 'up')

  test('an address comes when a server is up, goes when none is, and when HAProxy dies', { timeout: 30_000 }, () =>
    run(async (world) => {
      const { states, kill, said } = world
      await until(async () => Object.values(await states()).every((state) => state.startsWith('DOWN')))
      assert.deepEqual(said(), [])
      const end = await serve(web('web-1'), 8001)
      await until(() => announced().join() === WEB_ADDRESSES.join())
      for (const host of ['198.51.100.1', '2001:db8::1']) assert.equal(nameIn(await get('/', { host })), 'web-1')
      end()
      await until(() => announced().length === 0)
      await serve(createByteServer(), 9002)
      await until(() => announced().join() === RAW_ADDRESSES.join())
      await kill()
      // It says first, and does then.
      await until(() => said().length === 8 && announced().length === 0)
      assert.deepEqual(
        said().map((line) => line.split(':')[0]?.split('/')[0]),
        [
          'announce 198.51.100.1',
          'announce 2001',
          'withdraw 198.51.100.1',
          'withdraw 2001',
          'announce 198.51.100.2',
          'announce 2001',
          'withdraw 198.51.100.2',
          'withdraw 2001',
        ],
      )
    }),
  )

  test('a server that HAProxy says is UP before it has looked is not announced', { timeout: 30_000 }, async () => {
    // They take connections and never answer: the first check fails after 2 s, and until then HAProxy sends requests there.
    for (const port of [8001, 8002]) await serve(createByteServer(), port)
    await run(
      async ({ states, said }) => {
        assert.match((await states())['web-1:8001']!, /^UP.* INI$/)
        await until(async () => Object.values(await states()).every((state) => state.startsWith('DOWN')))
        assert.deepEqual(said(), [])
      },
      (text) => text,
    )
  })

  test('requests are spread, say who asked, and come by HTTP/2 and TLS 1.2 or later', { timeout: 30_000 }, () =>
    run(async (world) => {
      await bothServe(world)
      const count = Map.groupBy(await names(20), (name) => name)
      assert.deepEqual([count.get('web-1')?.length, count.get('web-2')?.length], [10, 10])

      const lies = { 'X-Forwarded-For': '192.0.2.66', 'X-Forwarded-Proto': 'https', Forwarded: 'for=192.0.2.66' }
      const told = async (options: RequestOptions) => {
        const { headers } = JSON.parse((await get('/', { headers: lies, ...options })).body) as { headers: Record<string, string> }
        return [headers['x-forwarded-for'], headers['x-forwarded-proto'], headers.forwarded]
      }
      assert.deepEqual(await told({ localAddress: '127.0.3.4' }), ['127.0.3.4', 'http', undefined])
      assert.deepEqual(await told({ port: 443, host: '2001:db8::1', localAddress: '::1' }), ['::1', 'https', undefined])

      const session = connectHttp2('https://198.51.100.1', { rejectUnauthorized: false })
      const [headers] = (await once(session.request({ ':path': '/' }), 'response')) as [Record<string, unknown>]
      assert.deepEqual([headers[':status'], session.alpnProtocol], [200, 'h2'])
      session.destroy()

      const handshake = async (options: object) => {
        const socket = connectTls({ host: '198.51.100.1', port: 443, rejectUnauthorized: false, ...options })
        await once(socket, 'secureConnect')
        const found = [socket.getProtocol(), socket.getCipher().standardName, socket.getTLSTicket() === undefined]
        socket.destroy()
        return found
      }
      assert.deepEqual(await handshake({ maxVersion: 'TLSv1.2' }), ['TLSv1.2', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', true])
      assert.equal((await handshake({}))[0], 'TLSv1.3')
      await assert.rejects(handshake({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }))
      await assert.rejects(handshake({ maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' }))
    }),
  )

  test('a server that dies fails no request', { timeout: 30_000 }, () =>
    run(async (world) => {
      const [, endSecond] = await bothServe(world)
      const answers: string[] = []
      let dead = false
      const client = async () => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 })
        for (let after = 0; after < 100; ) {
          const { status, body } = await get('/', { agent })
          assert.equal(status, 200, body)
          answers.push(nameIn({ status, body, headers: {} }))
          if (dead) after++
        }
        agent.destroy()
      }
      const clients = Array.from({ length: 16 }, client)
      await until(() => answers.length > 200)
      endSecond!()
      dead = true
      await Promise.all(clients)
      assert(answers.includes('web-2'))
      assert.deepEqual([...new Set(answers.slice(-100))], ['web-1'])
      await until(async () => (await world.states())['web-2:8002']?.startsWith('DOWN'))
      assert.deepEqual(announced(), WEB_ADDRESSES)
    }),
  )

  test('a drained server keeps what it has and gets nothing new; in maintenance, or down, it loses it', { timeout: 30_000 }, () =>
    run(async (world) => {
      const slow: ServerResponse[] = []
      const [, endSecond] = await bothServe(world, slow)
      const begin = async () => {
        const before = slow.length
        let answer: Promise<Answer> | undefined
        await new Promise<void>((begun) => {
          answer = get('/slow', {}, begun)
          answer.catch(() => {})
        })
        assert.equal(slow.length, before + 1)
        return { answer: answer! }
      }
      // One at each server, whichever comes first.
      const begun = [await begin(), await begin()]
      await world.ask('set server web/web-1:8001 state drain')
      assert.deepEqual([...new Set(await names(6))], ['web-2'])
      for (const response of slow.splice(0)) response.end('done')
      for (const { answer } of begun) assert.equal((await answer).body, 'begun done')

      await world.ask('set server web/web-1:8001 state ready')
      const cut = [await begin(), await begin()].map(({ answer }) => answer)
      await world.ask('set server web/web-1:8001 state maint')
      await assert.rejects(Promise.race(cut))
      endSecond!()
      for (const result of await Promise.allSettled(cut)) assert.equal(result.status, 'rejected')
    }),
  )

  test('a reload takes over the state of servers, idle connections and addresses', { timeout: 30_000 }, () =>
    run(async (world) => {
      await bothServe(world)
      await serve(createByteServer(), 9001)
      await until(async () => (await world.states())['raw-1:9001'] === 'UP L4OK')
      await world.ask('set server web/web-1:8001 state drain')
      const before = await world.states()
      assert.deepEqual([before['web-1:8001'], before['raw-2:9002']?.slice(0, 4)], ['DRAIN L7OK', 'DOWN'])
      await until(() => world.said().length === 4)
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      assert.equal(nameIn(await get('/', { agent })), 'web-2')
      await world.reload()
      const { headers } = await get('/', { agent })
      assert.equal(headers.connection, 'close')
      const after = await world.states()
      for (const [name, state] of Object.entries(before)) assert.equal(after[name]?.split(' ')[0], state.split(' ')[0], name)
      assert.deepEqual([...new Set(await names(4))], ['web-2'])
      assert.equal(world.said().length, 4)
    }),
  )

  test('a server that has another port after a reload is asked there', { timeout: 30_000 }, () =>
    run(async (world) => {
      await bothServe(world)
      await serve(web('moved'), 8003)
      world.configure((text) => quick(text).replace('web-1:8001 127.0.0.1:8001', 'web-1:8003 127.0.0.1:8003'))
      await world.reload()
      await until(async () => (await world.states())['web-1:8003'] === 'UP L7OK')
      assert.deepEqual([...new Set(await names(6))].sort(), ['moved', 'web-2'])
    }),
  )

  test('two balancers send a client to the same server, and one server less moves only its clients', { timeout: 30_000 }, async () => {
    const clients = Array.from({ length: 64 }, (_, index) => `127.0.${index + 1}.${index * 3 + 1}`)
    let found: string[] = []
    const servers = async (without = '') => {
      await run(
        async ({ states }) => {
          for (const { name, port } of RAW)
            if (name !== without)
              await serve(
                createByteServer((socket) => socket.end(name)),
                port,
              )
          await until(async () => Object.entries(await states()).every(([name, state]) => !name.startsWith('raw') || state === 'UP L4OK'))
          await until(() => announced().join() === RAW_ADDRESSES.join())
          found = await Promise.all(clients.map(serverOf))
        },
        (text) => quick(text).replace(new RegExp(` +server ${without}:.*\\n`), ''),
      )
      return found
    }
    const first = await servers()
    assert.deepEqual([...new Set(first)].sort(), ['raw-1', 'raw-2', 'raw-3', 'raw-4'])
    assert.deepEqual(await servers(), first)
    const moved = await servers('raw-2')
    assert.deepEqual([...new Set(moved)].sort(), ['raw-1', 'raw-3', 'raw-4'])
    for (const [index, server] of first.entries()) if (server !== 'raw-2') assert.equal(moved[index], server)
  })
}

/** The server that a client gets, by the client's address. */
async function serverOf(localAddress: string): Promise<string> {
  const socket = connect({ host: '198.51.100.2', port: 25, localAddress })
  let text = ''
  for await (const part of socket) text += part
  return text
}
