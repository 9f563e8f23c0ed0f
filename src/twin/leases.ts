/** DHCP servers of a pair, asked over their sockets as an operator does. */
import type { Place } from './place.ts'

/** What the servers of a machine say of the pair that they are in, for IPv4 and IPv6: `hot-standby` when both members are well. */
export async function pairStates({ tell }: Place): Promise<string[]> {
  return Promise.all(
    ['/run/kea/kea4-ctrl-socket', '/run/kea/kea6-ctrl-socket'].map(async (socket) => {
      const ask = `echo '{"command": "status-get"}' | socat -t 5 - UNIX:${socket} 2>&1`
      const said = await tell('sh', '-c', `${ask} || true`)
      return /"state": "([a-z-]+)"/.exec(said)?.[1] ?? said.trim()
    }),
  )
}
