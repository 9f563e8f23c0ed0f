/** The targets: one folder and one line each. A plain array, so that a company passes `[...targets, mine]`. docs/adding-a-target.md shows how to add one. */
import { exampleOs } from './example-os/index.ts'
import { frr } from './frr/index.ts'
import { kea } from './kea/index.ts'
import { linux } from './linux/index.ts'
import { nftables } from './nftables/index.ts'
import type { Target } from './target.ts'
import { wireguard } from './wireguard/index.ts'

/** The built-in targets, in the order in which a device is told: links and addresses, then routes, then the filter. */
export const targets: readonly Target[] = [linux, wireguard, frr, nftables, kea, exampleOs]
