/** Single faults in printed files of the starter, each with the property that catches it, the device where it is, and what shows it. */

/** The set of a filter, with what becomes of its elements. */
export const inSet = (set: string, change: (elements: string) => string) => (text: string) =>
  text.replace(
    new RegExp(`(add element inet netwright ${set.replaceAll(/[/.]/g, '\\$&')} \\{\\n)([^}]*)(\\})`),
    (_, open, elements, close) => open + change(elements) + close,
  )

const without = (line: string) => (text: string) => text.replace(`${line}\n`, '')

/** A fault: where, what, by which property it is caught, at which device, and the packet that shows it. */
export interface Fault {
  readonly file: string
  readonly change: (text: string) => string
  readonly property: string
  readonly device: string
  readonly packet?: RegExp
  /** What it is told by where no packet shows it. */
  readonly says?: RegExp
}

const WEB_TO_DB = 'web-db-web/service/orders_map-ports'

export const FAULTS: Readonly<Record<string, Fault>> = {
  'an element of an office filter is missing': {
    file: 'ber-office/fw-a/nftables.conf',
    change: inSet('users-outside-users-ports-v4', without('  10.189.157.103/32 . tcp . 443,')),
    property: 'works',
    device: 'ber-office/fw-a',
    packet: /^10\.180\.\d+\.\d+ → 10\.189\.157\.103 tcp\/443$/,
  },
  'an element of IPv6 is missing': {
    file: 'ber-office/fw-a/nftables.conf',
    change: inSet('users-outside-users-ports-v6', without('  2001:db8:2888:1664::27/128 . tcp . 443,')),
    property: 'works',
    device: 'ber-office/fw-a',
    packet: /→ 2001:db8:2888:1664::27 tcp\/443$/,
  },
  'an element of a data-centre filter is missing': {
    file: 'bos1/fw-a/nftables.conf',
    change: inSet(`${WEB_TO_DB}-v4`, () => '  10.189.158.230/32 . tcp . 5433,\n'),
    property: 'works',
    device: 'bos1/fw-a',
    packet: /→ 10\.189\.158\.230 tcp\/5432$/,
  },
  'a port is another one': {
    file: 'bos1/fw-a/nftables.conf',
    change: inSet(`${WEB_TO_DB}-v6`, (elements) => elements.replace('5432', '5431')),
    property: 'filters',
    device: 'bos1/fw-a',
    packet: /tcp\/5431$/,
  },
  'a prefix of a destination is wider': {
    file: 'bos1/fw-a/nftables.conf',
    change: inSet(`${WEB_TO_DB}-v4`, (elements) => elements.replace('10.189.158.230/32', '10.189.158.0/24')),
    property: 'denied',
    device: 'bos1/r02-db-host-a',
    packet: /→ 10\.189\.158\.\d+ tcp\/5432$/,
  },
  'a prefix of a source is wider': {
    file: 'bos1/fw-a/nftables.conf',
    change: inSet('web/service/orders_map-v4', (elements) => elements.replace('10.189.157.103/32', '10.189.157.96/27')),
    property: 'denied',
    device: 'bos1/r01-db-host-a',
    packet: /^10\.189\.157\.\d+ → 10\.189\.158\.230 tcp\/5432$/,
  },
  'a port of an office filter is a range, though the data centre drops what it lets through': {
    file: 'lis-office/edge-a/nftables.conf',
    change: inSet('users-outside-users-ports-v4', (elements) => elements.replace('. tcp . 443,', '. tcp . 443-445,')),
    property: 'filters',
    device: 'lis-office/edge-a',
    packet: /tcp\/44[45]$/,
  },
  'two zones are exchanged': {
    file: 'bos1/fw-a/nftables.conf',
    change: (text) => text.replace(/("eth\d\.\d+" \. "eth\d\.\d+" : jump )web-db,/, '$1outside-web,'),
    property: 'works',
    device: 'bos1/fw-a',
  },
  'a rule accepts any port': {
    file: 'bos1/fw-a/nftables.conf',
    change: (text) =>
      text.replace(
        'ip saddr @web/service/orders_map-v4 ip daddr . meta l4proto . th dport @web-db-web/service/orders_map-ports-v4 counter accept',
        'ip saddr @web/service/orders_map-v4 counter accept\n    ip daddr . meta l4proto . th dport @web-db-web/service/orders_map-ports-v4 counter accept',
      ),
    property: 'filters',
    device: 'bos1/fw-a',
  },
  'a rule stands twice': {
    file: 'bos1/fw-a/nftables.conf',
    change: (text) => text.replace(/( {4}ip6 saddr @web\/service\/orders_map-v6 ip6 daddr .*accept\n)/, '$1$1'),
    property: 'rules',
    device: 'bos1/fw-a',
  },
  'a neighbour is missing': {
    file: 'bos1/leaf-r01-a/frr.conf',
    change: (text) => text.replaceAll(/^ +neighbor 10\.189\.147\.47 .*\n/gm, ''),
    property: 'sessions',
    device: 'bos1/spine-a',
  },
  'a neighbour has another AS number': {
    file: 'ber-office/edge-a/frr.conf',
    change: (text) => text.replace(/(neighbor 10\.180\.31\.4 remote-as )\d+/, '$164512'),
    property: 'sessions',
    device: 'ber-office/edge-a',
  },
  'an address of a link is another one': {
    file: 'ber-office/fw-a/network.ip',
    change: (text) => text.replace('address add 10.180.31.4/31 dev eth2', 'address add 10.180.31.6/31 dev eth2'),
    property: 'sessions',
    device: 'ber-office/fw-a',
  },
  'an address is somebody else’s': {
    file: 'bos1/leaf-r02-a/network.ip',
    change: (text) => text.replace(/address add (10\.189\.147\.\d+)\/32 dev lo/, 'address add 10.189.147.8/32 dev lo'),
    property: 'addresses',
    device: 'bos1/leaf-r02-a',
  },
  'the next hop of a default is another one': {
    file: 'ber-office/edge-b/frr.conf',
    change: (text) => text.replace('ip route 0.0.0.0/0 198.51.100.1', 'ip route 0.0.0.0/0 10.180.31.57'),
    property: 'works',
    device: 'ber-office/edge-b',
  },
  'a route goes back to where packets come from': {
    file: 'bos1/leaf-r01-a/frr.conf',
    change: (text) => text.replace('vrf web\n', 'vrf web\n ip route 192.0.2.0/24 10.189.147.61\n'),
    property: 'loops',
    device: 'bos1/leaf-r01-a',
    packet: /^10\.\S+ → 192\.0\.2\.0/,
  },
  'a VRF takes in the routes of another': {
    file: 'bos1/leaf-r01-a/frr.conf',
    change: (text) => text.replaceAll('route-target import 65000:10001', 'route-target import 65000:10014'),
    property: 'vrfs',
    device: 'bos1/leaf-r01-a',
  },
  'a host does not say its addresses': {
    file: 'bos1/r01-db-host-a/frr.conf',
    change: (text) => text.replaceAll('route-map to-leaf permit', 'route-map to-leaf deny'),
    property: 'works',
    device: 'bos1/border-a',
    packet: /→ 10\.189\.158\.230 tcp\/5432$/,
  },
  'a summary of one’s own stands before that of the hubs': {
    file: 'lis-office/edge-a/frr.conf',
    change: (text) => text.replace('  aggregate-address 10.183.40.0/22\n', '  aggregate-address 10.183.40.0/22\n  aggregate-address 10.0.0.0/8\n'),
    property: 'works',
    device: 'lis-office/edge-a',
    packet: /→ 10\.189\.157\.\d+ tcp\/443$/,
  },
  'strangers meet over an edge': {
    file: 'bos1/edge-b/nftables.conf',
    change: (text) =>
      text
        .replace(/ {4}iifname "swp5" counter drop\n/, '')
        .replace(/ {4}iifname "swp5" oifname "swp5" counter drop\n/, '    iifname "swp5" oifname "swp6" counter drop\n'),
    property: 'denied',
    device: 'bos1/edge-b',
  },
  'one end of a link takes smaller packets': {
    file: 'ber-office/edge-a/network.ip',
    change: (text) => text.replace('link set dev eth1 mtu 1500', 'link set dev eth1 mtu 1400'),
    property: 'mtu',
    device: 'ber-office/edge-a',
  },
  'a tunnel leaves no room for what is around its packets': {
    file: 'ber-office/edge-b/network.ip',
    change: (text) => text.replace('link set dev wg51979 mtu 1420', 'link set dev wg51979 mtu 1460'),
    property: 'mtu',
    device: 'ber-office/edge-b',
  },
  'a fabric link is too small for the overlay': {
    file: 'bos1/leaf-r01-a/network.ip',
    change: (text) => text.replace('link set dev swp49 mtu 9216', 'link set dev swp49 mtu 9200'),
    property: 'mtu',
    device: 'bos1/leaf-r01-a',
  },
  'a mask is too short': {
    file: 'ber-office/fw-a/network.ip',
    change: (text) => text.replace(/address add (10\.180\.25\.\d+)\/24/, 'address add $1/20'),
    property: 'overlaps',
    device: 'ber-office/fw-a',
  },
  'a desk may send with any source': {
    file: 'ber-office/fw-a/nftables.conf',
    change: (text) =>
      without('  "eth0.415" : jump sources-of-users,')(text).replace(/(chain users-outside \{\n(?:.*\n)*?) {4}ip saddr @users-v4 ip daddr/, '$1    ip daddr'),
    property: 'spoofing',
    device: 'ber-office/fw-a',
    packet: /^10\.\S+ → /,
  },
  'strangers may send with addresses of ours': {
    file: 'bos1/edge-b/nftables.conf',
    change: inSet('internet/refused-v4', without('  10.0.0.0/8,')),
    property: 'spoofing',
    device: 'bos1/edge-b',
    packet: /^10\.\S+ → /,
  },
  'strangers may send with our addresses of IPv6': {
    file: 'bos1/edge-b/nftables.conf',
    change: inSet('internet/refused-v6', without('  2001:db8::/32,')),
    property: 'spoofing',
    device: 'bos1/edge-b',
    packet: /^2001:db8:\S+ → /,
  },
  'anybody at a desk may log in to a firewall': {
    file: 'ber-office/fw-a/nftables.conf',
    change: inSet('local-ports-v4', (elements) => `  "eth0.415" . 10.180.24.0/22 . tcp . 22,\n${elements}`),
    property: 'management',
    device: 'ber-office/fw-a',
    packet: /^10\.180\.2\d\.\d+ → 10\.180\.\d+\.\d+ tcp\/22$/,
  },
  'servers may ask a leaf how it is': {
    file: 'bos1/leaf-r01-a/nftables.conf',
    change: inSet('local-ports-v6', (elements) => `${elements}  "web" . 2001:db8:2888:1000::/52 . udp . 161,\n`),
    property: 'management',
    device: 'bos1/leaf-r01-a',
    packet: /^2001:db8:2888:1\S+ → \S+ udp\/161$/,
  },
  'desks are let into the management network': {
    file: 'ber-office/fw-a/nftables.conf',
    change: (text) => text.replace('  "eth0.300" . "eth0.300" : jump management-management,', '  "eth0.415" . "eth0.300" : jump management-management,\n$&'),
    property: 'management',
    device: 'ber-office/fw-a',
    packet: /^10\.180\.\d+\.\d+ → 10\.180\.19\.\d+/,
  },
  'a leaf has no more than one way to a zone': {
    file: 'bos1/leaf-r01-a/frr.conf',
    change: (text) => text.replace(/(router bgp \d+ vrf web\n(?:.*\n)*?) {2}maximum-paths 64\n/, '$1  maximum-paths 1\n'),
    property: 'ways',
    device: 'bos1/r01-web-host-a',
    packet: /^10\.189\.157\.103 → 10\.189\.158\.230 tcp\/5432$/,
    says: /^it has 48 ways, by bos1\/r01-web-host-a, .*bos1\/leaf-r01-a/,
  },
  'a spine is lost below the tunnels of the fabric': {
    file: 'bos1/leaf-r01-a/frr.conf',
    change: (text) => text.replaceAll(/^ +neighbor 10\.189\.147\.47 .*\n/gm, ''),
    property: 'ways',
    device: 'bos1/r01-web-host-a',
    packet: /^10\.189\.157\.103 → 10\.189\.158\.230 tcp\/5432$/,
  },
  'a gateway has IPv4 alone': {
    file: 'ber-office/fw-a/network.ip',
    change: without('address add 2001:db8:281f:6920::2/64 dev eth0.415 nodad'),
    property: 'families',
    device: 'ber-office/fw-a',
    says: /eth0\.415 has addresses of IPv4 alone/,
  },
  'a pair shares a gateway address of IPv4 alone': {
    file: 'ber-office/fw-b/keepalived.conf',
    change: without('        2001:db8:281f:ad08::1/64 preferred_lft 0'),
    property: 'families',
    device: 'ber-office/fw-b',
    says: /has addresses of IPv4 alone to share/,
  },
  'more is said over the WAN than the summary': {
    file: 'ber-office/edge-a/frr.conf',
    change: (text) =>
      text.replace('ip prefix-list ber-office-v4 seq 10 permit 10.180.16.0/20\n', 'ip prefix-list ber-office-v4 seq 10 permit 10.180.16.0/20 le 32\n'),
    property: 'summaries',
    device: 'ber-office/edge-a',
    says: /says 10\.180\.31\.51\/32 to bos1\/edge-b, and 10\.180\.16\.0\/20 around it/,
  },
  'a site says the addresses of another': {
    file: 'lis-office/edge-a/frr.conf',
    change: (text) =>
      text
        .replace('ip prefix-list lis-office-v4 seq 10 permit 10.183.40.0/22\n', '$&ip prefix-list lis-office-v4 seq 20 permit 10.180.16.0/20\n')
        .replace('  aggregate-address 10.183.40.0/22\n', '  network 10.180.16.0/20\n$&')
        .replace(/^router bgp/m, 'ip route 10.180.16.0/20 blackhole\n!\n$&'),
    property: 'summaries',
    device: 'lis-office/edge-a',
    says: /says 10\.180\.16\.0\/20 to bos1\/edge-a, which is ber-office’s/,
  },
  'a segment has an address that is in no summary': {
    file: 'lis-office/edge-a/network.ip',
    change: (text) => text.replace(/address add 10\.183\.40\./, 'address add 10.183.48.'),
    property: 'summaries',
    device: 'lis-office/edge-a',
    says: /has 10\.183\.48\.\d+\/\d+ on \S+, which is in no summary of lis-office/,
  },
}
