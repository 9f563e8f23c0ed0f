/** `netwright check`: a verdict for each thing that the company means, proved from the files that a build would print. */
import { existsSync } from 'node:fs'
import { result } from '#base/diagnostic.ts'
import { grouped } from '#base/units.ts'
import { coverageOf } from '#proofs/coverage.ts'
import { prover, verdictsOf, withConfigs } from '#workspace/prove.ts'
import { type Trying, tryFailures } from '#workspace/try-failures.ts'
import { changesIn } from '#workspace/watch.ts'
import type { Built } from '#workspace/workspace.ts'
import { writeCertificate } from '#workspace/write-certificate.ts'
import { EXIT, openCompany, refuse, type Shared } from './session.ts'
import { showCoverage, showUnclaimed } from './show-coverage.ts'
import { plainLink, showLinks } from './show-links.ts'
import { plainTrial, showTrials } from './show-trials.ts'
import { showHolding, showVerdicts } from './show-verdicts.ts'
import { progress, say, sayJson, tone } from './terminal.ts'

/** How the verb is run. */
interface Options extends Shared {
  readonly configs?: string
  readonly failures?: 'single'
  readonly coverage?: boolean
  readonly watch?: boolean
  readonly certificate?: string
}

/**
 * Runs the verb, on the files of `configs` where a device has a folder there. Writes the `certificate` alone, if asked for; ends with 1 when a claim does not hold, or something that nothing allows gets through in a failure. With `watch` it
 * proves again whenever a file changes, until it is stopped.
 */
export async function check(folder: string, options: Options): Promise<void> {
  const session = openCompany(folder, options)
  if (!session) return
  // A certificate and failures are about everything.
  const proofOf = prover({ whole: options.failures !== undefined || options.certificate !== undefined })
  const changes = options.watch && existsSync(folder) ? changesIn(folder) : undefined
  for (;;) {
    // What is written while a proof runs is proved next.
    const changed = changes?.next()
    const started = performance.now()
    process.exitCode = EXIT.fine
    const built = await session.build()
    if (built) await judge(built, proofOf, options)
    if (!changed) return
    say(tone('quiet', `${((performance.now() - started) / 1000).toFixed(1)} s; waiting for a change`))
    await changed
  }
}

/** Proves a build, and tells. */
async function judge(built: Built, proofOf: ReturnType<typeof prover>, options: Options): Promise<void> {
  const files = options.configs === undefined ? result(built.files, []) : withConfigs(built.files, options.configs)
  const proof = files.ok ? proofOf({ ...built, files: files.value }) : files
  if (!files.ok || !proof.ok) {
    refuse(proof.diagnostics, options.json)
    return
  }
  const trying = options.failures === undefined ? undefined : tryFailures({ ...built, files: files.value }, proof.value)
  const verdicts = verdictsOf(proof.value)
  const unwritten = options.certificate === undefined ? undefined : writeCertificate(options.certificate, proof.value, verdicts, files.value)
  if (unwritten) {
    refuse([unwritten], options.json)
    return
  }
  const tried = trying && (await finished(trying))
  const failed = verdicts.filter(({ holds }) => !holds)
  const coverage = coverageOf(proof.value)
  const ok = failed.length === 0 && !tried?.trials.some(({ leaks }) => leaks.length > 0)
  if (!ok) process.exitCode = EXIT.refused
  if (options.json) {
    sayJson({ ok, verdicts, coverage, ...(tried ? { failures: tried.trials.map(plainTrial), links: tried.links.map(plainLink) } : {}) })
    return
  }
  for (const line of showVerdicts(verdicts, built.places, 'all')) say(line)
  if (tried) for (const line of [...showTrials(proof.value, tried.trials), ...showLinks(tried.links)]) say(line)
  if (options.coverage) for (const line of showUnclaimed(coverage)) say(line)
  say(showCoverage(coverage))
  say(showHolding(verdicts))
}

/** What all failures come to, saying how far that is. */
async function finished(trying: Trying): ReturnType<Trying['finish']> {
  const watch = progress()
  const found = await trying.finish((done, of) => {
    watch.step(`failure ${grouped(done)} of ${grouped(of)}`)
  })
  watch.done()
  return found
}
