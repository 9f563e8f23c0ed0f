/**
 * The devices of the golden files: an access switch with three ports that let hosts in and access points with two networks, one of which only lends its access points an open
 * network, and one whose servers are reached over IPv6 alone, from a management VRF.
 */
import type { Authenticator, Wireless } from '#design/for-hosts.ts'
import type { Device } from '#design/device.ts'
import type { Interface, PhysicalInterface } from '#design/interface.ts'

function port(device: string, name: string, authenticated: boolean): PhysicalInterface {
  const why = [`ask ${device.replace('/', ' device ')} port ${name}`]
  return {
    kind: 'physical',
    name,
    id: `${device}/${name}`,
    description: '',
    mtu: 1500,
    bridge: 'br20',
    addresses: [],
    speed: 1e9,
    guard: { stormFramesPerSecond: 1000, authenticated, why: ['standard campus guard'] },
    why,
  }
}

function managed(device: string, vrf: string | undefined, ...addresses: string[]): Interface {
  const why = [`ledger ${device}/br99`]
  return {
    kind: 'bridge',
    name: 'br99',
    id: `${device}/br99`,
    description: 'management',
    mtu: 1500,
    ...(vrf === undefined ? {} : { vrf }),
    addresses: addresses.map((address) => ({ address, why })),
    why,
  }
}

function device(
  id: string,
  interfaces: readonly Interface[],
  told: { readonly authenticator?: Omit<Authenticator, 'why'>; readonly wireless?: Omit<Wireless, 'why'> },
): Device {
  const [site = '', name = ''] = id.split('/')
  const why = [`ask ${site} devices ${name}`]
  return {
    kind: 'device',
    id,
    site,
    name,
    role: 'access-switch',
    model: 'switch',
    platform: ['linux', 'hostapd'],
    status: 'active',
    hostname: `${name}.${site}.harborpine.example`,
    forwards: false,
    interfaces,
    vrfs: [],
    ...(told.authenticator ? { authenticator: { ...told.authenticator, why: ['zone staff authenticated', ...why] } } : {}),
    ...(told.wireless ? { wireless: { ...told.wireless, why: [`ask ${site} wireless`, ...why] } } : {}),
    why,
  }
}

const [FLOOR, YARD, SIX] = ['ber-office/access-3a', 'rno1/yard-1', 'sgp-office/access-1']

/** The devices, by the name of the folder of their golden files. */
export const cases: Readonly<Record<string, Device>> = {
  'access-switch': device(
    FLOOR,
    [managed(FLOOR, undefined, '10.32.99.13/24', '2001:db8:32:f00::13/64'), ...['swp1', 'swp2', 'swp3'].map((name) => port(FLOOR, name, true)), port(FLOOR, 'swp4', false)],
    {
      authenticator: {
        source: ['10.32.99.13', '2001:db8:32:f00::13'],
        servers: ['10.1.250.51', '10.2.250.51', '2001:db8:1:fa00::51'],
        secret: 'ber-office/access-3a/radius',
      },
      wireless: {
        country: 'DE',
        networks: [
          { ssid: 'Harborpine', segment: 'staff', vid: 20, admits: 'authenticated', isolated: false, why: ['ask ber-office wireless Harborpine'] },
          { ssid: 'Gäste "Harborpine" #1', segment: 'guests', vid: 40, admits: 'everybody', isolated: true, why: ['ask ber-office wireless guests'] },
        ],
      },
    },
  ),
  'open-yard': device(YARD, [managed(YARD, undefined, '10.40.99.2/24'), port(YARD, 'swp1', false)], {
    wireless: { country: 'US', networks: [{ ssid: 'Drivers', segment: 'drivers', vid: 50, admits: 'everybody', isolated: true, why: ['ask rno1 wireless Drivers'] }] },
  }),
  'ipv6-only': device(SIX, [managed(SIX, 'management', '2001:db8:33:f00::11/64'), port(SIX, 'swp1', true)], {
    authenticator: { source: ['2001:db8:33:f00::11'], servers: ['2001:db8:1:fa00::51', '2001:db8:2:fa00::51'], secret: 'sgp-office/access-1/radius' },
  }),
}
