/** What can be plugged into a port, told from the name of its interface type in NetBox (`25gbase-x-sfp28`; netbox dcim/choices.py, InterfaceTypeChoices). */

/**
 * The family of a port's socket. Within a family a lower generation fits in a higher one (SFP+ in SFP28, QSFP28 in QSFP-DD), so family and speed together say what fits:
 *
 * - `copper` an RJ45 jack
 * - `sfp`, `qsfp`, `osfp` a cage for that pluggable, of any generation
 * - `cage` a cage for an older or larger pluggable (GBIC, XFP, X2, CFP, ...): takes optics, no direct-attach cable
 * - `other` a backplane lane, fixed fibre or single-pair copper, which we don't cable
 */
export type PortMedium = 'copper' | 'sfp' | 'qsfp' | 'osfp' | 'cage' | 'other'

/** `100base-tx`, `2.5gbase-t`, `25gbase-x-sfp28`: the speed, its unit, whether it is pluggable (`x`), and the socket. */
const ETHERNET = /^(\d+(?:\.\d+)?)([gt]?)base-(x-)?([a-z0-9-]+)$/
const UNIT: Readonly<Record<string, number>> = { '': 1e6, g: 1e9, t: 1e12 }

/** Sockets by the start of their name. */
const PLUGGABLE: readonly (readonly [pattern: RegExp, medium: PortMedium])[] = [
  [/^d?sfp/, 'sfp'],
  [/^qsfp/, 'qsfp'],
  [/^osfp/, 'osfp'],
  [/^(gbic|xfp|xenpak|x2|cfp|cxp|cpak|cdfp)/, 'cage'],
]

/** Virtual and aggregate interfaces, radio, WAN and access lines, storage networks, stacking. `other` says nothing, so it can't be cabled. */
const NO_PORT =
  /^(virtual|bridge|lag|ieee802\..+|other|other-wireless|gsm|cdma|lte|[45]g|sonet-.+|\d+gfc-.+|infiniband-.+|[te][13]|xdsl|docsis|moca|(b|e|10g-e|g|xg-|xgs-|25gs-|50g-)pon|ng-pon2|(cisco|juniper|extreme)-.+)$/

/** Reads NetBox's name of an interface type: the speed (bit/s) and socket of an Ethernet port, or that it is none. Undefined for a name that the format does not have. */
export function readInterfaceType(type: string): { readonly speed: number; readonly medium: PortMedium } | 'no-port' | undefined {
  const match = ETHERNET.exec(type)
  if (!match) return NO_PORT.test(type) ? 'no-port' : undefined
  const [, speed, unit, pluggable, socket] = match
  const medium = pluggable ? PLUGGABLE.find(([pattern]) => pattern.test(socket!))?.[1] : socket === 't' || socket === 'tx' ? 'copper' : 'other'
  return medium && { speed: Number(speed) * UNIT[unit!]!, medium }
}
