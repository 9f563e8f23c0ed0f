/** The targets: one folder and one line each. A plain array, so that a company passes `[...targets, mine]`. docs/adding-a-target.md shows how to add one. */
import { chrony } from './chrony/index.ts'
import { conntrackd } from './conntrackd/index.ts'
import { exampleOs } from './example-os/index.ts'
import { frr } from './frr/index.ts'
import { haproxy } from './haproxy/index.ts'
import { hostapd } from './hostapd/index.ts'
import { kea } from './kea/index.ts'
import { keepalived } from './keepalived/index.ts'
import { linux } from './linux/index.ts'
import { nftables } from './nftables/index.ts'
import { rsyslog } from './rsyslog/index.ts'
import { snmpd } from './snmpd/index.ts'
import { sshd } from './sshd/index.ts'
import type { Target } from './target.ts'
import { unbound } from './unbound/index.ts'
import { wireguard } from './wireguard/index.ts'

/** The built-in targets, in the order in which a device is told: links and addresses, then routes, then the filter. */
export const targets: readonly Target[] = [
  linux,
  wireguard,
  hostapd,
  frr,
  nftables,
  conntrackd,
  keepalived,
  kea,
  haproxy,
  unbound,
  chrony,
  rsyslog,
  snmpd,
  sshd,
  exampleOs,
]
