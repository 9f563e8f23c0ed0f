import { buildStarter, compiler } from './why/starter.ts'
import { movedAllocations } from './why/mutations.ts'
const starter = await buildStarter()
const compile = compiler(starter)
const kinds = process.argv[2]
const origins = [...starter.built.ledger].flatMap(([site, scope]) => [...scope.keys()].map((key) => `ledger ${site} ${key}`)).filter((o) => !/ port \S+ (desk|ap|printer) /.test(o))
const unmatched = new Map<string, string[]>()
const pick = origins.filter((o, i) => kinds ? o.includes(kinds) : true)
let uncompiled = 0
for (const origin of pick) {
  const [ledger] = movedAllocations(starter.built.ledger, origin)
  const after = compile(starter.built.company, ledger)
  if (!after) { uncompiled++; continue }
  const byPath = Map.groupBy(starter.lines, ({ path }) => path)
  for (const [path, lines] of byPath) {
    const is = after.get(path) ?? ''
    if (is === starter.built.files.get(path)) continue
    const has = new Set(is.split('\n'))
    for (const line of lines) if (!has.has(line.text) && !line.why.includes(origin)) unmatched.set(origin, [...(unmatched.get(origin) ?? []), `${path}:${line.number} ${line.text}`])
  }
}
const shapes = new Map<string, string[]>()
for (const [origin, lines] of unmatched) for (const l of lines) {
  const file = l.split(' ')[0]!.split('/').slice(2).join('/').replace(/:\d+$/, '')
  const shape = `${origin.split(' ').slice(2, 3)} | ${file} | ${l.slice(l.indexOf(' ') + 1).replace(/[0-9a-f:.]+(\/\d+)?/g, (x) => /\d/.test(x) ? 'N' : x).slice(0, 90)}`
  shapes.set(shape, [...(shapes.get(shape) ?? []), `${origin} => ${l}`])
}
for (const [shape, l] of [...shapes].sort((a, b) => b[1].length - a[1].length)) console.log(String(l.length).padStart(5), shape, '\n        e.g.', l[0])
console.log(pick.length, 'origins', uncompiled, 'uncompiled')
