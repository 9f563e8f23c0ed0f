/** What a node is, on one line. */
import { showBandwidth, showMoney } from '#base/units.ts'
import type { CircuitNode, LinkNode, Node, RackNode, SegmentNode, ServiceNode, SiteDesign, ZoneNode } from '#design/design.ts'
import type { Device } from '#design/device.ts'
import type { Interface } from '#design/interface.ts'

/** The kind of the node, and what tells it from others of its kind. */
export function describe(node: Node): string {
  return [node.kind, ...partsOf(node)].filter(Boolean).join(' · ')
}

function partsOf(node: Node): readonly string[] {
  switch (node.kind) {
    case 'site': {
      const { standard, city, country, status, blocks } = node as SiteDesign
      return [standard, `${city}, ${country}`, status, blocks.join(' ')]
    }
    case 'zone': {
      const { number, prefixes } = node as ZoneNode
      return [`number ${number}`, prefixes.join(' ')]
    }
    case 'segment': {
      const { zone, vlan, hosts, prefixes } = node as SegmentNode
      return [`zone ${zone}`, `vlan ${vlan}`, `${hosts} hosts`, prefixes.join(' ')]
    }
    case 'rack': {
      const { units, room } = node as RackNode
      return [`${units} units`, room === undefined ? '' : `room ${room}`]
    }
    case 'circuit': {
      const { carrier, type, bandwidth, to, monthly } = node as CircuitNode
      return [carrier, type, showBandwidth(bandwidth), to === undefined ? '' : `to ${to}`, monthly ? showMoney(monthly) : '']
    }
    case 'link': {
      const { a, b, speed, medium } = node as LinkNode
      const ends = [a, b].map((end) => (end ? `${end.device} ${end.port}` : 'the carrier'))
      return [ends.join(' – '), showBandwidth(speed), medium ?? '']
    }
    case 'service': {
      const { owner, zone, listens, replicas } = node as ServiceNode
      return [`zone ${zone}`, listens.join(' '), `${replicas.length} replicas`, owner]
    }
    case 'device': {
      const { role, model, place, hostname } = node as Device
      return [role, model, place ? `${place.rack} unit ${place.unit}` : '', hostname]
    }
    default: {
      const { description, vrf, addresses } = node as Interface
      return [description, vrf === undefined ? '' : `vrf ${vrf}`, addresses.map(({ address }) => address).join(' ')]
    }
  }
}
