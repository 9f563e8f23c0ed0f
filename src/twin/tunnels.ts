/** Tunnels of WireGuard, as they are. */
import type { Place } from './place.ts'

/** The time since the last handshake of each tunnel of a machine, in s; infinite for one that never had any. */
export async function handshakesOf({ tell }: Place, now: number): Promise<ReadonlyMap<string, number>> {
  const said = await tell('wg', 'show', 'all', 'latest-handshakes')
  return new Map(
    said
      .trim()
      .split('\n')
      .map((line) => {
        const [name, , at] = line.split('\t') as [string, string, string]
        return [name, at === '0' ? Number.POSITIVE_INFINITY : now / 1000 - Number(at)]
      }),
  )
}
