/** What must hold whatever the policies say. Claims make no rule. */
import { expect, external, forbid, reach, service } from 'netwright'
import { places, zone } from './zones.ts'

forbid({ from: zone.guest, to: zone.inside, why: 'guests are strangers', owner: 'security' })
forbid({ from: zone.things, to: zone.users, why: 'a camera is a computer that nobody updates', owner: 'security' })
for (const from of places) {
  forbid({ from, to: zone.db, why: 'people reach databases through applications', owner: 'data-platform' })
  forbid({ from, to: zone.backup, why: 'whoever takes a desk must not reach the copies', owner: 'security' })
  forbid({ from, to: zone.management, why: 'devices are run from the bastion', owner: 'network' })
}
for (const to of [zone.db, zone.backup, zone.operators]) {
  forbid({ from: external('internet'), to, why: 'customers reach the shop and nothing behind it', owner: 'security' })
}
forbid({ from: zone.web, to: zone.backup, why: 'whoever breaks into the shop must not reach the copies', owner: 'security' })
forbid({ from: external('haulier'), to: service('wms'), why: 'drivers see orders, not stock', owner: 'logistics' })

expect(reach(zone.scanners, service('wms')).survives('any single circuit'), { why: 'a warehouse without it stands still', owner: 'logistics' })
expect(reach(zone.agents, service('orders-map')).survives('any single circuit'), { why: 'customers are on the line', owner: 'customer-care' })
expect(reach(zone.voice, service('voice')), { why: 'every telephone rings', owner: 'customer-care' })
expect(reach(external('internet'), service('storefront')).through('firewall'), { why: 'the shop is open, and behind a filter', owner: 'commerce' })
expect(reach('bos-hq/users-3', service('bastion')).through('firewall'), { why: 'the operations room is on the third floor', owner: 'operations' })
expect(reach(service('orders-map'), service('orders-db')).ways(256), { why: 'leaves, spines and borders each carry their share', owner: 'network' })
