/**
 * Key pairs for the ends of tunnels (X25519, RFC 7748). The private half goes to a store outside the company's folder, a file a secret, or is thrown away where all of it follows from a seed; the
 * public half becomes a line of the ledger.
 */
import { createHash, createPrivateKey, createPublicKey, randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Ledger } from '#ledger/ledger.ts'

/** Where private keys come from and go: made of chance and kept in a folder, or made of a seed that anybody may know, for examples and twins. */
export type KeySource = { readonly store: string } | { readonly seed: string }

/** The ASN.1 before the 32 bytes of a private X25519 key in PKCS #8 (RFC 8410 §7). */
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex')

const KEY_BYTES = 32

/** The ledger with a public key for each of `devices` (`site/device`). Private keys are stored before anything is returned, and none that is stored is overwritten. Throws what the file system says. */
export function mintKeys(ledger: Ledger, devices: readonly string[], source: KeySource): Ledger {
  const minted = new Map([...ledger].map(([scope, entries]) => [scope, new Map(entries)]))
  for (const id of devices) {
    const [site, device] = id.split('/') as [string, string]
    const secret = 'seed' in source ? keyOfSeed(source.seed, `${id}/wireguard`) : stored(source.store, `${id}/wireguard`)
    const entries = minted.get(site) ?? new Map()
    minted.set(site, entries.set(`key ${device}`, { key: `key ${device}`, value: publicKeyOf(secret), state: 'active' }))
  }
  return minted
}

function stored(folder: string, name: string): Buffer {
  const secret = randomBytes(KEY_BYTES)
  const file = join(folder, name)
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(file, `${secret.toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  return secret
}

/** The private key of a name that follows from a seed. */
export function keyOfSeed(seed: string, name: string): Buffer {
  return createHash('sha256').update(`${seed}\n${name}`).digest()
}

/** The public half of a private key, base64. */
export function publicKeyOf(secret: Buffer): string {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, secret]), format: 'der', type: 'pkcs8' })
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' })
  return der.subarray(der.length - KEY_BYTES).toString('base64')
}
