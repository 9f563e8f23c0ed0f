import { alikeOf } from '#proofs/alike.ts'
import { proofOfBuilt } from '#workspace/prove.ts'
import { openWorkspace } from '#workspace/workspace.ts'

const w = openWorkspace(process.argv[2] ?? 'examples/harborpine', { date: '2026-11-01' })
const b = await w.build()
if (!b.ok) throw new Error('x')
const p = proofOfBuilt(b.value)
if (!p.ok) throw new Error('y')
const proof = p.value
console.log(
  'tables',
  proof.world.routed.tables.size,
  'speakers',
  proof.world.routed.speakers.length,
  'sessions',
  proof.world.routed.speakers.reduce((s, x) => s + x.sessions.length, 0),
)
console.log(
  'entries',
  proof.world.routed.outcome.chosen.reduce((s, x) => s + x.size, 0),
)
for (const f of [4, 6] as const) console.log('kinds', f, proof.kinds(f).count)
const links = b.value.design.sites.flatMap((s) => s.links)
console.log(
  'links',
  links.length,
  'circuits',
  b.value.design.sites.flatMap((s) => s.circuits).length,
  'asks',
  [...proof.world.told.keys()].filter((d) => proof.world.asks(d)).length,
)
const kinds = Map.groupBy(
  b.value.design.sites.flatMap((s) => s.devices),
  (d) => d.role,
)
for (const [k, v] of kinds) console.log(k, v.length)
console.log('places', proof.places.length, 'flows', proof.intent.flows.length, 'groups', alikeOf(proof).length)
const t = [...proof.world.routed.tables.values()].map((x) => x.size).sort((a, b) => a - b)
console.log(
  'table sizes',
  t[0],
  t[t.length >> 1],
  t.at(-1),
  t.reduce((a, b) => a + b, 0),
)
