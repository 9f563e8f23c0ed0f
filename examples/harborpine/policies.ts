/** Who works with what. What is not allowed is denied. */
import { allow, at, external, service } from 'netwright'
import { machines, places, zone } from './zones.ts'

const internet = external('internet')

// Everybody but guests.
for (const from of [...places, ...machines]) {
  allow({ from, to: service('dns'), why: 'nothing works without names', owner: 'network' })
  allow({ from, to: service('ntp'), why: 'logs and tickets need the right time', owner: 'network' })
}

allow({ from: service('dns'), to: internet, ports: ['53/udp', '53/tcp'], why: 'the names of others are asked for out there', owner: 'network' })
allow({ from: service('ntp'), to: internet, ports: ['123/udp'], why: 'our clocks follow public ones', owner: 'network' })

// People.
for (const from of [zone.users, zone.agents]) {
  allow({ from, to: service('directory'), why: 'people log in', owner: 'identity' })
  allow({ from, to: service('identity'), why: 'one login for all that is on the web', owner: 'identity' })
  allow({ from, to: service('erp'), why: 'orders, stock and invoices are worked on there', owner: 'finance-systems' })
  allow({ from, to: service('orders-map'), why: 'customers ask where their sofa is', owner: 'logistics' })
  allow({ from, to: service('print'), why: 'people print', owner: 'workplace' })
  allow({ from, to: internet, ports: ['80/tcp', '443/tcp'], why: 'staff work on the web', owner: 'network' })
}
allow({ from: zone.users, to: service('mail'), why: 'people write to each other', owner: 'workplace' })
allow({ from: zone.users, to: service('files'), why: 'plans and price lists are shared', owner: 'workplace' })
allow({ from: zone.users, to: service('wms'), why: 'the desks of a warehouse plan its work', owner: 'logistics' })
allow({ from: zone.users, to: service('video'), why: 'designers watch the films of rooms', owner: 'media' })
allow({ from: at(zone.users, 'bos-hq', 'lon-office'), to: service('cctv'), why: 'the security desks are in Boston and London', owner: 'security' })
allow({ from: zone.guest, to: internet, ports: ['80/tcp', '443/tcp', '443/udp', '53/udp'], why: 'guests get the internet and nothing else', owner: 'network' })

// Warehouses.
allow({ from: zone.scanners, to: service('wms'), why: 'a scanner asks where to go next', owner: 'logistics' })
allow({ from: zone.scanners, to: service('identity'), why: 'who picks logs in on the scanner', owner: 'identity' })

// Telephones.
allow({ from: zone.voice, to: zone.voice, ports: ['16384-32767/udp'], why: 'speech goes from telephone to telephone', owner: 'customer-care' })
allow({ from: zone.voice, to: service('voice'), why: 'telephones register, and listen to voice mail', owner: 'customer-care' })
allow({ from: service('voice'), to: zone.voice, ports: ['16384-32767/udp'], why: 'calls from outside end at a telephone', owner: 'customer-care' })
allow({ from: external('telephony'), to: service('voice'), ports: ['5061/tcp', '16384-32767/udp'], why: 'customers call', owner: 'customer-care' })
allow({ from: service('voice'), to: external('telephony'), ports: ['5061/tcp', '16384-32767/udp'], why: 'agents call back', owner: 'customer-care' })

// Things never begin a conversation: what they serve comes to them.
allow({ from: service('print'), to: zone.things, ports: ['631/tcp'], why: 'queues hand pages to printers', owner: 'workplace' })
allow({ from: service('cctv'), to: zone.things, ports: ['554/tcp'], why: 'the recorder fetches what cameras see', owner: 'security' })

// Customers, partners and vendors.
allow({ from: internet, to: service('storefront'), why: 'customers shop', owner: 'commerce' })
allow({ from: internet, to: service('video'), why: 'customers send films of their rooms', owner: 'media' })
allow({ from: external('haulier'), to: service('orders-map'), why: 'drivers say what they have delivered', owner: 'logistics' })
allow({ from: service('payments'), to: external('card-acquirer'), ports: ['443/tcp'], why: 'cards are charged', owner: 'commerce' })
allow({ from: external('mail-filter'), to: service('mail'), ports: ['25/tcp'], why: 'mail from outside comes filtered', owner: 'workplace' })
allow({ from: service('mail'), to: external('mail-filter'), ports: ['25/tcp'], why: 'mail to outside leaves the same way', owner: 'workplace' })
allow({ from: service('backups'), to: external('object-store'), ports: ['443/tcp'], why: 'the third copy lies with somebody else', owner: 'data-platform' })

// Those who run it. They come in by the bastion and go on from there.
allow({ from: at(zone.users, 'bos-hq', 'dub-office'), to: service('bastion'), why: 'the people who run it sit in Boston and Dublin', owner: 'security' })
allow({ from: at(zone.users, 'bos-hq', 'dub-office'), to: service('monitoring'), why: 'they see what is up', owner: 'operations' })
allow({ from: at(zone.users, 'bos-hq', 'dub-office'), to: service('logs'), ports: ['443/tcp'], why: 'they read what happened', owner: 'security' })
for (const to of machines) {
  allow({ from: zone.operators, to, ports: ['22/tcp'], why: 'machines are repaired', owner: 'operations' })
  allow({ from: service('monitoring'), to, ports: ['9100/tcp'], why: 'every machine is measured', owner: 'operations' })
  allow({ from: to, to: service('logs'), ports: ['6514/tcp'], why: 'what happened is kept where whoever did it cannot delete it', owner: 'security' })
}

// Copies.
for (const from of [zone.app, zone.db, zone.core, zone.media, zone.operators]) {
  allow({ from, to: service('backups'), why: 'what must not be lost is copied', owner: 'data-platform' })
}
for (const name of ['backups', 'catalogue-db', 'directory', 'erp-db', 'events', 'files', 'orders-db', 'payments-db', 'video-store', 'wms-db']) {
  allow({ from: service(name), to: service(name), why: 'replicas in several data centres keep in step', owner: 'data-platform' })
}
