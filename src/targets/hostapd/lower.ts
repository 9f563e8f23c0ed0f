/** Turns what a switch is told about letting hosts in into hostapd's terms. */
import { familyOf } from '#base/ip.ts'
import { type Device, secretPath } from '#design/device.ts'
import type { Authenticator } from '#design/for-hosts.ts'
import type { HostapdTree, Port, Ports, Radius } from './tree.ts'

/** The tree; undefined when the device lets nobody in, or has that from something else. That who is to be asked has servers to ask is taken for granted. */
export function lower(device: Device): HostapdTree | undefined {
  const { authenticator, wireless } = device
  if (!device.platform.includes('hostapd')) return undefined
  const names = authenticator ? guarded(device) : []
  if (names.length === 0 && !wireless) return undefined
  const asks = names.length > 0 || wireless?.networks.some(({ admits }) => admits === 'authenticated')
  return {
    ...(asks ? { radius: radius(device, authenticator!) } : {}),
    ...(names.length > 0 ? { ports: ports(device, authenticator!, names) } : {}),
    ...(wireless
      ? {
          accessPoint: {
            country: wireless.country,
            networks: wireless.networks.map(({ ssid, vid, admits, isolated, why }) => ({
              ssid,
              vid,
              authenticated: admits === 'authenticated',
              isolated,
              why,
            })),
            why: wireless.why,
          },
        }
      : {}),
  }
}

function guarded({ interfaces }: Device): Port[] {
  return interfaces.flatMap((one) => (one.kind === 'physical' && one.guard?.authenticated ? [{ name: one.name, why: [...one.why, ...one.guard.why] }] : []))
}

/** The family in which there is somebody to ask and an address to ask from, IPv4 first. */
function familyFor({ source, servers }: Authenticator): 4 | 6 {
  return [source, servers].every((addresses) => addresses.some((one) => familyOf(one) === 4)) ? 4 : 6
}

function radius({ hostname }: Device, authenticator: Authenticator): Radius {
  const family = familyFor(authenticator)
  return {
    identifier: hostname,
    servers: authenticator.servers.filter((one) => familyOf(one) === family),
    secretFile: secretPath(authenticator.secret),
    why: authenticator.why,
  }
}

function ports({ interfaces }: Device, authenticator: Authenticator, names: readonly Port[]): Ports {
  const family = familyFor(authenticator)
  const source = authenticator.source.find((one) => familyOf(one) === family)!
  const vrf = interfaces.find(({ addresses }) => addresses.some(({ address }) => address.split('/')[0] === source))?.vrf
  return { source, ...(vrf === undefined ? {} : { vrf }), names }
}
