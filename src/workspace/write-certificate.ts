/** Writes the certificate of a proof, bound to the files that it is about. */
import { hash } from 'node:crypto'
import { dirname } from 'node:path'
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import { certificateOf } from '#proofs/certificate/certificate.ts'
import type { Proof, Verdict } from '#proofs/proof.ts'
import { reasonOf } from './read-company.ts'
import type { Built } from './workspace.ts'
import { writeWhole } from './write-whole.ts'

/** Writes it, whole; or tells why it cannot be written, and leaves nothing then. */
export function writeCertificate(path: string, proof: Proof, verdicts: readonly Verdict[], files: Built['files']): Diagnostic | undefined {
  const digests = new Map([...files].map(([file, text]) => [file, hash('sha256', text)]))
  const text = `${JSON.stringify(certificateOf(proof, verdicts, digests))}\n`
  try {
    writeWhole(path, text)
    return undefined
  } catch (error) {
    return diagnose('write-failed', { folder: dirname(path), reason: reasonOf(error) }, { value: path })
  }
}
