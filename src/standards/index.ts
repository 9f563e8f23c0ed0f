/** The built-in standards. A new one is a folder and a line here. */
export { dataCentre1 as dataCentre } from './data-centre/data-centre-1.ts'
export { office1 as office } from './office/office-1.ts'
export { wan1 as wan } from './wan/wan-1.ts'
