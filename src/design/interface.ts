/** The interfaces of a device: ports, aggregates, VLANs, bridges and tunnels, with their addresses. */
import type { Why } from '#base/place.ts'
import type { SecretName } from './device.ts'

/** An interface of any kind. Every member of {@link InterfaceBase} holds for all. */
export type Interface =
  | PhysicalInterface
  | LagInterface
  | VlanInterface
  | BridgeInterface
  | VxlanInterface
  | LoopbackInterface
  | TunnelInterface
  | WireguardInterface

interface InterfaceBase {
  /** As the device knows it, at most 15 characters (Linux IFNAMSIZ − 1). Unique on the device. */
  readonly name: string
  /** `site/device/name`. */
  readonly id: string
  /** Says to a person at 3 a.m. where the other end is. */
  readonly description: string
  /** Bytes of IP packet. */
  readonly mtu: number
  /** The VRF it is in; absent for the default table. */
  readonly vrf?: string
  /** The bridge it is a port of. */
  readonly bridge?: string
  readonly addresses: readonly InterfaceAddress[]
  /** What it tells IPv6 hosts as their router (RFC 4861); absent where no hosts are. */
  readonly advertises?: RouterAdvertisement
  readonly why: Why
}

/** A router advertisement (RFC 4861 §4.2). The prefixes are those of the interface's own addresses. */
export interface RouterAdvertisement {
  /** Addresses come from DHCPv6; hosts make none themselves. */
  readonly managed: boolean
  /** Which of several routers hosts take (RFC 4191). */
  readonly preference: 'high' | 'medium' | 'low'
  /** Seconds between advertisements, and for which one counts: when a router falls silent, hosts leave it after so long. */
  readonly intervalSeconds: number
  readonly lifetimeSeconds: number
  /** Resolvers (RFC 8106). */
  readonly resolvers: readonly string[]
  readonly why: Why
}

/** An address with its prefix length, `10.0.0.1/31`. */
export interface InterfaceAddress {
  readonly address: string
  readonly why: Why
}

/** A port of the hardware. */
export interface PhysicalInterface extends InterfaceBase {
  readonly kind: 'physical'
  /** bit/s it runs at. */
  readonly speed: number
  /** The cable or circuit plugged in; absent for an unused port that is still configured. */
  readonly link?: string
  /** Set where something that is not ours may be plugged in: a desk, a printer, a camera. */
  readonly guard?: PortGuard
}

/** What a port of a switch refuses from whatever is plugged in: bridge protocol frames, router advertisements, DHCP answers, and more broadcast than a host has reason to send. */
export interface PortGuard {
  /** Broadcast and multicast frames a second that pass; beyond it they are dropped. */
  readonly stormFramesPerSecond: number
  /** Whether nothing of a host passes until the device's authenticator has let it in (IEEE 802.1X). Each host behind the port for itself: a telephone and the computer behind it. */
  readonly authenticated: boolean
  readonly why: Why
}

/** Several ports as one. */
export interface LagInterface extends InterfaceBase {
  readonly kind: 'lag'
  readonly members: readonly string[]
  /** LACP, or one port at a time with the first member preferred; LACP if not said. */
  readonly mode?: 'lacp' | 'active-standby'
}

/** A VLAN of a parent interface. */
export interface VlanInterface extends InterfaceBase {
  readonly kind: 'vlan'
  readonly parent: string
  /** IEEE 802.1Q VLAN id, 1–4094. */
  readonly vid: number
}

/** A bridge; its ports name it in `bridge`. */
export interface BridgeInterface extends InterfaceBase {
  readonly kind: 'bridge'
  /** A MAC address of its own where the design needs a stable one (EVPN router MAC). */
  readonly mac?: string
}

/** A VXLAN tunnel end. */
export interface VxlanInterface extends InterfaceBase {
  readonly kind: 'vxlan'
  readonly vni: number
  /** Source address of the tunnel: the device's loopback. */
  readonly local: string
}

/** The loopback (`lo`), or one more of its kind. */
export interface LoopbackInterface extends InterfaceBase {
  readonly kind: 'loopback'
}

/** A point-to-point tunnel. */
export interface TunnelInterface extends InterfaceBase {
  readonly kind: 'tunnel'
  readonly local: string
  readonly remote: string
}

/** A WireGuard tunnel to one other device: what comes out of it was sent by whoever has the private key. It carries every address; routing decides what goes in. */
export interface WireguardInterface extends InterfaceBase {
  readonly kind: 'wireguard'
  /** The private key. */
  readonly privateKey: SecretName
  /** UDP port that it listens on. */
  readonly port: number
  readonly peer: WireguardPeer
}

/** The other end of a tunnel. */
export interface WireguardPeer {
  /** `site/device`. */
  readonly name: string
  /** Curve25519 public key, base64. */
  readonly publicKey: string
  /** Where it listens, `192.0.2.1:51820` or `[2001:db8::1]:51820`; absent where the peer calls us. */
  readonly endpoint?: string
  /** Seconds between packets that keep a way open through address translation; absent where nothing is in between. */
  readonly keepalive?: number
  readonly why: Why
}
