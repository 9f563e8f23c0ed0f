/** `netwright check`: a verdict for each thing that the company means, proved from the files that a build would print. */
import { result } from '#base/diagnostic.ts'
import { showPlace } from '#base/place.ts'
import { count } from '#base/units.ts'
import type { Verdict } from '#proofs/proof.ts'
import { properties } from '#proofs/properties/index.ts'
import { proveBuilt, withConfigs } from '#workspace/prove.ts'
import type { Built } from '#workspace/workspace.ts'
import { buildCompany, EXIT, refuse, type Shared } from './session.ts'
import { say, sayJson, tone } from './terminal.ts'

/** Failures that are told of one property. */
const MOST = 10

/** Runs the verb, on the files of `configs` where a device has a folder there. Writes nothing; ends with 1 when a claim does not hold. */
export async function check(folder: string, options: Shared & { readonly configs?: string }): Promise<void> {
  const session = await buildCompany(folder, options)
  if (!session) return
  const { built } = session
  const files = options.configs === undefined ? result(built.files, []) : withConfigs(built.files, options.configs)
  const proved = files.ok ? proveBuilt({ ...built, files: files.value }) : files
  if (!proved.ok) {
    refuse(proved.diagnostics, options.json)
    return
  }
  const verdicts = proved.value
  const failed = verdicts.filter(({ holds }) => holds === false)
  const open = verdicts.filter(({ holds }) => holds === undefined)
  if (failed.length > 0) process.exitCode = EXIT.refused
  if (options.json) {
    sayJson({ ok: failed.length === 0, verdicts })
    return
  }
  for (const { name, title } of properties) {
    const of = verdicts.filter(({ property }) => property === name)
    const broken = of.filter(({ holds }) => holds === false)
    const held = of.filter(({ holds }) => holds)
    say(
      tone(
        broken.length > 0 ? 'remove' : 'add',
        `${broken.length > 0 ? '✗' : '✓'} ${title.padEnd(40)} ${held.length.toLocaleString('en')} of ${of.length.toLocaleString('en')}`,
      ),
    )
    for (const verdict of broken.slice(0, MOST)) for (const line of describe(verdict, built.places)) say(line)
    if (broken.length > MOST) say(`  and ${count(broken.length - MOST, 'other')}`)
  }
  if (open.length > 0) say(`? ${count(open.length, 'claim')} of outliving a failure: reached, and no failure tried`)
  say(`proofs  ${(verdicts.length - failed.length - open.length).toLocaleString('en')} of ${verdicts.length.toLocaleString('en')} hold`)
}

function describe({ id, counter, why }: Verdict, places: Built['places']): readonly string[] {
  const because = why.slice(0, 1).flatMap((origin) => {
    const { place, text, note } = places(origin)
    return place ? [`    because  ${showPlace(place)}  ${text}${note === undefined ? '' : `: ${note}`}`] : []
  })
  if (!counter) return [`  ${id}`, ...because]
  const rule = counter.rule ? ` (chain ${counter.rule.chain}, rule ${counter.rule.index + 1})` : ''
  return [`  ${id}`, ...(counter.packet ? [`    ${counter.packet}`] : []), `    ${counter.says}${rule}`, ...because]
}
