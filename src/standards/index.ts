/** The built-in standards, each with its live versions. A new one is a folder and a line here. */
import { office1, office2 } from './office/office.ts'

export { callCentre1 as callCentre } from './call-centre/call-centre-1.ts'
export { type Area, type AreaPorts, type AreaSegment, campus } from './campus/campus.ts'
export { deskArea, Floor } from './campus/desks.ts'
export { dataCentre1 as dataCentre } from './data-centre/data-centre-1.ts'
export { wan1 as wan } from './wan/wan-1.ts'
export { warehouse1 as warehouse } from './warehouse/warehouse-1.ts'

/** office@1 and office@2. */
export const office = [office1, office2] as const
