/** The decisions of the lowering that are more than a change of words. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Backend, Frontend } from '#design/for-hosts.ts'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { haproxy } from './index.ts'

const { balancer, ...device } = cases.single!
const [backend, frontend] = [balancer!.backends[0]!, balancer!.frontends[0]!]

function lowered(backends: readonly Partial<Backend>[], frontends: readonly Partial<Frontend>[] = [{}]) {
  return haproxy.lower({
    ...device,
    balancer: {
      ...balancer!,
      backends: backends.map((change) => ({ ...backend, ...change })),
      frontends: frontends.map((change) => ({ ...frontend, ...change })),
    },
  })!
}

test('an old worker has the longest drain, and never less than the time an idle connection is kept', () => {
  assert.equal(lowered([{ drainSeconds: 30 }, { name: 'b', drainSeconds: 300 }]).hardStopSeconds, 300)
  assert.equal(lowered([{ drainSeconds: 0 }]).hardStopSeconds, 10)
})

test('a backend that is sticky hashes sources, whatever it would balance by', () => {
  assert.equal(lowered([{ algorithm: 'leastconn', stickSeconds: 60 }]).backends[0]!.balance, 'source')
  assert.equal(lowered([{ algorithm: 'leastconn' }]).backends[0]!.balance, 'leastconn')
})

test('the id of a server is that of its name, wherever it stands, and servers that do not hash have none', () => {
  const servers = ['a', 'b', 'c'].map((name, index) => ({ name, address: `10.0.0.${index}`, port: 80, why: ['x'] }))
  const idsOf = (some: typeof servers) => new Map(lowered([{ algorithm: 'source', servers: some }]).backends[0]!.servers.map(({ name, id }) => [name, id]))
  const all = idsOf(servers)
  assert.equal(new Set(all.values()).size, 3)
  for (const id of all.values()) assert(id !== undefined && id >= 1 && id < 2 ** 31)
  for (const [name, id] of idsOf([servers[2]!, servers[0]!])) assert.equal(id, all.get(name))
  assert(lowered([{ servers }]).backends[0]!.servers.every((server) => !('id' in server)))
})

test('two names of the same hash get ids of their own', () => {
  const servers = ['web-2776', 'web-28279'].map((name) => ({ name, address: '10.0.0.1', port: 80, why: ['x'] }))
  const [one, other] = lowered([{ algorithm: 'source', servers }]).backends[0]!.servers
  assert.deepEqual([one!.id, other!.id], [1200969969, 1200969970])
})

test('a frontend passes bytes to a backend that takes bytes, and still ends TLS', () => {
  const [https, http, tcp] = lowered(
    [{ mode: 'tcp' }],
    [
      { protocol: 'https', certificate: 'a.pem' },
      { name: 'b', protocol: 'http' },
      { name: 'c', protocol: 'tcp', certificate: 'a.pem' },
    ],
  ).frontends
  assert.deepEqual([https!.mode, http!.mode, tcp!.mode], ['tcp', 'tcp', 'tcp'])
  assert.deepEqual([https!.certificate, http!.certificate, tcp!.certificate], ['/etc/netwright/secrets/a.pem', undefined, undefined])
  assert.equal(lowered([{ mode: 'http' }], [{ protocol: 'tcp' }]).frontends[0]!.mode, 'tcp')
})

test('frontends that share an address announce it together', () => {
  const tree = lowered([{}, { name: 'b' }], [{}, { name: 'x', port: 81, backend: 'b' }, { name: 'y', port: 82 }])
  const script = textOf(haproxy.print(tree).find(({ path }) => path === 'announce.sh')!)
  assert.match(script, /\n198\.51\.100\.20\/32 intranet-http b\n2001:db8:1:f000::14\/128 intranet-http b\nEND\n/)
})
