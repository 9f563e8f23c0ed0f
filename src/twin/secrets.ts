/** Secrets for machines that live for minutes: keys that follow from a seed that anybody may know, certificates that nobody signed, and pass phrases that are the names of their secrets. */
import type { Device } from '#design/device.ts'
import { keyOfSeed } from '#workspace/mint-keys.ts'
import { run } from './run.ts'

/** The secrets of a device, by name. `seed` is that of the ledger's public keys. */
export function secretsOf({ interfaces, balancer }: Device, seed: string): ReadonlyMap<string, string> {
  const keys = interfaces.flatMap((one) => (one.kind === 'wireguard' ? [one.privateKey] : []))
  const certificates = (balancer?.frontends ?? []).flatMap(({ certificate }) => certificate ?? [])
  return new Map([
    ...keys.map((name) => [name, `${keyOfSeed(seed, name).toString('base64')}\n`] as const),
    ...certificates.map((name) => [name, selfSigned(name)] as const),
  ])
}

/** A certificate with its key, in one file of PEM. */
function selfSigned(name: string): string {
  // openssl opens its input by name, which takes a pipe; what a process of ours is given is none.
  const make = 'key=$(openssl ecparam -name prime256v1 -genkey -noout); echo "$key"; echo "$key" | openssl req -x509 -key /dev/stdin -subj "$1" -days 1'
  return run('sh', ['-c', make, 'sh', `/CN=${name.replaceAll('/', '.')}`])
}
