/** Turns a device's balancer into HAProxy's terms. */
import { hash32 } from '#base/canonical.ts'
import { type Device, secretPath } from '#design/device.ts'
import type { Backend, Frontend } from '#design/for-hosts.ts'
import { KEEP_ALIVE_SECONDS } from './constants.ts'
import type { HaproxyBackend, HaproxyFrontend, HaproxyTree, Mode } from './tree.ts'

/** HAProxy's configuration; undefined when the device runs something else, or no service is balanced on it. */
export function lower(device: Device): HaproxyTree | undefined {
  const { balancer, platform } = device
  if (!platform.includes('haproxy') || !balancer || balancer.frontends.length === 0) return undefined
  const modes = new Map(balancer.backends.map(({ name, mode }) => [name, mode]))
  return {
    hardStopSeconds: Math.max(KEEP_ALIVE_SECONDS, ...balancer.backends.map(({ drainSeconds }) => drainSeconds)),
    backends: balancer.backends.map(backendOf),
    frontends: balancer.frontends.map((frontend) => frontendOf(frontend, modes.get(frontend.backend))),
    why: balancer.why,
  }
}

function backendOf({ name, mode, algorithm, health, stickSeconds, slowStartSeconds, serverTimeoutSeconds, servers, why }: Backend): HaproxyBackend {
  const balance = stickSeconds === undefined ? algorithm : 'source'
  const ids = balance === 'source' ? idsOf(servers.map(({ name }) => name)) : undefined
  return {
    name,
    mode,
    balance,
    ...(health.kind === 'http' ? { check: { method: health.method, path: health.path } } : {}),
    slowStartSeconds,
    serverTimeoutSeconds,
    servers: servers.map(({ name, address, port, why }, index) => ({ name, address, port, ...(ids ? { id: ids[index]! } : {}), why })),
    why,
  }
}

/** A number for each name, made from the name; where two have the same, the later takes the next that is free. */
function idsOf(names: readonly string[]): number[] {
  const taken = new Set<number>()
  for (const name of names) {
    let id = hash32(name) >>> 1 || 1
    while (taken.has(id)) id = (id % (2 ** 31 - 1)) + 1
    taken.add(id)
  }
  return [...taken]
}

/** Requests can't be read on the way to a backend that takes bytes: HAProxy refuses the whole file for it. */
function frontendOf(
  { name, v4, v6, port, protocol, certificate, clientTimeoutSeconds, backend, why }: Frontend,
  backendMode: Mode | undefined,
): HaproxyFrontend {
  return {
    name,
    mode: protocol === 'tcp' || backendMode === 'tcp' ? 'tcp' : 'http',
    v4,
    v6,
    port,
    ...(protocol === 'https' && certificate !== undefined ? { certificate: secretPath(certificate) } : {}),
    clientTimeoutSeconds,
    backend,
    why,
  }
}
