import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { readDeviceType, slugOf } from './device-type.ts'
import { readInterfaceType } from './port-medium.ts'

const switchFile = {
  manufacturer: 'Acme',
  model: 'S-4+',
  slug: 'acme-s-4-plus',
  u_height: 1.5,
  is_full_depth: false,
  weight: 10,
  weight_unit: 'lb',
  airflow: 'front-to-rear',
  interfaces: [
    { name: 'mgmt', type: '1000base-t', mgmt_only: true },
    { name: 'GE 1', type: '1000base-t', poe_mode: 'pse', poe_type: 'type2-ieee802.3at' },
    { name: 'XE1', type: '25gbase-x-sfp28' },
    { name: 'lag1', type: 'lag' },
  ],
  'power-ports': [{ name: 'PSU', type: 'iec-60320-c14', maximum_draw: 350 }],
  'console-ports': [{ name: 'Console', type: 'rj-45' }],
  'module-bays': [{ name: 'Fan 1' }, { name: 'Fan 2' }],
}

test('a file of the format is read in our terms', () => {
  assert.deepEqual(readDeviceType(switchFile), {
    ok: true,
    diagnostics: [],
    value: {
      slug: 'acme/s-4-plus',
      manufacturer: 'Acme',
      model: 'S-4+',
      height: 1.5,
      fullDepth: false,
      weight: 4.53592,
      airflow: 'front-to-rear',
      ports: [
        { name: 'mgmt', speed: 1e9, medium: 'copper', management: true },
        { name: 'GE 1', speed: 1e9, medium: 'copper', management: false, poe: 'pse', poeType: 'type2-ieee802.3at' },
        { name: 'XE1', speed: 25e9, medium: 'sfp', management: false },
      ],
      powerPorts: [{ name: 'PSU', type: 'iec-60320-c14', maximumDraw: 350 }],
      consolePorts: [{ name: 'Console', type: 'rj-45' }],
      moduleBays: 2,
    },
  })
})

test('what a file does not say is absent, never zero', () => {
  const type = readDeviceType({ manufacturer: 'Acme', model: 'Box', 'power-ports': [{ name: 'PSU', type: 'hardwired' }] })
  assert.ok(type.ok)
  assert.equal('weight' in type.value, false)
  assert.equal('airflow' in type.value, false)
  assert.deepEqual(type.value.powerPorts, [{ name: 'PSU', type: 'hardwired' }])
})

test('all that is wrong is said, with where it is', () => {
  const problems = (data: unknown) => readDeviceType(data).diagnostics.map(({ message }) => message)
  assert.deepEqual(problems({ ...switchFile, weight_unit: undefined, u_height: 0.3 }), [
    "The device type Acme S-4+ can't be read: u_height: Invalid number: must be a multiple of 0.5.",
    "The device type Acme S-4+ can't be read: weight_unit: a weight needs its unit.",
  ])
  assert.deepEqual(problems({ ...switchFile, interfaces: [...switchFile.interfaces, { name: 'XE1', type: '10gbase-x-sfpp' }] }), [
    "The device type Acme S-4+ can't be read: interfaces.4.name: the name XE1 occurs twice.",
  ])
  assert.deepEqual(problems({ ...switchFile, interfaces: [{ name: 'XE1', type: '25gbase-x-spf28' }] }), [
    "The device type Acme S-4+ can't be read: interfaces.0.type: the format has no interface type 25gbase-x-spf28.",
  ])
  for (const data of [undefined, null, 7, 'text', [], {}]) assert.equal(readDeviceType(data).ok, false)
})

test('interface types: speed and socket, or none', () => {
  const port = (type: string) => {
    const read = readInterfaceType(type)
    return typeof read === 'object' ? [read.speed, read.medium] : read
  }
  assert.deepEqual(port('100base-tx'), [1e8, 'copper'])
  assert.deepEqual(port('2.5gbase-t'), [2.5e9, 'copper'])
  assert.deepEqual(port('100gbase-x-qsfp28'), [1e11, 'qsfp'])
  assert.deepEqual(port('100gbase-x-sfpdd'), [1e11, 'sfp'])
  assert.deepEqual(port('800gbase-x-osfp'), [8e11, 'osfp'])
  assert.deepEqual(port('1.6tbase-x-osfp1600'), [1.6e12, 'osfp'])
  assert.deepEqual(port('10gbase-x-xfp'), [1e10, 'cage'])
  assert.deepEqual(port('10gbase-kr'), [1e10, 'other'])
  for (const type of ['virtual', 'lag', 'ieee802.11ax', 'lte', '16gfc-sfpp', 'infiniband-hdr', 'xgs-pon', 't1', 'cisco-stackwise'])
    assert.equal(port(type), 'no-port')
  for (const type of ['', '8p8c', '10gbase-x-foo', 'lagg']) assert.equal(port(type), undefined)
})

const library = process.env.NETWRIGHT_DEVICE_TYPES ?? join(import.meta.dirname, '../../../shared/data/device-types')

const skip = !existsSync(library) && `no library at ${library}; name one in NETWRIGHT_DEVICE_TYPES`

test('every interface type of the public schema is known', { skip }, () => {
  const schema = JSON.parse(readFileSync(join(library, 'schema/generated_schema.json'), 'utf8'))
  const types: string[] = schema.definitions.interface.properties.type.enum
  assert.deepEqual(
    types.filter((type) => !readInterfaceType(type)),
    [],
  )
})

test('every device type of the public library is read', { skip }, (t) => {
  const folder = join(library, 'device-types')
  const refused: string[] = []
  const bySlug = new Map<string, string>()
  for (const file of globSync('**/*.{yaml,yml}', { cwd: folder })) {
    const type = readDeviceType(parse(readFileSync(join(folder, file), 'utf8')))
    if (!type.ok) refused.push(`${file}: ${type.diagnostics.map(({ message }) => message).join(' ')}`)
    else if (bySlug.has(type.value.slug)) refused.push(`${file}: has the slug of ${bySlug.get(type.value.slug)}, ${type.value.slug}`)
    else bySlug.set(type.value.slug, file)
  }
  t.diagnostic(`${bySlug.size} device types read, ${refused.length} refused`)
  assert.deepEqual(refused, [])
  assert.ok(bySlug.size > 0, `no device types in ${folder}`)
})

test('slugs are lower case, and a plus sign counts', () => {
  assert.equal(slugOf('Palo Alto', 'PA-5220'), 'palo-alto/pa-5220')
  assert.equal(slugOf('Rohde & Schwarz', '(X) 1'), 'rohde-schwarz/x-1')
  assert.notEqual(slugOf('Acme', 'S-4'), slugOf('Acme', 'S-4+'))
})
