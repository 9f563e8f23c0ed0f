/**
 * Which cable joins two ports. A table of what is sold for each speed and socket, the cheapest first, each with the length to which it reaches; the first that reaches
 * is taken. Reaches are the lower of the standard's and the makers', so that a choice works whoever supplies it.
 */
import type { Port } from './device-type.ts'
import type { PortMedium } from './port-medium.ts'

/** A cable with what is at its ends: a kind, for one speed. */
export interface Medium {
  /**
   * `twisted-pair` a Cat6A cord; `dac` a copper cable fixed to its two plugs; `aoc` the same with fibre;
   * `multimode` and `single-mode` duplex or parallel fibre (OM4, OS2) between two transceivers.
   */
  readonly kind: 'twisted-pair' | 'dac' | 'aoc' | 'multimode' | 'single-mode'
  /** The physical layer it carries, as transceivers are sold by: `25GBASE-SR`. */
  readonly name: string
  /** bit/s. */
  readonly speed: number
  /** m. */
  readonly reach: number
}

/** How far apart two ports are: m along the cable, or as much as is known. */
export type Distance = number | 'same-rack' | 'same-room' | 'unknown'

/** The longest cord within a rack, m: 42 units are 1.87 m (EIA-310-D), and 0.6 m to each side of it. */
export const SAME_RACK_LENGTH = 3

/** The longest cord within a room, m: across a pod of 24 racks it is 15.4 m with the slack; 30 m is the longest that fixed optical cables are stocked in. */
export const SAME_ROOM_LENGTH = 30

/** One thing that is sold: it fits where both ports are among `ports`. */
interface Offer extends Medium {
  readonly ports: readonly PortMedium[]
}

const M = 1e6
const G = 1e9
const SFP: readonly PortMedium[] = ['sfp']
const QSFP: readonly PortMedium[] = ['qsfp']
const QSFP_OR_OSFP: readonly PortMedium[] = ['qsfp', 'osfp']
// Fibre meets between any two cages: each end has the transceiver of its own.
const SFP_OPTICS: readonly PortMedium[] = ['sfp', 'cage']
const QSFP_OPTICS: readonly PortMedium[] = ['qsfp', 'osfp', 'cage']
const COPPER: readonly PortMedium[] = ['copper']
const COPPER_OR_SFP: readonly PortMedium[] = ['copper', 'sfp']

/** Cheapest first within a speed. Sources: IEEE 802.3 by clause; where makers say less, they are named. */
const OFFERS: readonly Offer[] = [
  // 100 m is the channel of ISO/IEC 11801; Cat6A carries 10GBASE-T over all of it.
  { kind: 'twisted-pair', name: '100BASE-TX', speed: 100 * M, reach: 100, ports: COPPER },
  { kind: 'twisted-pair', name: '1000BASE-T', speed: 1 * G, reach: 100, ports: COPPER },
  { kind: 'twisted-pair', name: '2.5GBASE-T', speed: 2.5 * G, reach: 100, ports: COPPER },
  { kind: 'twisted-pair', name: '5GBASE-T', speed: 5 * G, reach: 100, ports: COPPER },
  { kind: 'twisted-pair', name: '10GBASE-T', speed: 10 * G, reach: 100, ports: COPPER },

  // Clause 38: 550 m on 50 µm fibre, 5 km on single-mode.
  { kind: 'multimode', name: '1000BASE-SX', speed: 1 * G, reach: 550, ports: SFP_OPTICS },
  { kind: 'single-mode', name: '1000BASE-LX', speed: 1 * G, reach: 5000, ports: SFP_OPTICS },
  // A cage with a transceiver that has a jack, to a jack. At 10 Gbit/s its power in an SFP+ cage ends it at 30 m (makers' data sheets).
  { kind: 'twisted-pair', name: '1000BASE-T', speed: 1 * G, reach: 100, ports: COPPER_OR_SFP },
  { kind: 'twisted-pair', name: '10GBASE-T', speed: 10 * G, reach: 30, ports: COPPER_OR_SFP },

  // SFF-8431 annex E gives no length; 5 m is what all makers sell as passive. Clause 52: 400 m on OM4, 10 km.
  { kind: 'dac', name: '10GSFP+Cu', speed: 10 * G, reach: 5, ports: SFP },
  { kind: 'aoc', name: '10G AOC', speed: 10 * G, reach: 30, ports: SFP },
  { kind: 'multimode', name: '10GBASE-SR', speed: 10 * G, reach: 400, ports: SFP_OPTICS },
  { kind: 'single-mode', name: '10GBASE-LR', speed: 10 * G, reach: 10_000, ports: SFP_OPTICS },

  // Clause 110: 3 m without Reed-Solomon FEC (CR-S); 5 m would need it at both ends. Clause 112: 100 m on OM4. Clause 114: 10 km.
  { kind: 'dac', name: '25GBASE-CR-S', speed: 25 * G, reach: 3, ports: SFP },
  { kind: 'aoc', name: '25G AOC', speed: 25 * G, reach: 30, ports: SFP },
  { kind: 'multimode', name: '25GBASE-SR', speed: 25 * G, reach: 100, ports: SFP_OPTICS },
  { kind: 'single-mode', name: '25GBASE-LR', speed: 25 * G, reach: 10_000, ports: SFP_OPTICS },

  // Clause 85: 7 m; makers stock 5 m. Clause 86: 150 m on OM4. Clause 87: 10 km.
  { kind: 'dac', name: '40GBASE-CR4', speed: 40 * G, reach: 5, ports: QSFP },
  { kind: 'aoc', name: '40G AOC', speed: 40 * G, reach: 30, ports: QSFP },
  { kind: 'multimode', name: '40GBASE-SR4', speed: 40 * G, reach: 150, ports: QSFP_OPTICS },
  { kind: 'single-mode', name: '40GBASE-LR4', speed: 40 * G, reach: 10_000, ports: QSFP_OPTICS },

  // Clause 92: 5 m. Clause 95: 100 m on OM4. 100G CWDM4 MSA: 2 km. Clause 88: 10 km.
  { kind: 'dac', name: '100GBASE-CR4', speed: 100 * G, reach: 5, ports: QSFP },
  { kind: 'aoc', name: '100G AOC', speed: 100 * G, reach: 30, ports: QSFP },
  { kind: 'multimode', name: '100GBASE-SR4', speed: 100 * G, reach: 100, ports: QSFP_OPTICS },
  { kind: 'single-mode', name: '100G-CWDM4', speed: 100 * G, reach: 2000, ports: QSFP_OPTICS },
  { kind: 'single-mode', name: '100GBASE-LR4', speed: 100 * G, reach: 10_000, ports: QSFP_OPTICS },

  // Makers: 2.5 m passive. Clause 138: 100 m on OM4. Clause 124: 500 m. Clause 151: 2 km and 6 km.
  { kind: 'dac', name: '400G DAC', speed: 400 * G, reach: 2.5, ports: QSFP_OR_OSFP },
  { kind: 'aoc', name: '400G AOC', speed: 400 * G, reach: 30, ports: QSFP_OR_OSFP },
  { kind: 'multimode', name: '400GBASE-SR8', speed: 400 * G, reach: 100, ports: QSFP_OPTICS },
  { kind: 'single-mode', name: '400GBASE-DR4', speed: 400 * G, reach: 500, ports: QSFP_OPTICS },
  { kind: 'single-mode', name: '400GBASE-FR4', speed: 400 * G, reach: 2000, ports: QSFP_OPTICS },
  { kind: 'single-mode', name: '400GBASE-LR4-6', speed: 400 * G, reach: 6000, ports: QSFP_OPTICS },
]

/** The two ports to join, the speed to run at (bit/s), and how far apart they are. */
export interface Join {
  readonly speed: number
  readonly a: Pick<Port, 'speed' | 'medium'>
  readonly b: Pick<Port, 'speed' | 'medium'>
  readonly distance: Distance
}

/**
 * The medium that joins two ports: the cheapest that reaches, and the farthest-reaching where nothing is known of the length. Undefined when these ports can't be joined
 * at that speed over that length.
 */
export function chooseMedium({ speed, a, b, distance }: Join): Medium | undefined {
  if (speed > a.speed || speed > b.speed) return undefined
  const fitting = OFFERS.filter((offer) => offer.speed === speed && offer.ports.includes(a.medium) && offer.ports.includes(b.medium))
  const offer = distance === 'unknown' ? fitting.toSorted((x, y) => y.reach - x.reach)[0] : fitting.find(({ reach }) => reach >= metres(distance))
  return offer && { kind: offer.kind, name: offer.name, speed, reach: offer.reach }
}

function metres(distance: Exclude<Distance, 'unknown'>): number {
  if (distance === 'same-rack') return SAME_RACK_LENGTH
  return distance === 'same-room' ? SAME_ROOM_LENGTH : distance
}
