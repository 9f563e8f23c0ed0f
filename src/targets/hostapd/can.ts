/** What hostapd can be asked: whom to let in, at ports and in the air. That a port passes nothing before is the kernel's work. */
import { only } from '../abilities.ts'

/** The answers. */
export const can = only(['admit'], 'hostapd lets hosts in at ports and wireless networks, and does nothing else')
