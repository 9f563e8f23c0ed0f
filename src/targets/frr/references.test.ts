/** Dangling and unused names, which FRR's own checker lets pass. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { checkReferences, frr } from './index.ts'

/** What is wrong with the references of a case, the firewall if not said, after the text was changed. */
function said(find: string, replacement: string, device = cases.firewall!): string[] {
  const files = new Map(frr.print(frr.lower(device)!).map((file) => [file.path, textOf(file)]))
  const text = files.get('frr.conf')!
  assert(text.includes(find), find)
  const parsed = frr.parse(new Map([...files, ['frr.conf', text.replace(find, replacement)]]))
  assert(parsed.ok, JSON.stringify(parsed.diagnostics))
  return checkReferences(parsed.value).map(({ code, message }) => `${code}: ${message}`)
}

test('a list that is not there, and the one nothing names any more', () => {
  assert.deepEqual(said('match ip address prefix-list from-web-4', 'match ip address prefix-list from-wbe-4'), [
    'frr-undefined-name: route-map from-web 10 names prefix-list from-wbe-4, which is not defined.',
    'frr-unused-name: prefix-list from-web-4 is defined but nothing names it.',
  ])
})

test('the families have separate names', () => {
  assert.deepEqual(said('match ipv6 address prefix-list from-web-6', 'match ipv6 address prefix-list from-web-4'), [
    'frr-undefined-name: route-map from-web 20 names ipv6 prefix-list from-web-4, which is not defined.',
    'frr-unused-name: ipv6 prefix-list from-web-6 is defined but nothing names it.',
  ])
})

test('a list of communities that is not there, and the one nothing names any more', () => {
  assert.deepEqual(said('match large-community by-tunnel', 'match large-community tunnel', cases['office-edge']), [
    'frr-undefined-name: route-map company-in 5 names large-community-list tunnel, which is not defined.',
    'frr-unused-name: large-community-list by-tunnel is defined but nothing names it.',
  ])
})

test('a route map that is not there', () => {
  assert.deepEqual(said('neighbor 10.1.201.0 route-map from-web in', 'neighbor 10.1.201.0 route-map gone in'), [
    'frr-undefined-name: router bgp 4200000199 neighbor 10.1.201.0, in, names route-map gone, which is not defined.',
  ])
})

test('a BFD profile that is not there, and one that watches nothing', () => {
  const edge = cases['office-edge']!
  assert.deepEqual(said('neighbor 192.0.2.1 bfd profile wan-1000x5', 'neighbor 192.0.2.1 bfd profile wan', edge), [
    'frr-undefined-name: router bgp 4200003201 neighbor 192.0.2.1 names bfd profile wan, which is not defined.',
  ])
  assert.deepEqual(said('bfd\n profile', 'bfd\n profile lan\n exit\n profile', edge), ['frr-unused-name: bfd profile lan is defined but nothing names it.'])
})

test('a neighbour without an AS number, and one without a family', () => {
  assert.deepEqual(said('  neighbor 10.1.201.0 activate\n', '  neighbor 10.1.201.8 activate\n  neighbor 10.1.201.0 activate\n'), [
    'frr-undefined-name: router bgp 4200000199 names neighbor 10.1.201.8, which is not defined.',
  ])
  assert.deepEqual(said(' neighbor 10.1.201.0 remote-as', ' neighbor 10.1.201.8 remote-as 1\n neighbor 10.1.201.0 remote-as'), [
    'frr-unused-name: router bgp 4200000199 neighbor 10.1.201.8 is defined but nothing names it.',
  ])
})
