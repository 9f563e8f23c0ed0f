/**
 * Every file that is printed for the example companies is accepted by the checker of the program that it is for, reads back as what was printed, and refers to nothing that is not there. Harborpine has
 * each role of each standard many times over: all of its files are read back, and those that differ in more than names and numbers are given to the checkers.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { same } from '#base/canonical.ts'
import { SECRETS_FOLDER } from '#design/device.ts'
import { checkReferences as checkFrr, frr } from '#targets/frr/index.ts'
import { targets } from '#targets/index.ts'
import { checkReferences as checkNft } from '#targets/nftables/check-references.ts'
import { nftables } from '#targets/nftables/index.ts'
import { HOST_KEY } from '#targets/sshd/print.ts'
import { textOf } from '#targets/target.ts'
import { withoutWhys } from '#targets/without-whys.ts'
import { type Built, openWorkspace } from '#workspace/workspace.ts'

const EXAMPLES = join(import.meta.dirname, '..', 'examples')

/** A checker: the files that it judges, the package that has it, what it is called with for each (`$f`), and what is done once before. */
interface Checker {
  readonly files: RegExp
  readonly program: string
  readonly hint: string
  readonly check: string
  readonly before?: string
}

/** An interface that WireGuard's own tool can be asked to set. Where the kernel has none, a program makes it. */
const TUNNEL = 'mount -t tmpfs tmpfs /run; ip link add wg0 type wireguard 2>/dev/null || wireguard-go wg0 >/dev/null 2>&1'

/** keepalived wants the interfaces that it speaks on, of whatever kind. */
const LINKS = `sed -n 's/^ *interface //p' $f | sort -u | while read -r name; do ip link add name $name type bridge 2>/dev/null; done`

/** The key of the root: where the unit of unbound puts it before the start, and where it takes it from. */
const ROOT_KEY = ['/var/lib/unbound/root.key', '/usr/share/dns/root.key'] as const

/** Kea wants the interfaces that it listens on, with the addresses. */
const ADDRESSES = [
  `sed -nE 's|^ *"([a-z0-9.-]+)(/([0-9.]+))?",?$|\\1 \\3|p' $f`,
  'while read -r name address; do ip link add name $name type bridge 2>/dev/null; [ -z "$address" ] || ip address add $address/32 dev $name 2>/dev/null; done',
].join(' | ')

const CHECKERS: readonly Checker[] = [
  { files: /^frr\.conf$/, program: 'vtysh', hint: 'frr', check: 'vtysh -C -f $f' },
  { files: /^(nftables|guard)\.conf$/, program: 'nft', hint: 'nftables', check: 'nft -c -f $f' },
  { files: /^haproxy\.cfg$/, program: 'haproxy', hint: 'haproxy', check: 'haproxy -c -f $f' },
  { files: /^kea-dhcp4\.conf$/, program: 'kea-dhcp4', hint: 'kea-dhcp4-server', check: `${ADDRESSES}; kea-dhcp4 -t $f` },
  { files: /^kea-dhcp6\.conf$/, program: 'kea-dhcp6', hint: 'kea-dhcp6-server', check: `${ADDRESSES}; kea-dhcp6 -t $f` },
  { files: /^keepalived\.conf$/, program: 'keepalived', hint: 'keepalived', check: `${LINKS}; keepalived -t -f $f` },
  { files: /^wg\d+\.conf$/, program: 'wg', hint: 'wireguard-tools wireguard-go', check: 'wg setconf wg0 $f', before: TUNNEL },
  { files: /^unbound\.conf$/, program: 'unbound-checkconf', hint: 'unbound dns-root-data', check: 'unbound-checkconf $f >/dev/null' },
  { files: /^chrony\.conf$/, program: 'chronyd', hint: 'chrony', check: 'chronyd -p -f $f' },
  { files: /^rsyslog\.conf$/, program: 'rsyslogd', hint: 'rsyslog', check: 'rsyslogd -N1 -f $f' },
  {
    files: /^sshd_config$/,
    program: 'sshd',
    hint: 'openssh-server',
    check: '/usr/sbin/sshd -t -f $f',
    before: 'mkdir -p /run/sshd; ip link add name management type bridge',
  },
]

for (const company of ['starter', 'harborpine']) {
  describe(company, () => {
    let built: Built
    let scratch: string

    before(async () => {
      const result = await openWorkspace(join(EXAMPLES, company), { date: '2026-11-01', typeCheck: false }).build()
      assert.ok(result.ok, JSON.stringify(result.diagnostics, null, 2))
      built = result.value
      scratch = mkdtempSync(join(tmpdir(), 'netwright-checkers-'))
    })
    after(() => rmSync(scratch, { recursive: true, force: true }))

    const devices = () => built.design.sites.flatMap((site) => site.devices)

    for (const checker of CHECKERS) {
      const skip = process.getuid?.() === 0 ? false : 'checkers run in a namespace of their own, which needs root'
      test(`${checker.program} accepts every ${checker.files.source}`, { skip }, () => {
        assert.equal(spawnSync('sh', ['-c', `command -v ${checker.program}`]).status, 0, `${checker.program} is missing: apt-get install ${checker.hint}`)
        const files = oneOfEachShape([...built.files].filter(([path]) => checker.files.test(path.slice(path.lastIndexOf('/') + 1))))
        const paths = files.map(([path, text]) => layOut(join(scratch, path), text))
        const script = [
          checker.before ?? ':',
          'while read -r f; do',
          `  said=$(cd "$(dirname "$f")" && ${checker.check} 2>&1 </dev/null) || printf '%s: %s\\n' "$f" "$said"`,
          'done',
        ].join('\n')
        const run = spawnSync('unshare', ['--net', '--mount', 'sh', '-c', script], {
          encoding: 'utf8',
          input: paths.map((path) => `${path}\n`).join(''),
          env: { ...process.env, KEA_LOCKFILE_DIR: scratch, KEA_PIDFILE_DIR: scratch },
        })
        assert.equal(`${run.stdout}${run.stderr}`, '')
      })
    }

    /** Writes a printed file, with what it refers to on a device where this test can make it. */
    function layOut(path: string, text: string): string {
      const secrets = join(scratch, 'secrets')
      for (const [, name] of text.matchAll(new RegExp(`${SECRETS_FOLDER}/([\\w./-]+)`, 'g'))) makeSecret(join(secrets, name!))
      mkdirSync(dirname(path), { recursive: true })
      if (text.includes(HOST_KEY)) makeKey(join(scratch, 'host-key'))
      writeFileSync(
        path,
        text
          .replaceAll(SECRETS_FOLDER, secrets)
          .replaceAll(HOST_KEY, join(scratch, 'host-key'))
          .replaceAll(...ROOT_KEY),
      )
      return path
    }

    test('what is printed reads back as what was printed', () => {
      for (const device of devices()) {
        for (const name of device.platform) {
          const target = targets.find((candidate) => candidate.name === name)!
          const tree = target.lower(device)
          if (tree === undefined) continue
          const read = target.parse(new Map(target.print(tree).map((file) => [file.path, textOf(file)])))
          assert.ok(read.ok, `${device.id} ${name}: ${JSON.stringify(read.diagnostics[0])}`)
          assert.ok(same(withoutWhys(read.value), withoutWhys(tree)), `${device.id} ${name}`)
        }
      }
    })

    test('nothing that is printed names what is not there, or is named by nothing', () => {
      for (const device of devices()) {
        const routing = device.platform.includes('frr') ? frr.lower(device) : undefined
        const filter = device.platform.includes('nftables') ? nftables.lower(device) : undefined
        assert.deepEqual(routing ? checkFrr(routing) : [], [], device.id)
        assert.deepEqual(filter ? checkNft(filter) : [], [], device.id)
      }
    })
  })
}

/** Of the files that are the same but for numbers and for how often a kind of line is there, the first. */
function oneOfEachShape(files: readonly (readonly [path: string, text: string])[]): (readonly [string, string])[] {
  const shapes = new Map<string, readonly [string, string]>()
  for (const file of files) {
    const kinds = new Set(file[1].split('\n').map((line) => line.replace(/"[^"]*"|[0-9a-f]*:[0-9a-f:./]+|\d[\w.:/@-]*/g, '#').replace(/[\w-]+\/[\w/-]+/g, '@')))
    const shape = [...kinds].sort().join('\n')
    if (!shapes.has(shape)) shapes.set(shape, file)
  }
  return [...shapes.values()]
}

/** A certificate with its key in one file, which serves as whatever secret is referred to. */
function makeSecret(path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  const key = `${path}.key`
  const subject = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=test', '-days', '2']
  const made = spawnSync('openssl', ['req', ...subject, '-keyout', key, '-out', path], { encoding: 'utf8' })
  assert.equal(made.status, 0, `openssl is missing or fails: apt-get install openssl ${made.stderr}`)
  writeFileSync(path, readFileSync(path, 'utf8') + readFileSync(key, 'utf8'))
}

function makeKey(path: string): void {
  rmSync(path, { force: true })
  const made = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path], { encoding: 'utf8' })
  assert.equal(made.status, 0, `ssh-keygen is missing or fails: apt-get install openssh-client ${made.stderr}`)
}
