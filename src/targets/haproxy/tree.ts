/**
 * The balancer of one device, in HAProxy's terms: what differs from device to device in `haproxy.cfg`. The other files follow from it to the letter, and what is the
 * same on every device is in `constants.ts`. Made by `lower` from a device, or by `parse` from text (whys are then empty). Addresses are canonical text.
 */
import type { Why } from '#base/place.ts'

/** All of it. */
export interface HaproxyTree {
  /** Seconds that an old worker may live on after a reload, `hard-stop-after`. */
  readonly hardStopSeconds: number
  /** Before the frontends, which name them. */
  readonly backends: readonly HaproxyBackend[]
  readonly frontends: readonly HaproxyFrontend[]
  readonly why: Why
}

/** Bytes are passed on, or requests are. */
export type Mode = 'tcp' | 'http'

/** `backend NAME`. */
export interface HaproxyBackend {
  readonly name: string
  readonly mode: Mode
  /** `source` is a consistent hash over the ids of servers. */
  readonly balance: 'roundrobin' | 'leastconn' | 'source'
  /** The request that shows that a server is up; absent where taking a connection is enough. */
  readonly check?: { readonly method: string; readonly path: string }
  /** 0 for none. */
  readonly slowStartSeconds: number
  readonly serverTimeoutSeconds: number
  readonly servers: readonly HaproxyServer[]
  readonly why: Why
}

/** `server NAME:PORT ADDRESS:PORT`. */
export interface HaproxyServer {
  /** Without the port. */
  readonly name: string
  readonly address: string
  readonly port: number
  /** Its place in the hash, 1 to 2³¹ − 1 and unique in the backend; there where the backend balances by source. */
  readonly id?: number
  readonly why: Why
}

/** `frontend NAME`. */
export interface HaproxyFrontend {
  readonly name: string
  readonly mode: Mode
  readonly v4: string
  readonly v6: string
  readonly port: number
  /** File with the certificate, its chain and its key; absent without TLS. */
  readonly certificate?: string
  readonly clientTimeoutSeconds: number
  readonly backend: string
  readonly why: Why
}

/** An address that is announced while one of the backends behind it has a server that is up. */
export interface Announcement {
  /** With `/32` or `/128`. */
  readonly address: string
  readonly backends: readonly string[]
  readonly why: Why
}
