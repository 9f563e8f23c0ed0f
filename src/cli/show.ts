/** `netwright show`: the company, a site, a device or any other node, in a few lines. */
import { resolve } from 'node:path'
import { diagnose } from '#base/diagnostic.ts'
import { byName } from '#base/order.ts'
import { suggest } from '#base/suggest.ts'
import { count, showBandwidth, showMoney } from '#base/units.ts'
import { type Design, type Node, nodesOf, type ServiceNode, type SiteDesign } from '#design/design.ts'
import type { Device } from '#design/device.ts'
import { showTotals } from './build.ts'
import { buildCompany, refuse, type Shared } from './session.ts'
import { say, sayJson, table, tone } from './terminal.ts'

/** Runs the verb. Without an id it shows the company. */
export async function show(id: string | undefined, options: Shared & { readonly company?: string }): Promise<void> {
  const session = await buildCompany(resolve(options.company ?? '.'), options)
  if (!session) return
  const { design } = session.built
  if (id === undefined) {
    if (options.json)
      sayJson({
        ok: true,
        totals: design.totals,
        sites: design.sites.map(({ id: site, standard, status, country }) => ({ id: site, standard, status, country })),
        services: design.services,
      })
    else for (const line of showCompany(design)) say(line)
    return
  }
  const node = [...nodesOf(design)].find((candidate) => candidate.id === id)
  if (!node) {
    const near = suggest(
      id,
      [...nodesOf(design)].map((candidate) => candidate.id),
    )
    refuse([diagnose('nothing-there', { subject: id }, { value: id, ...(near ? { fix: `did you mean "${near}"?` } : {}) })], options.json)
  } else if (options.json) sayJson({ ok: true, node })
  else for (const line of showNode(node)) say(line)
}

function showCompany(design: Design): string[] {
  const rows = design.sites.map((site) => [
    site.id,
    site.standard,
    site.country,
    site.blocks.join(' '),
    count(site.devices.length, 'device'),
    count(site.circuits.length, 'circuit'),
  ])
  const services = design.services.map((service) => [service.id, `zone ${service.zone}`, service.listens.join(' '), showReplicas(service)])
  return [...showTotals(design.company, design.totals), '', ...table(rows), '', ...table(services)]
}

/** One replica in full; of several how many at which sites, since `show service/NAME` has all of them. */
function showReplicas({ replicas }: ServiceNode): string {
  if (replicas.length < 2) return replicas.map(({ v4, host }) => `${v4} on ${host}`).join('')
  const bySite = Map.groupBy(replicas, ({ host }) => host.slice(0, host.indexOf('/')))
  return [...bySite]
    .sort(([a], [b]) => byName(a, b))
    .map(([site, of]) => `${of.length} at ${site}`)
    .join(', ')
}

function showNode(node: Node): string[] {
  if (node.kind === 'site') return showSite(node as SiteDesign)
  if (node.kind === 'device') return showDevice(node as Device)
  const { why: _why, ...plain } = node as Node & { readonly why: unknown }
  return [
    tone('strong', node.id),
    ...table(Object.entries(plain).map(([key, value]) => [`  ${key}`, typeof value === 'object' ? JSON.stringify(value) : String(value)])),
  ]
}

function showSite(site: SiteDesign): string[] {
  const circuits = site.circuits.map((circuit) => [
    `  ${circuit.id}`,
    circuit.carrier,
    circuit.type,
    showBandwidth(circuit.bandwidth),
    circuit.to === undefined ? '' : `to ${circuit.to}`,
    circuit.monthly ? showMoney(circuit.monthly) : '',
  ])
  return [
    `${tone('strong', site.id)}  ${site.standard} · ${site.city}, ${site.country} · ${site.status}`,
    `  ${site.blocks.join('  ')}`,
    '',
    ...table(site.segments.map((segment) => [`  ${segment.id}`, `zone ${segment.zone}`, `vlan ${segment.vlan}`, segment.prefixes.join(' ')])),
    '',
    ...table(circuits),
    '',
    ...table(site.devices.map((device) => [`  ${device.id}`, device.role, device.model, device.place ? `${device.place.rack} U${device.place.unit}` : ''])),
  ]
}

function showDevice(device: Device): string[] {
  return [
    `${tone('strong', device.id)}  ${device.role} · ${device.model} · ${device.hostname}`,
    `  ${device.place ? `${device.place.rack} U${device.place.unit}` : 'in no rack'} · ${device.platform.join(', ')}`,
    '',
    ...table(
      device.interfaces.map((at) => [
        `  ${at.name}`,
        at.vrf ? `vrf ${at.vrf}` : (at.bridge ?? ''),
        at.addresses.map(({ address }) => address).join(' '),
        at.description,
      ]),
    ),
  ]
}
