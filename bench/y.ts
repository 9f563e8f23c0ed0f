import { openWorkspace } from '#workspace/workspace.ts'

const w = openWorkspace(process.argv[2] ?? 'examples/harborpine', { date: '2026-11-01' })
const b = await w.build()
if (!b.ok) throw new Error('x')
const d = b.value.design
for (const s of d.sites.filter((s) => ['ber-office', 'bos1'].includes(s.id))) {
  console.log(JSON.stringify(s.circuits))
  console.log(JSON.stringify(s.links.filter((l) => l.circuit !== undefined || l.id.includes('circuit'))))
  console.log(JSON.stringify(s.links.slice(0, 3)))
  console.log(JSON.stringify(s.devices[0]!.supplies))
}
console.log(b.value.company.sites[0]!.facts.circuits)
