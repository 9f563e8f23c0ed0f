/** The files that a certificate is about. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { addressOf, prefixOf, showAddress } from './addresses.ts'
import { common } from './boxes.ts'
import type { Checked } from './family.ts'
import type { Network } from './network.ts'
import { list, type Members, members, read, refuse, text } from './shapes.ts'

interface Segment {
  readonly id: string
  readonly prefixes: readonly string[]
  /** Devices that lead out of it; none where hosts have addresses of it on their loopbacks. */
  readonly gateways: readonly string[]
}

/** Whether the certificate is about these files, all of them; tells the segments that the designs beside them have. */
export function segmentsIn(certificate: Members, folder: string): readonly Segment[] {
  const told = new Map(Object.entries(members(certificate.files, 'files')))
  const found = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : refuse(`There is no folder ${folder}.`)
  const segments: Segment[] = []
  for (const entry of found) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name).slice(join(folder, '/').length).replaceAll('\\', '/')
    const [site, ...names] = path.split('/')
    if (names.length === 1 && entry.name === 'design.json')
      for (const one of list(members(read(join(folder, path)), path).segments, `segments of ${path}`)) {
        const { id, prefixes, gateways } = members(one, `a segment of ${path}`)
        const texts = (value: unknown) => list(value, `a segment of ${path}`).map((each) => text(each, `a segment of ${path}`))
        segments.push({ id: text(id, `a segment of ${path}`), prefixes: texts(prefixes), gateways: texts(gateways).map((name) => `${site}/${name}`) })
      }
    if (names.length < 2) continue
    const digest = createHash('sha256')
      .update(readFileSync(join(folder, path)))
      .digest('hex')
    if (digest !== told.get(path)) refuse(`files: ${path} is ${told.has(path) ? 'another one than the certificate is about' : 'not in the certificate'}.`)
    told.delete(path)
  }
  const [missing] = told.keys()
  if (missing !== undefined) refuse(`files: ${missing} is not in ${folder}.`)
  return segments
}

/** Each segment of the designs is a place, and packets begin there from all of it: where a gateway has an address in it, from the whole prefix, and else from each address of it that a host has. */
export function checkSegments({ devices, tables, ports, places }: Network, families: readonly Checked[], segments: readonly Segment[]): void {
  const numbers = new Map(places.map(({ id }, number) => [id, number]))
  const owned = ports.flatMap(({ table, name, addresses }) =>
    addresses.map((address) => ({ ...addressOf(address, 'an address of a port'), name, device: devices[tables[table]!.device]!.name })),
  )
  for (const { id, prefixes, gateways } of segments) {
    const place = numbers.get(id) ?? refuse(`places: ${id} is a segment of the design, and is none of them.`)
    const site = id.slice(0, id.indexOf('/') + 1)
    for (const prefix of prefixes) {
      const family = prefix.includes(':') ? 6 : 4
      const [first, last] = prefixOf(prefix, `a prefix of ${id}`, family)
      const { worlds, partition } = families.find((one) => one.family === family)!
      const sources = worlds[0]!.places[place]!.flatMap((begun) => begun.sources)
      const begins = (a: bigint, b: bigint) => {
        const [from, to] = [a, b].map((address) => partition.firsts.findLastIndex((one) => one <= address))
        return common(sources, [[from!, to!]]).some(([one, other]) => one === from && other === to)
      }
      for (const { family: of, value, name, device } of owned) {
        if (of !== family || value < first || value > last) continue
        const isMissing = gateways.includes(device)
          ? !begins(first, last)
          : gateways.length === 0 && name === 'lo' && device.startsWith(site) && !begins(value, value)
        if (isMissing) refuse(`places: ${id} sends nothing from ${gateways.includes(device) ? prefix : showAddress(family, value)}.`)
      }
    }
  }
}
