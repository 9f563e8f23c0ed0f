/**
 * The devices whose whole files are beside this one: a balancer of a data centre with services of every kind, and one that has a single service. Only what
 * HAProxy reads is filled in.
 */
import type { Backend, BackendServer, Balancer, Frontend } from '#design/for-hosts.ts'
import type { Device } from '#design/device.ts'

function device(id: string, balancer: Balancer): Device {
  const [site = '', name = ''] = id.split('/')
  return {
    kind: 'device',
    id,
    site,
    name,
    role: 'balancer',
    model: 'server',
    platform: ['linux', 'frr', 'nftables', 'haproxy'],
    status: 'active',
    hostname: `${name}.${site}.harborpine.example`,
    forwards: false,
    interfaces: [],
    vrfs: [],
    balancer,
    why: [`ask ${site} devices ${name}`],
  }
}

/** One way in of a service, at the `index`-th address pair. */
function frontend(service: string, listens: string, index: number, port: number, more: Partial<Frontend>): Frontend {
  return {
    name: `${service}-${listens}`,
    v4: `198.51.100.${index}`,
    v6: `2001:db8:1:f000::${index.toString(16)}`,
    port,
    backend: `${service}-${listens}`,
    protocol: 'tcp',
    clientTimeoutSeconds: 60,
    why: [`fact services/${service}.yaml#/listens/${listens}`, `ledger bos1/service/${service}`],
    ...more,
  }
}

/** Replicas of a service, one a host. */
function replicas(service: string, port: number, addresses: readonly string[]): BackendServer[] {
  return addresses.map((address, index) => ({ name: `${service}-${index + 1}`, address, port, why: [`ask bos1 replica ${service}-${index + 1}`] }))
}

function backend(service: string, listens: string, servers: readonly BackendServer[], more: Partial<Backend>): Backend {
  return {
    name: `${service}-${listens}`,
    mode: 'tcp',
    algorithm: 'leastconn',
    health: { kind: 'connect' },
    slowStartSeconds: 0,
    drainSeconds: 30,
    serverTimeoutSeconds: 60,
    servers,
    why: [`fact services/${service}.yaml#/balanced`],
    ...more,
  }
}

/** A map that people look at; video that is uploaded for an hour; a chat whose clients come back to the same server; mail that is passed on; a database over IPv6. */
const dataCentre = device('bos1/lb-a', {
  frontends: [
    frontend('orders-map', 'http', 10, 80, { protocol: 'http', backend: 'orders-map-https' }),
    frontend('orders-map', 'https', 10, 443, { protocol: 'https', certificate: 'services/orders-map.pem' }),
    frontend('video', 'https', 11, 443, { protocol: 'https', certificate: 'services/video.pem', clientTimeoutSeconds: 3600 }),
    frontend('chat', 'https', 12, 443, { protocol: 'https', certificate: 'services/chat.pem', clientTimeoutSeconds: 300 }),
    frontend('mail', 'smtp', 13, 25, { clientTimeoutSeconds: 600 }),
    frontend('mail', 'imaps', 13, 993, { protocol: 'https', certificate: 'services/mail.pem', clientTimeoutSeconds: 1800 }),
    frontend('orders-db', 'sql', 14, 5432, { clientTimeoutSeconds: 7200 }),
  ],
  backends: [
    backend('orders-map', 'https', replicas('orders-map', 8080, ['10.1.64.10', '10.1.64.26', '10.1.64.42']), {
      mode: 'http',
      algorithm: 'roundrobin',
      health: { kind: 'http', method: 'GET', path: '/healthz' },
      slowStartSeconds: 30,
    }),
    backend('video', 'https', replicas('video', 8443, ['10.1.65.10', '10.1.65.26']), {
      mode: 'http',
      health: { kind: 'http', method: 'HEAD', path: "/v1/status?of='upload'#all" },
      drainSeconds: 900,
      serverTimeoutSeconds: 3600,
    }),
    backend('chat', 'https', replicas('chat', 9000, ['10.1.66.10', '10.1.66.26', '10.1.66.42', '10.1.66.58']), {
      mode: 'http',
      algorithm: 'roundrobin',
      health: { kind: 'http', method: 'GET', path: '/' },
      stickSeconds: 3600,
      slowStartSeconds: 60,
      drainSeconds: 300,
      serverTimeoutSeconds: 300,
    }),
    backend('mail', 'smtp', replicas('mail', 2525, ['10.1.67.10', '10.1.67.26']), { serverTimeoutSeconds: 600 }),
    backend('mail', 'imaps', replicas('mail', 143, ['10.1.67.10', '10.1.67.26']), { algorithm: 'source', serverTimeoutSeconds: 1800 }),
    backend('orders-db', 'sql', replicas('orders-db', 5432, ['2001:db8:1:4400::10']), { serverTimeoutSeconds: 7200 }),
  ],
  why: ['ask bos1 balance lb'],
})

const single = device('ber-office/lb-a', {
  frontends: [frontend('intranet', 'http', 20, 80, { protocol: 'http' })],
  backends: [
    backend('intranet', 'http', replicas('intranet', 8080, ['10.32.4.10', '10.32.4.11']), {
      mode: 'http',
      health: { kind: 'http', method: 'GET', path: '/healthz' },
      drainSeconds: 0,
    }),
  ],
  why: ['ask ber-office balance lb'],
})

/** The cases, by name. */
export const cases: Readonly<Record<string, Device>> = { 'data-centre': dataCentre, single }
