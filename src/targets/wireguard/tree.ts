/** What `wg` is told: each interface with its port and its one peer, in wg's words. What is the same on all (every address is allowed) is not here: `print` writes it and `parse` insists on it. */
import type { Why } from '#base/place.ts'

/** One device's tunnels, in the order in which they are told. */
export interface WireguardTree {
  readonly tunnels: readonly Tunnel[]
}

/** An interface: a section `[Interface]`, and a line that loads it. */
export interface Tunnel {
  readonly name: string
  /** The file on the device that holds the private key, base64. */
  readonly keyFile: string
  /** `ListenPort`, UDP. */
  readonly port: number
  readonly peer: Peer
  readonly why: Why
}

/** A section `[Peer]`. */
export interface Peer {
  /** The device there, `site/device`. WireGuard has no names for peers: it is a comment that is read back. */
  readonly name: string
  /** Curve25519 public key, base64. */
  readonly publicKey: string
  /** `address:port` or `[address]:port`; absent where the first packet comes from there. */
  readonly endpoint?: string
  /** `PersistentKeepalive` in seconds; absent where it is off. */
  readonly keepalive?: number
  readonly why: Why
}
