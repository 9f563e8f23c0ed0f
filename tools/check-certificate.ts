/**
 * `node tools/run.cjs tools/check-certificate.ts FILE [--configs DIR]`: checks a certificate that `netwright check --certificate FILE` wrote. Nothing of the program that found the proof is used here, and nothing
 * is searched for: each step is looked at by itself. What that comes to, and what has to be believed all the same, is told in docs/certificate.md.
 */
import { familyOf } from './certificate/family.ts'
import { checkSegments, segmentsIn } from './certificate/files.ts'
import { networkOf } from './certificate/network.ts'
import { checkAddresses, checkFilters, checkPlaces } from './certificate/properties.ts'
import { type Members, members, read, refuse } from './certificate/shapes.ts'
import { verdictsOf } from './certificate/verdicts.ts'

const FORMAT = 'netwright certificate'
const VERSION = 1

/** Checks a certificate; the sentences say what was found. Throws a refusal at the first step that is not as it is told. */
function check(path: string, configs: string | undefined): readonly string[] {
  const certificate = members(read(path), 'The certificate')
  if (certificate.format !== FORMAT) refuse(`format is not “${FORMAT}”.`)
  if (certificate.version !== VERSION) refuse(`version is ${JSON.stringify(certificate.version)}, and this checks version ${VERSION}.`)
  const network = networkOf(certificate)
  const segments = configs === undefined ? undefined : segmentsIn(certificate, configs)
  const families = ([4, 6] as const).map((family) => familyOf(certificate, network, family))
  if (segments) checkSegments(network, families, segments)
  const verdicts = verdictsOf(certificate, families)
  checkPlaces(network, families, verdicts)
  checkFilters(network, families, verdicts)
  checkAddresses(network, families, verdicts)
  const { checked, failing, trusted } = verdicts.tally()
  const grouped = (count: number) => count.toLocaleString('en')
  return [
    `checked ${grouped(checked)}, taken on trust ${grouped(trusted)}`,
    ...(failing > 0 ? [`${grouped(failing)} of what was checked does not hold, as it says`] : []),
    !segments ? 'files were not looked at (--configs)' : `${grouped(Object.keys(certificate.files as Members).length)} files are those that it is about`,
  ]
}

const args = process.argv.slice(2)
const at = args.indexOf('--configs')
const [configs] = at < 0 ? [] : args.splice(at, 2).slice(1)
const [file] = args
if (file === undefined || args.length > 1 || (at >= 0 && configs === undefined)) {
  console.error('usage: node tools/run.cjs tools/check-certificate.ts FILE [--configs DIR]')
  process.exitCode = 2
} else {
  try {
    for (const line of check(file, configs)) console.log(line)
  } catch (thrown) {
    // Whatever else is wrong with it, it is no certificate.
    const says = typeof thrown === 'object' && thrown !== null && 'refused' in thrown ? thrown.refused : 'it is not of the shape of a certificate.'
    console.error(`refused: ${says}`)
    process.exitCode = 1
  }
}
