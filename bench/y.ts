import { failuresOf } from '#proofs/failures/failures.ts'
import { trials } from '#proofs/failures/trial.ts'
import { proofOfBuilt } from '#workspace/prove.ts'
import { openWorkspace } from '#workspace/workspace.ts'

const w = openWorkspace(process.argv[2] ?? 'examples/harborpine', { date: '2026-11-01' })
const b = await w.build()
if (!b.ok) throw new Error('x')
const p = proofOfBuilt(b.value)
if (!p.ok) throw new Error('y')
const proof = p.value
const all = failuresOf(proof)
console.log(Object.fromEntries([...Map.groupBy(all, (f) => f.kind)].map(([k, v]) => [k, v.length])))
const only = process.argv[3]?.split(',')
const step = Number(process.argv[4] ?? 1)
const t = trials(proof, proof.intent.flows)
const t0 = performance.now()
let n = 0
for (const [i, f] of all.entries()) {
  if (only && !only.includes(f.kind)) continue
  if (i % step) continue
  const a = performance.now()
  const r = t(f)
  n++
  const ms = performance.now() - a
  if (process.argv[5])
    console.log(
      f.kind,
      f.id,
      ms.toFixed(0),
      'cut',
      r.cutOff.length,
      'lost',
      r.lost.length,
      r.lost[0]?.tried.id,
      r.lost[0]?.place.id,
      r.lost[0]?.counter.says,
      r.lost[0]?.counter.packet,
      'leaks',
      r.leaks.length,
      r.leaks[0]?.place.id,
      r.leaks[0]?.counter.packet,
      r.unstable.length,
    )
}
console.log(n, 'failures', ((performance.now() - t0) / n).toFixed(1), 'ms each')
