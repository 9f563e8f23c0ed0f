/** What hostapd is told, in its words. What is the same on all (ciphers, radio, scripts) is not here: `print` writes it and `parse` insists on it. */
import type { Why } from '#base/place.ts'

/** One switch: its ports that let hosts in, and the file of its access points; at least one of them. */
export interface HostapdTree {
  /** Whom both ask; absent where nobody is asked. */
  readonly radius?: Radius
  readonly ports?: Ports
  readonly accessPoint?: AccessPoint
}

/** The servers, all of one family: hostapd binds to one address, and cannot ask a server of the other family from it. */
export interface Radius {
  /** NAS-Identifier: the switch. */
  readonly identifier: string
  /** The first that answers is asked. */
  readonly servers: readonly string[]
  /** The file on the device that holds what it and the servers share. */
  readonly secretFile: string
  readonly why: Why
}

/** `hostapd.conf` and the ports that `hostapd.sh` starts it for. */
export interface Ports {
  /** Where servers are asked from. */
  readonly source: string
  /** The VRF of that address; absent for the default table. */
  readonly vrf?: string
  readonly names: readonly Port[]
}

/** A port. */
export interface Port {
  readonly name: string
  readonly why: Why
}

/** `access-point.conf`. */
export interface AccessPoint {
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly networks: readonly Network[]
  readonly why: Why
}

/** A BSS. */
export interface Network {
  readonly ssid: string
  /** VLAN id; the access point has a bridge `br-VLAN` for it. */
  readonly vid: number
  /** WPA3-Enterprise; Enhanced Open if not. */
  readonly authenticated: boolean
  readonly isolated: boolean
  readonly why: Why
}
