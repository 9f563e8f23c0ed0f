/**
 * Writes the tree as a configuration for each tunnel, and the commands that load them. A configuration has no key and ends in `[Interface]`, so that the line with the
 * key can be put behind it and the whole goes in at once.
 */
import type { Why } from '#base/place.ts'
import type { Line, PrintedFile, Rule } from '../target.ts'
import { EVERY_ADDRESS, FAIL_LATE, KEEPALIVE_SAID, KEY_APART, SYNC } from './rules.ts'
import type { Tunnel, WireguardTree } from './tree.ts'

/** The file of the commands, which are run in its folder. */
export const COMMANDS = 'wireguard.sh'

/** The file of a tunnel. */
export function configurationOf(tunnel: string): string {
  return `wireguard/${tunnel}.conf`
}

/** The command that loads a tunnel, between `failed=0` and `exit $failed`. The key gets a line of its own even behind a file that lost its last newline. */
export function load(tunnel: string, keyFile: string): string {
  return `{ cat ${configurationOf(tunnel)}; printf '\\nPrivateKey = '; cat ${keyFile}; } | wg syncconf ${tunnel} /dev/stdin || failed=1`
}

/** The files. */
export function print({ tunnels }: WireguardTree): readonly PrintedFile[] {
  return [{ path: COMMANDS, lines: commands(tunnels) }, ...tunnels.map((tunnel) => ({ path: configurationOf(tunnel.name), lines: configuration(tunnel) }))]
}

function line(text: string, why: Why, ...rules: readonly Rule[]): Line {
  return { text, why: [...why, ...rules.map(({ origin }) => origin)] }
}

function comment(rule: Rule): Line {
  return line(`# ${rule.reason}`, [], rule)
}

function commands(tunnels: readonly Tunnel[]): Line[] {
  return [
    comment(FAIL_LATE),
    line('failed=0', [], FAIL_LATE),
    line('', [], KEY_APART),
    comment(KEY_APART),
    comment(SYNC),
    ...tunnels.flatMap(({ name, keyFile, peer, why }) => [line(`# to ${peer.name}`, peer.why), line(load(name, keyFile), why, KEY_APART, SYNC)]),
    line('', [], FAIL_LATE),
    line('exit $failed', [], FAIL_LATE),
  ]
}

function configuration({ port, peer, why }: Tunnel): Line[] {
  return [
    line('[Peer]', peer.why),
    line(`#Name = ${peer.name}`, peer.why),
    line(`PublicKey = ${peer.publicKey}`, peer.why),
    comment(EVERY_ADDRESS),
    line('AllowedIPs = 0.0.0.0/0, ::/0', peer.why, EVERY_ADDRESS),
    ...(peer.endpoint === undefined ? [] : [line(`Endpoint = ${peer.endpoint}`, peer.why)]),
    comment(KEEPALIVE_SAID),
    line(`PersistentKeepalive = ${peer.keepalive ?? 'off'}`, peer.why, KEEPALIVE_SAID),
    line('', why),
    line('[Interface]', why),
    line(`ListenPort = ${port}`, why),
    line(`# PrivateKey = … is put here by ${COMMANDS}; without it this file takes the key away`, [], KEY_APART),
  ]
}
