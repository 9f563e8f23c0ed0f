/**
 * The built-in device types: hardware that runs Linux, one or two for each role that the standards fill. Only facts are carried over, from the source named at each;
 * what a source does not say is absent. Ports have the names that the operating system gives them: switches `swp1` and on in the order of the front plate, as Cumulus
 * Linux and DENT do; servers `eth0` and on, in the order listed here, which their image has to arrange. All are short enough for a VLAN subinterface `NAME.4094` to fit
 * in the 15 characters of a Linux interface name. A server's port for its management controller is listed, but no interface of the operating system.
 */
import { freeze } from '#base/canonical.ts'
import { type DeviceType, type Port, slugOf } from './device-type.ts'

/** bit/s. */
const G = 1e9

/** `count` ports named `prefix` and a number from `first`. */
function ports(prefix: string, first: number, count: number, of: Pick<Port, 'speed' | 'medium' | 'poe'>): Port[] {
  return Array.from({ length: count }, (_, index) => ({ name: `${prefix}${first + index}`, management: false, ...of }))
}

/** A port of a controller, which is no interface of the operating system. */
function controllerPort(name: string): Port {
  return { ...managementPort(name), controller: true }
}

function managementPort(name: string): Port {
  return { name, speed: 1 * G, medium: 'copper', management: true }
}

function deviceType(type: Omit<DeviceType, 'slug'>): DeviceType {
  return freeze({ slug: slugOf(type.manufacturer, type.model), ...type })
}

/** An inlet of each of two supplies, of which one can carry the device. */
function twoSupplies(maximumDraw?: number): DeviceType['powerPorts'] {
  return ['psu1', 'psu2'].map((name) => ({ name, type: 'iec-60320-c14', ...(maximumDraw && { maximumDraw }) }))
}

const RJ45_CONSOLE: DeviceType['consolePorts'] = [{ name: 'console', type: 'rj-45' }]
const SERIAL_CONSOLE: DeviceType['consolePorts'] = [{ name: 'serial', type: 'de-9' }]

export const BUILT_IN_DEVICE_TYPES: readonly DeviceType[] = [
  // Spine. Ports: https://www.servethehome.com/edgecore-as7712-32x-switch-overview/ (an open switch with ONIE).
  deviceType({
    manufacturer: 'Edgecore',
    model: 'AS7712-32X',
    height: 1,
    fullDepth: true,
    ports: [managementPort('eth0'), ...ports('swp', 1, 32, { speed: 100 * G, medium: 'qsfp' })],
    powerPorts: twoSupplies(),
    consolePorts: RJ45_CONSOLE,
    moduleBays: 2,
  }),
  // Spine of a larger pod. Ports: 64x100G in device/accton/x86_64-accton_as7816_64x-r0 of sonic-buildimage.
  deviceType({
    manufacturer: 'Edgecore',
    model: 'AS7816-64X',
    height: 2,
    fullDepth: true,
    ports: [managementPort('eth0'), ...ports('swp', 1, 64, { speed: 100 * G, medium: 'qsfp' })],
    powerPorts: twoSupplies(),
    consolePorts: RJ45_CONSOLE,
    moduleBays: 2,
  }),
  // Leaf. Ports and weight: device-types/Edgecore/AS7326-56X-O-AC-F.yaml of the NetBox library. Its two SFP+ ports to the CPU have no name that all images share, and are left out.
  deviceType({
    manufacturer: 'Edgecore',
    model: 'AS7326-56X',
    height: 1,
    fullDepth: true,
    weight: 10,
    airflow: 'front-to-rear',
    ports: [managementPort('eth0'), ...ports('swp', 1, 48, { speed: 25 * G, medium: 'sfp' }), ...ports('swp', 49, 8, { speed: 100 * G, medium: 'qsfp' })],
    powerPorts: twoSupplies(),
    consolePorts: RJ45_CONSOLE,
    moduleBays: 8,
  }),
  // Access switch with PoE. Ports: 48x1G+4x25G+2x100G in device/accton/x86_64-accton_as4630_54pe-r0 of sonic-buildimage. How much power a port gives differs between its ports, and is left out.
  deviceType({
    manufacturer: 'Edgecore',
    model: 'AS4630-54PE',
    height: 1,
    fullDepth: true,
    ports: [
      managementPort('eth0'),
      ...ports('swp', 1, 48, { speed: 1 * G, medium: 'copper', poe: 'pse' }),
      ...ports('swp', 49, 4, { speed: 25 * G, medium: 'sfp' }),
      ...ports('swp', 53, 2, { speed: 100 * G, medium: 'qsfp' }),
    ],
    powerPorts: twoSupplies(),
    consolePorts: RJ45_CONSOLE,
    moduleBays: 2,
  }),
  // Edge router or firewall: an R650 with an Intel E810-XXVDA4 (4 × SFP28) on OCP 3.0 and one on PCIe, and its two copper ports. Height, inlets: device-types/Dell/PowerEdge-R650.yaml of the NetBox library.
  deviceType({
    manufacturer: 'Dell',
    model: 'PowerEdge R650 8x25G',
    height: 1,
    fullDepth: true,
    airflow: 'front-to-rear',
    ports: [controllerPort('idrac'), ...ports('eth', 0, 8, { speed: 25 * G, medium: 'sfp' }), ...ports('eth', 8, 2, { speed: 1 * G, medium: 'copper' })],
    powerPorts: twoSupplies(800),
    consolePorts: SERIAL_CONSOLE,
    moduleBays: 0,
  }),
  // Edge router or firewall of a small office. All of it: device-types/Supermicro/SYS-510D-8C-FN6P.yaml of the NetBox library.
  deviceType({
    manufacturer: 'Supermicro',
    model: 'SYS-510D-8C-FN6P',
    height: 1,
    fullDepth: false,
    weight: 4.54,
    airflow: 'front-to-rear',
    ports: [controllerPort('bmc'), ...ports('eth', 0, 4, { speed: 1 * G, medium: 'copper' }), ...ports('eth', 4, 2, { speed: 25 * G, medium: 'sfp' })],
    powerPorts: [{ name: 'psu1', type: 'iec-60320-c14', maximumDraw: 200 }],
    consolePorts: [],
    moduleBays: 0,
  }),
  // Server, 1U: an R650 with a two-port SFP28 card on OCP 3.0. Height, inlets, copper ports as above.
  deviceType({
    manufacturer: 'Dell',
    model: 'PowerEdge R650 2x25G',
    height: 1,
    fullDepth: true,
    airflow: 'front-to-rear',
    ports: [controllerPort('idrac'), ...ports('eth', 0, 2, { speed: 25 * G, medium: 'sfp' }), ...ports('eth', 2, 2, { speed: 1 * G, medium: 'copper' })],
    powerPorts: twoSupplies(800),
    consolePorts: SERIAL_CONSOLE,
    moduleBays: 0,
  }),
  // Server, 2U, with room for disks: an R750 with a two-port SFP28 card on OCP 3.0. Height, supplies as modules: device-types/Dell/PowerEdge-R750.yml of the NetBox library.
  deviceType({
    manufacturer: 'Dell',
    model: 'PowerEdge R750 2x25G',
    height: 2,
    fullDepth: true,
    airflow: 'front-to-rear',
    ports: [controllerPort('idrac'), ...ports('eth', 0, 2, { speed: 25 * G, medium: 'sfp' })],
    powerPorts: twoSupplies(),
    consolePorts: SERIAL_CONSOLE,
    moduleBays: 2,
  }),
]
