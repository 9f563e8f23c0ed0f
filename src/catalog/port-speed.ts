/** Ethernet speeds of ports, bit/s (IEEE 802.3-2022; 800 Gb/s: IEEE 802.3df-2024). */
const PORT_SPEEDS = [1e9, 2.5e9, 5e9, 10e9, 25e9, 40e9, 50e9, 100e9, 200e9, 400e9, 800e9] as const

/** bit/s at which ports run that are to carry so many: the next Ethernet speed. A circuit of 500 Mbps is handed over on a gigabit port. */
export function portSpeed(wanted: number): number {
  return PORT_SPEEDS.find((speed) => speed >= wanted) ?? wanted
}
