/** Turns where a device's log goes into rsyslog's terms. */
import type { Device } from '#design/device.ts'
import type { RsyslogTree } from './tree.ts'

/** The configuration; undefined when the log goes nowhere, or the device runs something else. */
export function lower({ platform, management, hostname, why }: Device): RsyslogTree | undefined {
  if (!platform.includes('rsyslog') || !management || management.logs.length === 0) return undefined
  const { logs, vrf } = management
  return { hostname: { name: hostname, why }, servers: logs, ...(vrf === undefined ? {} : { device: vrf }), why: management.why }
}
