/** What the WireGuard tools can be asked: keys, port and peer of tunnels. The links themselves are the kernel's. */
import { only } from '../abilities.ts'

/** The answers. */
export const can = only(['interface.wireguard'], 'wireguard tells tunnels their keys and peers, and does nothing else')
