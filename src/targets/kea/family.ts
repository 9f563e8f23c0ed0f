/** What differs between Kea's two servers by name alone: kea-dhcp4 and kea-dhcp6 are programs of their own, with a file each. */
import { LEASE_SYNC } from '#design/ports.ts'

/** The names of one of the servers. */
export interface FamilyNames {
  readonly program: string
  /** The printed file. */
  readonly path: string
  /** The member of the file that holds everything, and that of it which holds the subnets. */
  readonly root: string
  readonly subnets: string
  /** Where it keeps leases, and where it is asked how it is. Debian's AppArmor profiles allow no other places (/etc/apparmor.d/usr.sbin.kea-dhcp4 and -dhcp6). */
  readonly leases: string
  readonly socket: string
  /**
   * TCP port at which its partner reaches it. 8000 is the control agent's; the manual suggests 8001 for a listener of the server's own (Kea 2.2 ARM §16.12.15), and the other
   * server of the same device needs one too.
   */
  readonly port: number
  /** The options that clients are given, and what their values are: addresses of the family, names, or bytes in hexadecimal. */
  readonly options: Readonly<Record<string, 'addresses' | 'names' | 'bytes'>>
}

const OPTIONS4 = {
  'domain-name-servers': 'addresses',
  'ntp-servers': 'addresses',
  'domain-name': 'names',
  'domain-search': 'names',
  routers: 'addresses',
  'geoconf-civic': 'bytes',
} as const
const OPTIONS6 = { 'dns-servers': 'addresses', 'sntp-servers': 'addresses', 'domain-search': 'names', 'geoconf-civic': 'bytes' } as const

/** Both servers. */
export const FAMILIES: Readonly<Record<4 | 6, FamilyNames>> = { 4: namesOf(4), 6: namesOf(6) }

function namesOf(family: 4 | 6): FamilyNames {
  return {
    program: `kea-dhcp${family}`,
    path: `kea-dhcp${family}.conf`,
    root: `Dhcp${family}`,
    subnets: `subnet${family}`,
    leases: `/var/lib/kea/kea-leases${family}.csv`,
    socket: `/run/kea/kea${family}-ctrl-socket`,
    port: LEASE_SYNC[family === 4 ? 'v4' : 'v6'].ports![0],
    options: family === 4 ? OPTIONS4 : OPTIONS6,
  }
}
