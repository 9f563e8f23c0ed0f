/** `netwright twin`: boots a company on this machine, in namespaces, from its printed files in the real daemons; and holds its kernels against what is computed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { freemem } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import { suggest } from '#base/suggest.ts'
import { count, grouped } from '#base/units.ts'
import { folderIn } from '#twin/boot.ts'
import { compare, computed, vtysh } from '#twin/computed.ts'
import { missingProgram, unable } from '#twin/kernel.ts'
import { isThere } from '#twin/lab.ts'
import { setPorts } from '#twin/links.ts'
import { insideOf } from '#twin/place.ts'
import { until } from '#twin/run.ts'
import { TRANSLATIONS } from '#twin/translate.ts'
import { labOf, readTwin, type Spot, type Twin, type TwinMachine, writeTwin } from '#twin/twin.ts'
import { bootTwin } from '#twin/up.ts'
import { type Witnessed, witness } from '#twin/witness.ts'
import { openCompany, refuse, type Shared } from './session.ts'
import { progress, say, sayDiagnostics, sayJson, tone } from './terminal.ts'

/** Tables that are told where kernels have others than computed. */
const MOST = 10

/** Bytes of memory that a router takes; measured: 42 MB with zebra, staticd, bgpd and bfdd. */
const BYTES_A_ROUTER = 42e6

/** As many times in a row have routes to be as computed but for MAC addresses, before these count as lost: they come a moment after the routes. */
const LOOKS = 5

/** Between two comparisons of `watch`, so that it leaves the processors to what it watches. */
const PAUSE_MS = 500

/** Seconds until routes have to be as computed: some, and some for each machine that comes up at the same time. */
const PATIENCE = { least: 60, aMachine: 0.5 }

/** Boots the company, or the sites that are named, and waits until its routes are as computed. */
export async function twinUp(folder: string, options: Shared & { readonly site?: readonly string[] }): Promise<void> {
  const reason = unable()
  if (reason !== false) return refuse([diagnose('twin-unable', { reason })], options.json)
  const missing = missingProgram()
  if (missing) return refuse([diagnose('twin-program', { program: missing.program, package: missing.packageName })], options.json)
  const session = openCompany(folder, options)
  const built = await session?.build()
  if (!built) return
  if (readTwin(folder)) return refuse([diagnose('twin-is-up', { folder }, { value: folder })], options.json)
  if (isThere(labOf(folder).name)) return refuse([diagnose('twin-is-booting', {}, { value: folder })], options.json)
  const names = built.design.sites.map(({ id }) => id)
  const unknown = options.site?.find((site) => !names.includes(site))
  if (unknown !== undefined) return refuse([noSuch('site', unknown, names)], options.json)
  const routers = built.design.sites
    .filter(({ id }) => !options.site || options.site.includes(id))
    .flatMap(({ devices }) => devices.filter(({ routing }) => routing)).length
  const need = routers * BYTES_A_ROUTER
  if (need > freemem()) return refuse([diagnose('twin-memory', { need: gigabytes(need), free: gigabytes(freemem()) })], options.json)

  const started = performance.now()
  const watch = progress()
  const booted = await bootTwin(built, folder, options.site ?? [], watch.step).catch((error: Error) => diagnose('twin-failed', { reason: error.message }))
  watch.done()
  if ('code' in booted) return refuse([booted], options.json)
  const seconds = () => ((performance.now() - started) / 1000).toFixed(1)
  if (!options.json) say(`${seconds()} s  ${booted.notes.join('; ')}`)
  const wrong = await settled(booted)
  if (wrong) return refuse([wrong], options.json)
  const { tables, routes } = compare(booted, computed(booted))
  if (options.json) sayJson({ ok: true, seconds: Number(seconds()), tables, routes })
  else say(tone('add', `✓ ${seconds()} s  ready: ${grouped(routes)} routes of ${count(tables, 'table')} are as computed`))
}

/** Tells what is up, what is cut, and all that is done otherwise than printed. */
export function twinStatus(folder: string, options: Shared): void {
  const twin = openTwin(folder, options)
  if (!twin) return
  if (options.json) {
    sayJson({ ...twin, translations: Object.fromEntries(twin.translations.map((name) => [name, TRANSLATIONS[name]])) })
    return
  }
  const of = (kind: TwinMachine['kind']) => twin.machines.filter((machine) => machine.kind === kind).length
  say(
    `twin  ${count(of('device'), 'device')}, ${count(of('host'), 'host')}, ${count(of('carrier'), 'carrier')}${twin.sites.length > 0 ? `  of ${twin.sites.join(', ')}` : ''}`,
  )
  for (const note of twin.notes) say(`  ${note}`)
  say(`  files, sockets and logs: ${labOf(folder).folder}/SITE.DEVICE`)
  if (twin.hostless.length > 0) say(`  no port is free for a host on ${twin.hostless.join(', ')}`)
  say(twin.cut.length > 0 ? tone('change', `cut  ${twin.cut.join(', ')}`) : 'nothing is cut')
  say('otherwise than printed:')
  for (const name of twin.translations) say(`  ${name.padEnd(10)} ${TRANSLATIONS[name]}`)
}

/** Runs a command on a machine of the twin, as if it were typed there; ends with what it ends with. */
export async function twinExec(
  machine: string,
  command: readonly string[],
  options: Shared & { readonly company: string; readonly vrf?: string },
): Promise<void> {
  const twin = openTwin(options.company, options)
  if (!twin) return
  const found = twin.machines.find(({ name }) => name === machine)
  if (!found)
    return refuse(
      [
        noSuch(
          'machine',
          machine,
          twin.machines.map(({ name }) => name),
        ),
      ],
      options.json,
    )
  if (options.vrf !== undefined && !found.vrfs.includes(options.vrf)) return refuse([noSuch('VRF', options.vrf, found.vrfs)], options.json)
  const lab = labOf(options.company)
  const place = found.daemons ? insideOf(folderIn(lab, machine)) : []
  const where =
    options.vrf === undefined && place.length > 0
      ? place
      : [...place.filter((word) => word !== '--net'), `--net=/run/netns/${lab.namespaceOf(machine, options.vrf)}`]
  const socket = found.daemons && command[0] === 'vtysh' ? ['--vty_socket', folderIn(lab, machine)] : []
  const child = spawn('nsenter', [...where, command[0]!, ...socket, ...command.slice(1)], { stdio: 'inherit' })
  process.exitCode = await new Promise<number>((done) => child.on('error', () => done(127)).on('exit', (code) => done(code ?? 1)))
}

/** Takes a cable, a circuit or a device away, and tells what routes come to. */
export async function twinCut(id: string, options: Shared & { readonly company: string }): Promise<void> {
  await change(id, options, 'down')
}

/** Gives back what was cut: what is named, or all. */
export async function twinHeal(id: string | undefined, options: Shared & { readonly company: string }): Promise<void> {
  await change(id, options, 'up')
}

/** Holds the kernels against what is computed, and what becomes of real packets, with what is cut gone there too. */
export async function twinTest(folder: string, options: Shared & { readonly from?: string; readonly to?: string; readonly failures?: number }): Promise<void> {
  const twin = openTwin(folder, options)
  if (!twin) return
  const names = twin.spots.map(({ name }) => name)
  const unknown = [options.from, options.to].find((name) => name !== undefined && !names.includes(name))
  if (unknown !== undefined) return refuse([noSuch('spot', unknown, names)], options.json)
  const expected = computed(twin)
  const routes = compare(twin, expected, true)
  const isWanted = (from: Spot, to: Spot) => (options.from ?? from.name) === from.name && (options.to ?? to.name) === to.name
  const packets = await witness(twin, expected, isWanted)
  if (!options.json) for (const line of [...comparedLines(routes), ...witnessedLines(packets, folder)]) say(line)
  const failures = options.failures === undefined ? undefined : await testFailures(twin, options.failures, isWanted, folder, !options.json)
  const ok = routes.wrong.length + packets.wrong.length === 0 && (failures ?? []).every((failure) => failure.ok)
  if (!ok) process.exitCode = 1
  if (options.json) sayJson({ ok, ...routes, packets, ...(failures ? { failures } : {}) })
}

/** One thing that was cut, and what came of it. */
interface Tried {
  readonly cut: string
  readonly ok: boolean
  /** Until every kernel had the routes that are computed without it, from when it was gone. */
  readonly seconds: number
  readonly packets?: Witnessed
  /** What is not as computed without it. */
  readonly wrong?: readonly string[]
}

/** Cuts cables and devices, one after the other, and holds routes and packets against what is computed without each; heals it before the next. */
async function testFailures(twin: Twin, most: number, isWanted: Parameters<typeof witness>[2], folder: string, tells: boolean): Promise<readonly Tried[]> {
  const tried: Tried[] = []
  for (const id of spaced(failuresOf(twin), most)) {
    const gone = cutBy(twin, [id], [...twin.cut, id], 'down')
    const started = performance.now()
    const wrong = await settled(gone)
    const seconds = Number(((performance.now() - started) / 1000).toFixed(1))
    const packets = wrong ? undefined : await witness(gone, computed(gone), isWanted)
    const one: Tried = {
      cut: id,
      ok: packets?.wrong.length === 0,
      seconds,
      ...(packets ? { packets } : {}),
      ...(wrong ? { wrong: (wrong.notes ?? []).map(({ message }) => message) } : {}),
    }
    tried.push(one)
    if (tells) {
      say(tone(one.ok ? 'add' : 'remove', `${one.ok ? '✓' : '✗'} without ${id}: ${wrong ? wrong.message : `routes are as computed after ${seconds} s`}`))
      const told = wrong ? one.wrong!.map((line) => `  ${line}`) : one.ok ? [] : witnessedLines(packets!, folder)
      for (const line of told) say(`  ${line}`)
    }
    const whole = await settled(cutBy(twin, [id], twin.cut, 'up'))
    if (whole) {
      // What does not come back would be told of every one after it.
      tried.push({ cut: `${id}, healed`, ok: false, seconds: 0, wrong: (whole.notes ?? []).map(({ message }) => message) })
      if (tells)
        for (const line of [tone('remove', `✗ with ${id} healed: ${whole.message}`), ...(whole.notes ?? []).map(({ message }) => `  ${message}`)]) say(line)
      break
    }
  }
  if (tells) {
    const right = tried.filter(({ ok }) => ok).length
    say(
      tone(
        right === tried.length ? 'add' : 'remove',
        `${right === tried.length ? '✓' : '✗'} ${right} of ${count(tried.length, 'single failure')} came to what is computed`,
      ),
    )
  }
  return tried
}

/** What may be cut, one at a time: cables between devices and to carriers, and devices; hosts are not. */
function failuresOf(twin: Twin): readonly string[] {
  const gone = new Set(twin.cut)
  const cables = twin.cables.filter(({ ends }) => ends.every(({ machine }) => !machine.startsWith('host/')))
  return [...cables.map(({ id }) => id), ...twin.machines.flatMap(({ name, kind, daemons }) => (kind === 'device' && daemons ? [name] : []))].filter(
    (id) => !gone.has(id),
  )
}

/** So many of a list, from all over it. */
function spaced<T>(items: readonly T[], most: number): readonly T[] {
  return items.length <= most ? items : Array.from({ length: most }, (_, at) => items[Math.floor((at * items.length) / most)]!)
}

/** Compares routes all the time, and tells what changes, until it is stopped. */
export async function twinWatch(folder: string, options: Shared): Promise<void> {
  let twin = openTwin(folder, options)
  if (!twin) return
  let expected = computed(twin)
  let last: string | undefined
  const isStopped = once(process, 'SIGINT').then(() => true)
  do {
    // Somebody else may cut and heal meanwhile, or take it down.
    const now = readTwin(folder)
    if (!now) return refuse([diagnose('twin-is-not-up', { folder }, { value: folder })], options.json)
    if (JSON.stringify(now) !== JSON.stringify(twin)) expected = computed(now)
    twin = now
    const found = compare(twin, expected, true)
    const text = comparedLines(found).join('\n')
    if (text !== last) {
      if (options.json) sayJson({ ok: found.wrong.length === 0, cut: twin.cut, ...found })
      else say(text)
    }
    last = text
  } while (!(await Promise.race([isStopped, setTimeout(PAUSE_MS, false)])))
}

function witnessedLines({ arrive, dropped, end, undecided, wrong }: Witnessed, folder: string): readonly string[] {
  const sent = arrive + dropped + end
  const others = undecided > 0 ? [`  ${grouped(undecided)} not sent: equal ways do not do the same with them, or somebody outside may pass them on`] : []
  if (wrong.length === 0)
    return [
      tone(
        'add',
        `✓ ${count(sent, 'packet')} did as computed: ${grouped(arrive)} arrived, ${grouped(dropped)} were dropped by the filter that is named, ${grouped(end)} ended on the way`,
      ),
      ...others,
    ]
  return [
    tone('remove', `✗ ${grouped(wrong.length)} of ${count(sent, 'packet')} did not as computed`),
    ...wrong
      .slice(0, MOST)
      .flatMap(({ packet, from, to, expected, seen }) => [
        `  ${packet}  from ${from} to ${to}`,
        `    computed: ${expected}`,
        `    seen:     ${seen}`,
        `    again: netwright twin test ${folder} --from '${from}' --to '${to}'`,
      ]),
    ...(wrong.length > MOST ? [`  and ${count(wrong.length - MOST, 'other packet')}`] : []),
    ...others,
  ]
}

function comparedLines({ tables, routes, wrong }: ReturnType<typeof compare>): readonly string[] {
  if (wrong.length === 0) return [tone('add', `✓ ${grouped(routes)} routes of ${count(tables, 'table')} are as computed`)]
  return [
    tone('remove', `✗ ${count(wrong.length, 'table')} of ${grouped(tables)} ${wrong.length === 1 ? 'is' : 'are'} not as computed`),
    ...wrong.slice(0, MOST).flatMap(({ lines }) =>
      lines
        .split('\n')
        .slice(0, MOST)
        .map((line) => `  ${line}`),
    ),
    ...(wrong.length > MOST ? [`  and ${count(wrong.length - MOST, 'other table')}`] : []),
  ]
}

/** Ends the twin and removes all that it made, also what a killed one left. */
export function twinDown(folder: string, options: Shared): void {
  const lab = labOf(folder)
  const was = isThere(lab.name)
  if (was) lab.close()
  if (options.json) sayJson({ ok: true, removed: was })
  else say(was ? 'the twin is down, and nothing of it is left' : 'no twin of this company is up')
}

/** The twin that is up; undefined where there is none: that has been told. */
function openTwin(folder: string, options: Shared): Twin | undefined {
  const twin = readTwin(folder)
  if (!twin) refuse([diagnose('twin-is-not-up', { folder }, { value: folder })], options.json)
  return twin
}

async function change(id: string | undefined, options: Shared & { readonly company: string }, state: 'down' | 'up'): Promise<void> {
  const twin = openTwin(options.company, options)
  if (!twin) return
  const cables = twin.cables.filter((cable) => cable.id === id || cable.circuit === id)
  const isDevice = twin.machines.some(({ name }) => name === id)
  const known = [...twin.cables.flatMap((cable) => [cable.id, cable.circuit ?? cable.id]), ...twin.machines.map(({ name }) => name)]
  if (id !== undefined && !isDevice && cables.length === 0) return refuse([noSuch('cable, circuit or machine', id, known)], options.json)
  const ids = id === undefined ? twin.cut : isDevice ? [id] : cables.map((cable) => cable.id)
  const cut = state === 'down' ? [...new Set([...twin.cut, ...ids])] : twin.cut.filter((one) => !ids.includes(one))
  const now = cutBy(twin, ids, cut, state)
  const started = performance.now()
  const wrong = await settled(now)
  if (wrong) return refuse([wrong], options.json)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (options.json) sayJson({ ok: true, cut, seconds: Number(seconds) })
  else say(tone('add', `✓ ${seconds} s  routes are as computed ${cut.length > 0 ? `without ${cut.join(', ')}` : 'with nothing cut'}`))
}

/** Takes cables and devices away or gives them back, and writes down what is cut now. */
function cutBy(twin: Twin, ids: readonly string[], cut: readonly string[], state: 'down' | 'up'): Twin {
  const lab = labOf(twin.company)
  const vrfsOf = (machine: string) => twin.machines.find(({ name }) => name === machine)!.vrfs
  for (const one of ids) {
    const cable = twin.cables.find((other) => other.id === one)
    if (!cable) setPorts({ machine: one }, state, vrfsOf(one), lab)
    else for (const { machine, port } of cable.ends) setPorts({ machine, ports: [port] }, state, vrfsOf(machine), lab)
  }
  const now = { ...twin, cut }
  writeTwin(now)
  return now
}

/** Waits until routes are as computed; what is wrong when they do not get there. */
async function settled(twin: Twin): Promise<Diagnostic | undefined> {
  const seconds = Math.round(PATIENCE.least + PATIENCE.aMachine * twin.machines.length)
  const expected = computed(twin)
  let wrong: ReturnType<typeof compare>['wrong'] = []
  let looks = 0
  try {
    await until('routes', seconds, () => {
      wrong = compare(twin, expected).wrong
      looks = wrong.every((one) => one.isForMacs) ? looks + 1 : 0
      // What zebra has lost comes again with the paths that it goes with (FRRouting/frr#14108).
      if (looks === LOOKS)
        for (const device of new Set(wrong.map((one) => one.device))) {
          sayDiagnostics([diagnose('twin-macs-lost', { device }, { severity: 'warning' })])
          vtysh(twin, device, 'clear bgp l2vpn evpn *')
        }
      return wrong.length > 0 ? '' : undefined
    })
    return undefined
  } catch {
    const notes = wrong.slice(0, MOST).map(({ lines }) => ({ message: lines.split('\n')[0]! }))
    return diagnose('twin-not-ready', { seconds, count: wrong.length }, { notes })
  }
}

function noSuch(kind: string, name: string, known: readonly string[]): Diagnostic {
  const near = suggest(name, known)
  return diagnose('unknown-name', { kind, name }, { value: name, ...(near === undefined ? { allowed: known } : { fix: `did you mean "${near}"?` }) })
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
