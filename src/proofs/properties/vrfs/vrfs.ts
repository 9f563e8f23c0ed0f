/** Zones stay apart in the fabric: a VRF takes in only routes that the same zone says at the same site, so no packet gets from one to another but by a firewall. */
import { siteOf } from '../../engine/network/told.ts'
import type { Property } from '../../proof.ts'

/** The property. VRFs are called after their zones. */
export const vrfs: Property = {
  name: 'vrfs',
  title: 'zones stay apart in the fabric',
  ofRouting: true,
  *ofNetwork({ world }) {
    const members = world.routed.speakers.flatMap(({ device, vrf, router }) =>
      router.evpn.vrf && vrf !== '' ? [{ device, site: siteOf(device), vrf, ...router.evpn.vrf }] : [],
    )
    const says = Map.groupBy(members, ({ site, exportTarget }) => `${site} ${exportTarget}`)
    for (const { device, site, vrf, importTarget } of members) {
      const stranger = says.get(`${site} ${importTarget}`)?.find((other) => other.vrf !== vrf)
      const counter = stranger && { says: `${device} takes into ${vrf} what ${stranger.device} says of ${stranger.vrf} (target ${importTarget})`, device }
      yield { property: vrfs.name, id: `${device}#${vrf}`, holds: !counter, why: [], ...(counter ? { counter } : {}) }
    }
  },
}
