/** Who has the addresses that pairs of gateways share. */
import type { Device } from '#design/device.ts'
import type { Lab } from './lab.ts'
import { run } from './run.ts'

/** How many of the shared addresses of a device, of both families, it has now; and how many there are. */
export function sharedHeld({ id, vrrp }: Device, lab: Lab): { readonly held: number; readonly all: number } {
  const found = JSON.parse(run('ip', ['-n', lab.namespaceOf(id), '-j', 'address', 'show'])) as { addr_info: { local?: string }[] }[]
  const has = new Set(found.flatMap(({ addr_info }) => addr_info.map(({ local }) => local)))
  const shared = (vrrp?.groups ?? []).flatMap(({ v4, v6 }) => [...v4, v6].map((address) => address.split('/')[0]))
  return { held: shared.filter((address) => has.has(address)).length, all: shared.length }
}

/** What is missing until the first of a pair has all of the shared addresses and the second none. */
export function notMaster(master: Device, backup: Device, lab: Lab): string | undefined {
  const [one, other] = [sharedHeld(master, lab), sharedHeld(backup, lab)]
  return one.held === one.all && other.held === 0 ? undefined : `${master.id} has ${one.held} of ${one.all} shared addresses, ${backup.id} ${other.held}`
}
