/** A thread that tries single failures beside the one that asked for them; see `try-failures.ts`. */
import { parentPort, workerData } from 'node:worker_threads'
import { prover } from './prove.ts'
import { type Given, tryNext } from './try-failures.ts'

const { provable, next } = workerData as Given
const proof = prover({ whole: true })(provable)
if (proof.ok) tryNext(proof.value, next, (tried) => parentPort!.postMessage(tried))
