/** Numbers by which places where people work are sized, each with its unit and where it comes from. Standards share them; a company's own standard may take others. */

/** Ports of an access switch, and how full it is planned: the rest is for what comes next month. Design constant. */
export const SWITCH = { ports: 48, fill: 0.9 } as const

/** W that an access switch gives over Ethernet with one of its two supplies lost, and the share that is planned (80 % of the budget, IEEE 802.3bt classes summed at their maximum). */
export const POE = { watts: 740, fill: 0.8 } as const

/** Boxes of a stack: the common limit of vendors. */
export const STACK_MEMBERS = 8

/** Stacks that hang on the gateways themselves; beyond that a pair of distribution switches is in between. A gateway has eight fast ports: peer, state, two ways out, and these. */
export const STACKS_ON_GATEWAYS = 4

/** Stacks that a pair of distribution switches carries: 48 ports less one for the gateway. */
export const STACKS_ON_DISTRIBUTION = 47

/** W of a powered device at its port: a telephone (IEEE 802.3af class 3), a camera (802.3at class 4), an access point (802.3bt class 6). */
export const WATTS = { telephone: 15.4, camera: 30, accessPoint: 60 } as const

/** Addresses a seat: the computer, and every second person's other one. */
export const ADDRESSES_PER_SEAT = 1.5

/** Guests at once, a seat. */
export const GUESTS_PER_SEAT = 0.5

/** Seats that share a printer (design constant; one port each). */
export const SEATS_PER_PRINTER = 25

/** People that one access point carries well: 15–25 clients a radio is common planning advice; the middle. */
export const SEATS_PER_ACCESS_POINT = 20

/** m² that one access point covers: 2,500 sq ft, the dense end of Cisco's location-grade spacing of 50–70 ft (OL-11612). */
export const AREA_PER_ACCESS_POINT = 232.25

/** m² that one access point covers in a warehouse, by what is done there: aisles between racks, docks, open floor. A survey decides; these are what is planned with. */
export const AREA_PER_WAREHOUSE_ACCESS_POINT = { racked: 464.5, dock: 929, staging: 1393.5 } as const

/**
 * m² that one cabinet serves in a warehouse: cable runs are at most 90 m (TIA-568), of which 9 m go up and 9 m down at each rack of 12 m and 3 m are slack, so a run reaches 69 m; what
 * Manhattan runs of r reach is a diamond of 2 r².
 */
export const AREA_PER_CABINET = 2 * 69 ** 2

/** Seats beyond which a place gets two ways out that do not fail together: an hour without a network costs more than a second circuit a year. Design constant. */
export const SEATS_WITH_ONE_CIRCUIT = 50

/** Broadcast and multicast frames a second that one port may send: a host that joins sends a few dozen, a loop sends what the port can carry. Design constant. */
export const STORM_FRAMES = 500

/** bit/s of a port at a desk, and between switches, gateways and edges. */
export const SPEED = { desk: 1e9, uplink: 10e9 } as const

/** Height of a cabinet, in rack units. */
export const CABINET = 42
