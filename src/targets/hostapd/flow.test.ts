/**
 * The printed files at work: a switch whose ports are locked ports of a bridge, as linux prints them, servers behind it (another hostapd, as a RADIUS server), and wpa_supplicant at the other
 * end of its cables. Each is a network namespace of its own, and the switch has its own /etc and /run, so that secrets and sockets are where the files say.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { type Device, secretPath } from '#design/device.ts'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { hostapd } from './index.ts'

/** Packages of the programs, for whoever lacks them. */
const PACKAGES: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  bridge: 'iproute2',
  hostapd: 'hostapd',
  wpa_supplicant: 'wpasupplicant',
  ping: 'iputils-ping',
}
/** Milliseconds between two looks, and after which nothing more is expected. */
const [LOOK, PATIENCE] = [100, 30_000]
const SECRET = 'not "easy" #1'

function run(command: string, args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(command, args, { encoding: 'utf8' })
}

function must(command: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = run(command, args)
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${stdout}${stderr}${error ?? ''}`)
  return stdout
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE
  while (!holds()) {
    assert(performance.now() < end, `${what}: not within ${PATIENCE} ms; said ${said}`)
    await setTimeout(LOOK)
  }
}

/** Why nothing can be tried here; false when it can. */
function unable(): string | false {
  if (process.getuid?.() !== 0) return 'network namespaces take root'
  const locked =
    'ip link add name b type bridge && ip link add name p type veth peer name q && ip link set dev p master b && ip link set dev p type bridge_slave locked on learning off'
  return run('unshare', ['--net', '--mount', 'sh', '-c', locked]).status === 0 ? false : 'this kernel has no bridge with locked ports'
}

const skip = unable()
const scratch = mkdtempSync(join(tmpdir(), 'netwright-hostapd-'))
const name = (machine: string) => `nw-ap-${process.pid}-${machine}`
const MACHINES = ['switch', 'servers', 'desk1', 'desk2', 'inside', 'hub', 'telephone', 'computer']

/** Runs a command on the switch, in the folder of its files. */
const ENTER = 'mount --bind "$0/etc" /etc && mount --bind "$0/run" /run && cd "$0/files" && exec "$@"'
function onSwitch(...command: string[]): SpawnSyncReturns<string> {
  return run('ip', ['netns', 'exec', name('switch'), 'sh', '-c', ENTER, scratch, ...command])
}

function put(path: string, text: string): string {
  mkdirSync(dirname(join(scratch, path)), { recursive: true })
  writeFileSync(join(scratch, path), text)
  return join(scratch, path)
}

let running: ChildProcess | undefined
let said = ''

/** Runs the printed script until it is stopped. */
function start(): void {
  running = spawn('ip', ['netns', 'exec', name('switch'), 'sh', '-c', ENTER, scratch, 'sh', 'hostapd.sh'])
  running.stderr!.on('data', (text) => {
    said += text
  })
}

async function stop(): Promise<void> {
  running!.kill('SIGTERM')
  await until('the script ends', () => running!.exitCode !== null)
  await until('the daemon ends', () => !existsSync(join(scratch, 'run/hostapd/global')))
}

function write(device: Device): void {
  rmSync(join(scratch, 'files'), { recursive: true, force: true })
  for (const file of hostapd.print(hostapd.lower(device)!)) put(join('files', file.path), textOf(file))
  put(secretPath(device.authenticator!.secret), `${SECRET}\n`)
}

/** A port with a cable to a desk. Where it is to be locked, it is so before it is up, as linux does it. */
function plug(port: string, desk: string, locked: boolean): void {
  must('ip', '-n', name('switch'), 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name(desk))
  must('ip', '-n', name('switch'), 'link', 'set', port, 'master', 'br20')
  if (locked) must('ip', '-n', name('switch'), 'link', 'set', 'dev', port, 'type', 'bridge_slave', 'locked', 'on', 'learning', 'off')
  must('ip', '-n', name('switch'), 'link', 'set', port, 'up')
  must('ip', '-n', name(desk), 'link', 'set', 'eth0', 'up')
}

/** The third port, with two hosts behind it, as behind a telephone: what is between them passes on the frames of IEEE 802.1X too. */
function plugHub(): void {
  must('ip', '-n', name('hub'), 'link', 'add', 'hub', 'type', 'bridge', 'stp_state', '0', 'group_fwd_mask', '8')
  must('ip', '-n', name('hub'), 'link', 'set', 'hub', 'up')
  for (const [index, desk] of ['telephone', 'computer'].entries()) {
    must('ip', '-n', name('hub'), 'link', 'add', desk, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name(desk))
    must('ip', '-n', name('hub'), 'link', 'set', desk, 'master', 'hub', 'up')
    must('ip', '-n', name(desk), 'address', 'add', `192.0.2.${3 + index}/24`, 'dev', 'eth0')
    must('ip', '-n', name(desk), 'link', 'set', 'eth0', 'up')
  }
  plug('swp3', 'hub', true)
  must('ip', '-n', name('hub'), 'link', 'set', 'eth0', 'master', 'hub')
}

const reaches = (desk: string) => run('ip', ['netns', 'exec', name(desk), 'ping', '-q', '-c', '1', '-W', '1', '192.0.2.9']).status === 0
const admitted = (port: string) => must('ip', 'netns', 'exec', name('switch'), 'bridge', 'fdb', 'show', 'brport', port, 'state', 'static').trim()
const heard = (desk: string) => readFileSync(join(scratch, `${desk}.log`), 'utf8')
const supplicant = (desk: string, ...words: string[]) => must('ip', 'netns', 'exec', name(desk), 'wpa_cli', '-p', join(scratch, desk), '-i', 'eth0', ...words)

function supplicate(desk: string, password: string): void {
  const network = `network={\nkey_mgmt=IEEE8021X\neap=MD5\nidentity="alice"\npassword="${password}"\neapol_flags=0\n}\n`
  const config = put(`${desk}.conf`, `ctrl_interface=${join(scratch, desk)}\nap_scan=0\n${network}`)
  must('ip', 'netns', 'exec', name(desk), 'wpa_supplicant', '-B', '-D', 'wired', '-i', 'eth0', '-c', config, '-f', join(scratch, `${desk}.log`))
}

/** The desk's supplicant ends, without a word. */
async function leave(desk: string): Promise<void> {
  supplicant(desk, 'terminate')
  await until(`${desk} has left`, () => !existsSync(join(scratch, desk, 'eth0')))
}

/** A RADIUS server, for clients of one family. */
function serve(v6: boolean): void {
  const config = [
    'interface=lo',
    'driver=none',
    'eap_server=1',
    `eap_user_file=${put('users', '"alice" MD5 "right"\n')}`,
    `radius_server_clients=${put('clients', `${v6 ? '2001:db8:33:f00::11/128' : '10.32.99.13/32'} ${SECRET}\n`)}`,
    'radius_server_auth_port=1812',
    'radius_server_acct_port=1813',
    ...(v6 ? ['radius_server_ipv6=1'] : []),
  ]
  const log = join(scratch, 'server.log')
  must(
    'ip',
    'netns',
    'exec',
    name('servers'),
    'hostapd',
    '-B',
    '-dd',
    '-f',
    log,
    '-P',
    join(scratch, 'server.pid'),
    put('server.conf', `${config.join('\n')}\n`),
  )
}

before(() => {
  if (skip) return
  for (const [program, name] of Object.entries(PACKAGES)) assert.equal(run('which', [program]).status, 0, `${program} is missing: apt-get install ${name}`)
  mkdirSync(join(scratch, 'run'))
  for (const machine of MACHINES) {
    must('ip', 'netns', 'add', name(machine))
    must('ip', '-n', name(machine), 'link', 'set', 'lo', 'up')
  }
  const on = (machine: string, ...words: string[]) => must('ip', '-n', name(machine), ...words)
  // The kernel at hand may lack VRFs: a link of the VRF's name has its place, which is all that hostapd sees of one.
  on('switch', 'link', 'add', 'management', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name('servers'))
  on('switch', 'link', 'set', 'management', 'up')
  on('servers', 'link', 'set', 'eth0', 'up')
  for (const address of ['10.32.99.13/8', '2001:db8:33:f00::11/32'])
    on('switch', 'address', 'add', address, 'dev', 'management', ...(address.includes(':') ? ['nodad'] : []))
  for (const address of ['10.1.250.51/8', '2001:db8:1:fa00::51/32'])
    on('servers', 'address', 'add', address, 'dev', 'eth0', ...(address.includes(':') ? ['nodad'] : []))
  on('switch', 'link', 'add', 'br20', 'type', 'bridge', 'stp_state', '0')
  on('switch', 'link', 'set', 'br20', 'up')
  plug('swp1', 'desk1', true)
  // What a telephone tags comes in here. The kernel at hand may lack VLANs; to the bridge it is a port like others.
  on('switch', 'link', 'add', 'br30', 'type', 'bridge', 'stp_state', '0')
  on('switch', 'link', 'add', 'swp1.30', 'type', 'veth', 'peer', 'name', 'tagged')
  on('switch', 'link', 'set', 'swp1.30', 'master', 'br30')
  plug('swp2', 'desk2', true)
  plug('swp4', 'inside', false)
  for (const [index, machine] of ['desk1', 'desk2', 'inside'].entries()) on(machine, 'address', 'add', `192.0.2.${[1, 2, 9][index]}/24`, 'dev', 'eth0')
  serve(false)
})

after(() => {
  running?.kill('SIGKILL')
  for (const machine of skip ? [] : MACHINES) {
    for (const pid of run('ip', ['netns', 'pids', name(machine)])
      .stdout.split('\n')
      .filter(Boolean))
      process.kill(Number(pid), 'SIGKILL')
    run('ip', ['netns', 'delete', name(machine)])
  }
  rmSync(scratch, { recursive: true, force: true })
})

/** The switch with its daemon running, and a host let in at its first port. */
async function ready(): Promise<void> {
  if (running?.exitCode === null) return
  write(cases['access-switch']!)
  start()
  await until('both ports are told', () => ['swp1', 'swp2'].every((port) => existsSync(join(scratch, 'run/hostapd', port))))
  if (!existsSync(join(scratch, 'desk1/eth0'))) supplicate('desk1', 'right')
  await until('desk1 is let in', () => reaches('desk1'))
}

test('nothing passes of a host before it said who it is; then it does', { skip }, async () => {
  assert.equal(reaches('desk1'), false)
  await ready()
  assert.match(admitted('swp1'), /^[0-9a-f:]{17} master br20 static$/)
  assert.equal(admitted('swp1.30'), admitted('swp1').replace('br20', 'br30'), 'also where a telephone tags')
  const asked = readFileSync(join(scratch, 'server.log'), 'utf8')
  for (const attribute of [/Attribute 61 [^\n]*\n +Value: 15\n/, / 57 06 73 77 70 31 /, /Attribute 32 [^\n]*\n +Value: 'access-3a\.ber-office\./])
    assert.match(asked, attribute)
  assert.doesNotMatch(asked, /Value: 19\n/)
})

test('no file holds the secret once the ports are told', { skip }, async () => {
  await ready()
  assert.deepEqual(
    readdirSync(join(scratch, 'run/hostapd')).filter((file) => file.endsWith('.conf')),
    [],
  )
  assert.equal(run('grep', ['-rqF', SECRET, join(scratch, 'files')]).status, 1)
})

test('nothing passes of a host with a wrong password', { skip }, async () => {
  await ready()
  supplicate('desk2', 'wrong')
  await until('desk2 is refused', () => heard('desk2').includes('CTRL-EVENT-EAP-FAILURE'))
  assert.equal(admitted('swp2'), '')
  assert.equal(reaches('desk2'), false)
  assert.equal(reaches('desk1'), true, 'the other port is not touched')
})

test('a port that is not there harms no other, and is told when it comes', { skip }, async () => {
  await ready()
  assert.equal(existsSync(join(scratch, 'run/hostapd/swp3')), false)
  plugHub()
  await until('swp3 is told', () => existsSync(join(scratch, 'run/hostapd/swp3')))
  assert.equal(reaches('desk1'), true)
  assert.equal(onSwitch('sh', 'hostapd.sh').stderr, 'hostapd runs already\n')
})

test('each host behind a port is let in for itself', { skip }, async () => {
  await ready()
  if (!existsSync(join(scratch, 'run/hostapd/swp3'))) plugHub()
  await until('swp3 is told', () => existsSync(join(scratch, 'run/hostapd/swp3')))
  supplicate('telephone', 'right')
  await until('the telephone is let in', () => reaches('telephone'))
  supplicate('computer', 'wrong')
  await until('the computer is refused', () => heard('computer').includes('CTRL-EVENT-EAP-FAILURE'))
  assert.equal(reaches('computer'), false)
  assert.equal(reaches('telephone'), true)
  assert.equal(heard('telephone').split('CTRL-EVENT-EAP-STARTED').length, 2, 'and takes no notice of the other')
  supplicant('telephone', 'logoff')
  await until('the telephone is out', () => admitted('swp3') === '')
})

test('a host whose cable is pulled is out, and in again when it is back', { skip }, async () => {
  await ready()
  must('ip', '-n', name('desk1'), 'link', 'set', 'eth0', 'down')
  await until('desk1 is out', () => admitted('swp1') === '' && admitted('swp1.30') === '')
  must('ip', '-n', name('desk1'), 'link', 'set', 'eth0', 'up')
  // By itself wpa_supplicant does not see its cable; what starts it on a desk does.
  await leave('desk1')
  assert.equal(reaches('desk1'), false)
  supplicate('desk1', 'right')
  await until('desk1 is back', () => reaches('desk1'))
})

test('when the daemon is started anew, hosts are asked anew and are in again', { skip }, async () => {
  await ready()
  const before = heard('desk1').split('CTRL-EVENT-EAP-SUCCESS').length
  await stop()
  assert.notEqual(admitted('swp1'), '', 'without the daemon they stay')
  start()
  await until('desk1 is asked', () => heard('desk1').split('CTRL-EVENT-EAP-SUCCESS').length > before)
  await until('desk1 is let in', () => reaches('desk1'))
})

test('a host that says goodbye is out', { skip }, async () => {
  await ready()
  supplicant('desk1', 'logoff')
  await until('desk1 is out', () => admitted('swp1') === '')
  assert.equal(reaches('desk1'), false)
  await leave('desk1')
})

test('without the secret nothing starts', { skip }, async () => {
  await ready()
  await stop()
  rmSync(join(scratch, secretPath(cases['access-switch']!.authenticator!.secret)))
  const { status, stderr } = onSwitch('sh', 'hostapd.sh')
  assert.equal(status, 1)
  assert.match(stderr, /radius: No such file/)
  assert.equal(existsSync(join(scratch, 'run/hostapd/global')), false)
})

test('servers are asked over IPv6, bound to the VRF', { skip }, async () => {
  if (running?.exitCode === null) await stop()
  process.kill(Number(readFileSync(join(scratch, 'server.pid'), 'utf8')))
  await until('the old server ends', () => !existsSync(join(scratch, 'server.pid')))
  serve(true)
  write(cases['ipv6-only']!)
  start()
  await until('the port is told', () => existsSync(join(scratch, 'run/hostapd/swp1')))
  if (existsSync(join(scratch, 'desk1/eth0'))) await leave('desk1')
  supplicate('desk1', 'right')
  await until('desk1 is let in', () => reaches('desk1'))
  await stop()
})

/** What hostapd says of the file of an access point, here where there is no radio: it reads all of it before it looks for one. */
function tryAccessPoint(device: Device, planted = ''): string {
  write({ authenticator: cases['access-switch']!.authenticator!, ...device })
  const started = existsSync(join(scratch, 'files/access-point.sh'))
  const config = join(scratch, 'files/access-point.conf')
  writeFileSync(config, `${readFileSync(config, 'utf8')}${planted}`)
  const { status, stdout } = onSwitch(...(started ? ['sh', 'access-point.sh'] : ['hostapd', 'access-point.conf']))
  assert.equal(status, 1)
  return stdout
}

test('hostapd takes every line of access points, and lacks only the radio', { skip }, () => {
  for (const device of [cases['access-switch']!, cases['open-yard']!]) {
    const output = tryAccessPoint(device)
    assert.doesNotMatch(output, /^Line |errors? found/m)
    assert.match(output, /Failed to initialize driver 'nl80211'|Could not read interface wlan0/)
  }
  assert.match(tryAccessPoint(cases['open-yard']!, 'wpa_key_mgmt=WPA-OWL\n'), /^Line \d+: .*WPA-OWL/m, 'it says when it does not')
})

test('nothing was said of ports that are shut', { skip }, () => {
  assert.equal(said, '')
})
