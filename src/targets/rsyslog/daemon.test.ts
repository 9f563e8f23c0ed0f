/**
 * The printed file in the real rsyslogd, with a log server that is a namespace away. It sees a `/dev` and a kernel log of its own (a mount namespace), so that the log of this machine
 * is neither taken nor written, and a process namespace, so that all of it ends together.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { rsyslog } from './index.ts'

const skip = process.getuid?.() === 0 ? false : 'network and mount namespaces need root'

function textFor(device = cases.firewall!): string {
  return textOf(rsyslog.print(rsyslog.lower(device)!)[0]!)
}

function run(command: string, ...args: string[]) {
  const done = spawnSync(command, args, { encoding: 'utf8' })
  assert.equal(done.error, undefined, `${command} is missing: apt-get install ${command === 'rsyslogd' ? 'rsyslog' : 'iproute2'}`)
  return done
}

function must(command: string, ...args: string[]): void {
  const { status, stderr } = run(command, ...args)
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${stderr}`)
}

type Undo = (step: () => unknown) => void

/** Steps that are taken when the test ends, the last one first. */
function undoing(context: TestContext): Undo {
  const steps: (() => unknown)[] = []
  context.after(async () => {
    for (const step of steps.reverse()) await step()
  })
  return (step) => steps.push(step)
}

function temporaryFolder(undo: Undo): string {
  const folder = mkdtempSync(join(tmpdir(), 'netwright-rsyslog-'))
  undo(() => rmSync(folder, { recursive: true }))
  return folder
}

test("rsyslog's own checker takes every file, and refuses a parameter that it does not know", (context) => {
  const path = join(temporaryFolder(undoing(context)), 'rsyslog.conf')
  for (const device of Object.values(cases)) {
    writeFileSync(path, textFor(device))
    must('rsyslogd', '-N1', '-f', path)
  }
  writeFileSync(path, textFor().replace('queue.maxDiskSpace', 'queue.mostDiskSpace'))
  assert.notEqual(run('rsyslogd', '-N1', '-f', path).status, 0)
})

/** Says what it is sent, frame by frame. */
const SERVER = `
require('node:net').createServer((socket) => {
  let held = ''
  socket.setEncoding('utf8').on('data', (data) => {
    held += data
    for (let frame; (frame = /^(\\d+) /.exec(held)) && held.length >= frame[0].length + Number(frame[1]); ) {
      const end = frame[0].length + Number(frame[1])
      process.stdout.write(JSON.stringify(held.slice(frame[0].length, end)) + '\\n')
      held = held.slice(end)
    }
  })
}).listen(514, '10.1.250.21', () => process.stdout.write('"ready"\\n'))
`

/** Runs rsyslogd. Its input is what the kernel says; in lines that begin with a colon what a program says; `flood N` is N lines of another. */
const DAEMON = `
set -e
mount --make-rprivate /
mount -t tmpfs none "$1/dev"
for node in null:3 zero:5 random:8 urandom:9; do mknod -m 666 "$1/dev/\${node%:*}" c 1 "\${node#*:}"; done
mkfifo "$1/dev/kernel"
mount --move "$1/dev" /dev
mount --bind /dev/kernel /proc/kmsg
exec 3<>/dev/kernel
rsyslogd -n -f "$1/rsyslog.conf" -i "$1/pid" &
while IFS= read -r line; do
  case "$line" in
    :*) logger -t program -- "\${line#:}" ;;
    flood*) seq "\${line#flood }" | logger -t flood ;;
    *) printf '%s\\n' "$line" >&3 ;;
  esac
  echo done
done
`

/** A device and a log server, each a namespace, with a link of the VRF's name between them: this kernel may lack VRF devices. */
function connected(undo: Undo): { device: string; server: string } {
  const [device, server] = ['device', 'server'].map((role) => `nwrsyslog-${process.pid}-${role}`) as [string, string]
  for (const namespace of [device, server]) {
    must('ip', 'netns', 'add', namespace)
    undo(() => must('ip', 'netns', 'delete', namespace))
  }
  must('ip', 'link', 'add', 'management', 'netns', device, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', server)
  for (const [namespace, link, address] of [
    [device, 'management', '10.1.250.41/24'],
    [server, 'eth0', '10.1.250.21/24'],
  ] as const) {
    must('ip', '-n', namespace, 'address', 'add', address, 'dev', link)
    must('ip', '-n', namespace, 'link', 'set', link, 'up')
  }
  return { device, server }
}

/** A process in a namespace, with its lines as they come. */
function within(undo: Undo, namespace: string, ...command: string[]): { process: ChildProcess; next: () => Promise<string> } {
  const child = spawn('ip', ['netns', 'exec', namespace, ...command], { stdio: ['pipe', 'pipe', 'ignore'] })
  undo(async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  const lines: string[] = []
  let held = ''
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    const parts = (held + data).split('\n')
    held = parts.pop()!
    lines.push(...parts)
    child.emit('line')
  })
  const next = async () => {
    while (lines.length === 0) await once(child, 'line')
    return lines.shift()!
  }
  return { process: child, next }
}

function daemonIn(undo: Undo, namespace: string, folder: string, text: string) {
  mkdirSync(join(folder, 'dev'))
  mkdirSync(join(folder, 'spool'))
  writeFileSync(join(folder, 'rsyslog.conf'), text.replace('/var/spool/rsyslog', join(folder, 'spool')))
  const { process, next } = within(undo, namespace, 'unshare', '--mount', '--pid', '--kill-child', 'sh', '-c', DAEMON, 'sh', folder)
  const say = async (line: string) => {
    process.stdin!.write(`${line}\n`)
    assert.equal(await next(), 'done')
  }
  return { process, say }
}

test('what the kernel and programs say arrives, whole, under the whole name, and no more than the limit of one program', {
  skip,
  timeout: 120_000,
}, async (context) => {
  const undo = undoing(context)
  const { device, server } = connected(undo)
  const folder = temporaryFolder(undo)
  const log = within(undo, server, process.execPath, '-e', SERVER)
  assert.equal(await log.next(), '"ready"')
  const daemon = daemonIn(undo, device, folder, textFor())
  const arrived = async (wanted: RegExp) => {
    for (let seen = 1; ; seen++) {
      const message = JSON.parse(await log.next()) as string
      if (wanted.test(message)) return { message, seen }
    }
  }
  // Kept by the pipe until rsyslogd reads it; then the socket of programs is there too.
  await daemon.say('<4>netwright input drop: IN=eth0 SRC=192.0.2.1')
  const { message } = await arrived(/netwright/)
  assert.match(
    message,
    /^<4>1 \d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d fw-a\.bos1\.harborpine\.example kernel - - -\s+netwright input drop: IN=eth0 SRC=192\.0\.2\.1\s*$/,
  )
  await daemon.say(':session of 10.0.0.1 is down')
  assert.match((await arrived(/session/)).message, /fw-a\.bos1\.harborpine\.example program - - -\s+session of 10\.0\.0\.1 is down\s*$/)
  await daemon.say('flood 3000')
  await daemon.say(':after the flood')
  const { seen } = await arrived(/after the flood/)
  assert(seen > 900 && seen < 1100, String(seen))
})

test('a log server that is away costs the disk that was allowed, and holds nobody up', { skip, timeout: 120_000 }, async (context) => {
  const undo = undoing(context)
  const { device } = connected(undo)
  const folder = temporaryFolder(undo)
  // No server listens at the one address, and no route leads to the other. The limit of one program would hide what the queues do; small queues are soon full.
  const text = textFor()
    .replace(/ SysSock\S+"/g, '')
    .replaceAll('="128m"', '="2m"')
  const { say } = daemonIn(undo, device, folder, `${text}main_queue(queue.size="1000")\n`)
  await say('<6>first')
  // Were full queues waited for, at 2 s a message, this would not end (measured).
  await say('flood 30000')
  const spool = join(folder, 'spool')
  const used = () =>
    ['10.1.250.21', '10.2.250.21'].map((server) =>
      readdirSync(spool)
        .filter((name) => name.startsWith(server))
        .reduce((sum, name) => sum + statSync(join(spool, name)).size, 0),
    )
  // rsyslogd takes its time to notice that nobody is there.
  while (!used().every((bytes) => bytes > 0)) await say('<6>again')
  assert(
    used().every((bytes) => bytes < 2.2e6),
    `${used()} bytes`,
  )
})
