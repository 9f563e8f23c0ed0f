import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BUILT_IN_DEVICE_TYPES } from './built-in.ts'
import { makeCatalog } from './catalog.ts'

test('the built-in device types make a catalogue', () => {
  const catalog = makeCatalog(BUILT_IN_DEVICE_TYPES, [])
  assert.ok(catalog.ok)
  const leaf = catalog.value.get('edgecore/as7326-56x')
  assert.deepEqual(
    leaf?.ports.filter((port) => !port.management).map((port) => port.name),
    Array.from({ length: 56 }, (_, index) => `swp${index + 1}`),
  )
})

test('built-in ports have distinct names that leave room for a VLAN in 15 characters', () => {
  for (const { slug, ports } of BUILT_IN_DEVICE_TYPES) {
    assert.equal(new Set(ports.map((port) => port.name)).size, ports.length, slug)
    for (const { name } of ports) assert.match(name, /^[a-z][a-z0-9]{0,8}$/, slug)
  }
})

test('two device types of one slug are refused, the slug named', () => {
  const catalog = makeCatalog(BUILT_IN_DEVICE_TYPES, BUILT_IN_DEVICE_TYPES.slice(0, 1))
  assert.equal(catalog.ok, false)
  assert.deepEqual(
    catalog.diagnostics.map(({ message }) => message),
    ['The catalogue has two device types named edgecore/as7712-32x.'],
  )
})
