import { test } from 'node:test'
import { bootStarter } from './boot/starter.ts'
test('tmp', { timeout: 300_000 }, async (context) => {
  const s = await bootStarter(context)
  console.error(s.notes)
  const e = await s.established()
  s.lap(`${e.length} sessions`)
})
