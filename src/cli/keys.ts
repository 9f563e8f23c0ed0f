/** `netwright keys`: makes a key pair for each device that ends tunnels and has none. */
import { join } from 'node:path'
import { diagnose } from '#base/diagnostic.ts'
import { count } from '#base/units.ts'
import { printLedger } from '#ledger/print-ledger.ts'
import { LEDGER_FILE } from '#workspace/ledger-file.ts'
import { type KeySource, mintKeys } from '#workspace/mint-keys.ts'
import { reasonOf } from '#workspace/read-company.ts'
import { openWorkspace } from '#workspace/workspace.ts'
import { recover } from '#workspace/write-out.ts'
import { writeWhole } from '#workspace/write-whole.ts'
import { loadLedger } from './ledger.ts'
import { refuse, type Shared, today } from './session.ts'
import { say, sayJson } from './terminal.ts'

/** Runs the verb. What is wrong with the company beside missing keys is told first. */
export async function keys(folder: string, options: Shared & { readonly store?: string; readonly seed?: string }): Promise<void> {
  const busy = recover(folder)
  if (busy) return refuse([busy], options.json)
  const built = await openWorkspace(folder, { date: options.date ?? today() }).build()
  const missing = built.diagnostics.filter(({ code }) => code === 'no-public-key')
  const others = built.ok ? [] : built.diagnostics.filter(({ code, severity }) => code !== 'no-public-key' && severity === 'error')
  if (others.length > 0) return refuse(others, options.json)
  const devices = missing.map(({ value }) => value!).sort()
  if (devices.length > 0) {
    const ledger = loadLedger(folder, options.json)
    if (!ledger) return
    const source: KeySource = options.seed === undefined ? { store: options.store! } : { seed: options.seed }
    try {
      writeWhole(join(folder, LEDGER_FILE), printLedger(mintKeys(ledger, devices, source)))
    } catch (error) {
      return refuse([diagnose('write-failed', { folder: options.store ?? folder, reason: reasonOf(error) })], options.json)
    }
  }
  if (options.json) sayJson({ ok: true, devices })
  else say(devices.length === 0 ? 'every device that ends tunnels has a key' : `${count(devices.length, 'key')} made: ${devices.join(', ')}`)
}
