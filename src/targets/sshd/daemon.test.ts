/** The printed file in the real sshd, and people who try to log in from a namespace away: who gets in, who does not, and what the log says of it. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { SECRETS_FOLDER } from '#design/device.ts'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { sshd } from './index.ts'
import { HOST_KEY } from './print.ts'

const root = process.getuid?.() === 0
// sshd wants its whole path, to start itself anew.
const SSHD = '/usr/sbin/sshd'
const PACKAGE: Readonly<Record<string, string>> = { [SSHD]: 'openssh-server', ssh: 'openssh-client', 'ssh-keygen': 'openssh-client', ip: 'iproute2' }

function run(command: string, ...args: string[]) {
  const done = spawnSync(command, args, { encoding: 'utf8' })
  assert.equal(done.error, undefined, `${command} is missing: apt-get install ${PACKAGE[command]}`)
  return { status: done.status, said: `${done.stdout}${done.stderr}` }
}

function must(command: string, ...args: string[]): string {
  const { status, said } = run(command, ...args)
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${said}`)
  return said
}

/** A folder with a host key, and the text of a device's file with what it refers to there. */
function prepared(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'netwright-sshd-'))
  context.after(() => rmSync(folder, { recursive: true }))
  const key = (name: string) => must('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(folder, name))
  key('host')
  // Debian's unit makes it; as root sshd does not go without.
  if (root) mkdirSync('/run/sshd', { recursive: true })
  const path = join(folder, 'sshd_config')
  const textFor = (device = cases.firewall!) =>
    textOf(sshd.print(sshd.lower(device)!)[0]!)
      .replaceAll(SECRETS_FOLDER, folder)
      .replaceAll(HOST_KEY, join(folder, 'host'))
  return { folder, key, path, textFor }
}

test("sshd's own checker takes every line, and refuses one that it does not know", (context) => {
  const { path, textFor } = prepared(context)
  const text = textFor(cases['office-switch'])
  writeFileSync(path, text)
  must(SSHD, '-t', '-f', path)
  writeFileSync(path, text.replace('LogLevel VERBOSE', 'LogLevel CHATTY'))
  assert.notEqual(run(SSHD, '-t', '-f', path).status, 0)
})

test('a certificate that names the account gets in, from where it may; nothing else does', {
  skip: root ? false : 'network namespaces need root',
  timeout: 120_000,
}, async (context) => {
  const { folder, key, path, textFor } = prepared(context)
  const [own, far] = ['own', 'far'].map((role) => `nwsshd-${process.pid}-${role}`) as [string, string]
  context.after(() => {
    for (const namespace of [own, far]) spawnSync('ip', ['netns', 'delete', namespace])
  })
  for (const namespace of [own, far]) must('ip', 'netns', 'add', namespace)
  // This kernel may lack VRF devices: a link of the VRF's name stands for it.
  must('ip', 'link', 'add', 'management', 'netns', own, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', far)
  const address = (namespace: string, link: string, ...addresses: string[]) => {
    for (const one of addresses) must('ip', '-n', namespace, 'address', 'add', one, 'dev', link, ...(one.includes(':') ? ['nodad'] : []))
    must('ip', '-n', namespace, 'link', 'set', link, 'up')
  }
  address(own, 'management', '10.1.254.41/16', '2001:db8:1:fe00::41/48')
  address(far, 'eth0', '10.1.250.5/16', '10.1.99.5/16', '2001:db8:1:fa00::5/48', '2001:db8:1:9900::5/48')

  for (const name of ['ssh-user-ca', 'other-ca', 'host-ca', 'alice', 'bob', 'late', 'mallory']) key(name)
  const sign = (ca: string, who: string, principal: string, validity: string) =>
    must('ssh-keygen', '-q', '-s', join(folder, ca), '-I', who, '-n', principal, '-V', validity, join(folder, `${who}.pub`))
  sign('ssh-user-ca', 'alice', 'root', '-1m:+1h')
  sign('ssh-user-ca', 'bob', 'netops', '-1m:+1h')
  sign('ssh-user-ca', 'late', 'root', '-2h:-1h')
  sign('other-ca', 'mallory', 'root', '-1m:+1h')
  must(
    'ssh-keygen',
    '-q',
    '-h',
    '-s',
    join(folder, 'host-ca'),
    '-I',
    'fw-a',
    '-n',
    '10.1.254.41,2001:db8:1:fe00::41',
    '-V',
    '-1m:+1h',
    join(folder, 'host.pub'),
  )
  copyFileSync(join(folder, 'ssh-user-ca.pub'), join(folder, 'ssh-user-ca'))
  writeFileSync(join(folder, 'known'), `@cert-authority * ${readFileSync(join(folder, 'host-ca.pub'), 'utf8')}`)
  // The same key without its certificate.
  copyFileSync(join(folder, 'alice'), join(folder, 'bare'))

  writeFileSync(path, textFor())
  const daemon = spawn('ip', ['netns', 'exec', own, SSHD, '-D', '-e', '-f', path], { stdio: ['ignore', 'ignore', 'pipe'] })
  context.after(async () => {
    daemon.kill()
    await once(daemon, 'exit')
  })
  let log = ''
  daemon.stderr.on('data', (data: Buffer) => (log += data.toString()))
  const logged = async (wanted: RegExp) => {
    while (!wanted.test(log)) {
      await Promise.race([once(daemon.stderr, 'data'), once(daemon, 'exit')])
      assert.equal(daemon.exitCode, null, log)
    }
  }
  for (const one of ['10.1.254.41', '2001:db8:1:fe00::41']) await logged(new RegExp(`listening on ${one} port 22 rdomain management`))

  const known = ['-oStrictHostKeyChecking=yes', `-oUserKnownHostsFile=${join(folder, 'known')}`, '-oGlobalKnownHostsFile=none']
  const client = ['-F', 'none', '-oBatchMode=yes', '-oIdentitiesOnly=yes', ...known]
  const person = (command: string, from: string, who: string, ...more: string[]) =>
    run('ip', 'netns', 'exec', far, command, ...client, `-oBindAddress=${from}`, '-i', join(folder, who), ...more)
  const host = (from: string) => `root@${from.includes(':') ? '2001:db8:1:fe00::41' : '10.1.254.41'}`
  // A session of files that ends at once: no shell is started, whose own files could say something.
  const ssh = (from: string, who: string, ...more: string[]) => person('ssh', from, who, '-s', ...more, host(from), 'sftp')

  for (const from of ['10.1.250.5', '2001:db8:1:fa00::5']) assert.deepEqual(ssh(from, 'alice'), { status: 0, said: '' })
  await logged(/Accepted publickey for root from 10\.1\.250\.5 .*ED25519-CERT .* ID alice .* CA ED25519/)

  for (const who of ['bob', 'late', 'mallory', 'bare']) assert.match(ssh('10.1.250.5', who).said, /Permission denied \(publickey\)/, who)
  for (const from of ['10.1.99.5', '2001:db8:1:9900::5']) assert.match(ssh(from, 'alice').said, /Permission denied \(publickey\)/, from)
  await logged(/User root from 10\.1\.99\.5 not allowed because not listed in AllowUsers/)
  await logged(/Failed publickey for root from 10\.1\.250\.5 .* ID bob /)
  assert.match(ssh('10.1.250.5', 'alice', '-oPreferredAuthentications=password,keyboard-interactive').said, /Permission denied \(publickey\)/)
  assert.match(person('ssh', '10.1.250.5', 'alice', '-W', '127.0.0.1:22', host('10.1.250.5')).said, /administratively prohibited/)

  const { said } = ssh('10.1.250.5', 'alice', '-v')
  assert.match(said, /kex: algorithm: (sntrup761x25519-sha512|curve25519-sha256)/)
  assert.match(said, /server->client cipher: aes\d+-gcm@openssh\.com MAC: <implicit>/)
  assert.match(ssh('10.1.250.5', 'alice', '-oCiphers=chacha20-poly1305@openssh.com').said, /no matching cipher found/)

  const file = join(folder, 'copied')
  assert.deepEqual(person('scp', '10.1.250.5', 'alice', '-q', path, `${host('10.1.250.5')}:${file}`), { status: 0, said: '' })
  assert.equal(readFileSync(file, 'utf8'), textFor())
})
