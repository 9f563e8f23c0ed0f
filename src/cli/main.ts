/** The command line. One file a verb; this one only reads the arguments. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { isDate } from '#base/date.ts'
import { parsePin } from '#model/site.ts'
import { EXIT, refuseFailure } from './session.ts'

const date = (text: string): string => {
  if (!isDate(text)) throw new InvalidArgumentError('expected a date such as 2026-11-23')
  return text
}
const kind = (text: string): 'site' | 'service' => {
  if (text !== 'site' && text !== 'service') throw new InvalidArgumentError('expected site or service')
  return text
}
const whole = (text: string) => {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('expected a number from 1')
  return Number(text)
}
const name = (text: string): string => {
  if (text.trim() === '') throw new InvalidArgumentError('expected a name')
  return text
}

const pin = (text: string) => {
  const parsed = parsePin(text)
  if (!parsed) throw new InvalidArgumentError('expected a standard and its version such as office@2')
  return parsed
}

const program = new Command('netwright')
  .description('A compiler for a company’s infrastructure.')
  .version('0.1.0')
  .showHelpAfterError('(netwright --help shows what there is)')
  .showSuggestionAfterError()
  .exitOverride()

/** A verb that reads a company: `--json` for machines, `--date` for the day on which what is no longer wanted is freed. */
const verb = (usage: string, description: string) => program.command(usage).description(description).option('--json', 'print JSON').exitOverride()
const dated = (command: Command) => command.option('--date <YYYY-MM-DD>', 'the day on which what is no longer wanted is freed (default: today)', date)

verb('init', 'begin a company in a folder')
  .argument('[folder]', 'where', '.')
  .option('--name <name>', 'the name of the company (default: that of the folder)', name)
  .action(async (folder: string, options) => (await import('./init.ts')).init(folder, options))

dated(verb('build', 'compile a company and write out/ and the ledger'))
  .argument('[company]', 'the company folder', '.')
  .option('--frozen', 'refuse to change the ledger')
  .action(async (folder: string, options) => (await import('./build.ts')).build(folder, options))

dated(verb('plan', 'what a build would change'))
  .argument('[company]', 'the company folder', '.')
  .option('-v, --verbose', 'the changed lines of configs too')
  .option('--upgrade <standard@version>', 'what it would change to build sites of earlier versions to this one', pin)
  .action(async (folder: string, options) => (await import('./plan.ts')).plan(folder, options))

dated(verb('check', 'prove what the company means from what its devices are told'))
  .argument('[company]', 'the company folder', '.')
  .option('--configs <folder>', 'prove the files of devices below this folder in place of those that a build would print')
  .addOption(
    new Option('--failures <which>', 'what each failure would cost: of a device, a cable, a circuit, a site, a feed, a shared risk').choices(['single']),
  )
  .option('--coverage', 'what no claim speaks of')
  .option('--certificate <file>', 'write what was found with all that it takes to check it: docs/certificate.md')
  .addOption(new Option('--watch', 'prove again on each save, until it is stopped').conflicts('json'))
  .action(async (folder: string, options) => (await import('./check.ts')).check(folder, options))

dated(verb('show', 'the company, a site, a device or any other node'))
  .argument('[id]', 'the id of a node')
  .option('-C, --company <folder>', 'the company folder')
  .action(async (id: string | undefined, options) => (await import('./show.ts')).show(id, options))

dated(verb('why', 'where a node, an address or a line of a printed config comes from; or whether one gets to another'))
  .argument('<subject>', 'the id of a node, an address or a prefix, or FILE:LINE; with TO, a zone, a segment, a service, a device, an address or internet')
  .argument('[to]', 'who is to be reached: a service, a zone, a segment, a device, an address or internet; with a port, erp:443 or dns:53/udp')
  .option('-C, --company <folder>', 'the company folder')
  .option('--all', 'every step, and every fact that was read before')
  .action(async (subject: string, to: string | undefined, options) =>
    to === undefined ? (await import('./why.ts')).why(subject, options) : (await import('./why-between.ts')).whyBetween(subject, to, options),
  )

verb('schema', 'JSON Schema of the company’s YAML')
  .argument('[company]', 'the company folder', '.')
  .option('--kind <kind>', 'only that of one kind of file: site or service', kind)
  .action(async (folder: string, options) => (await import('./schema.ts')).schema(folder, options))

dated(verb('keys', 'make a key pair for each device that ends tunnels and has none'))
  .argument('[company]', 'the company folder', '.')
  .option('--store <folder>', 'where private keys are kept, a file each: outside of the company’s folder')
  .option('--seed <text>', 'make them of a text that anybody may know, and keep none: for examples and twins', name)
  .action(async (folder: string, options, command: Command) => {
    if ((options.store === undefined) === (options.seed === undefined))
      command.error('error: say where private keys are kept: --store with a folder, or --seed')
    await (await import('./keys.ts')).keys(folder, options)
  })

const twin = program.command('twin').description('the company booted on this machine: printed files in the real daemons, in network namespaces').exitOverride()
const twinVerb = (usage: string, description: string) => twin.command(usage).description(description).option('--json', 'print JSON').exitOverride()
const companyOption = (command: Command) => command.option('-C, --company <folder>', 'the company folder', '.')
dated(twinVerb('up', 'boot it, and wait until every kernel has the routes that are computed'))
  .argument('[company]', 'the company folder', '.')
  .option('--site <site...>', 'these sites only')
  .action(async (folder: string, options) => (await import('./twin.ts')).twinUp(folder, options))
twinVerb('status', 'what is up, what is cut, and what is done otherwise than printed')
  .argument('[company]', 'the company folder', '.')
  .action(async (folder: string, options) => (await import('./twin.ts')).twinStatus(folder, options))
companyOption(twinVerb('exec', 'run a command on a machine: twin exec bos1/fw-a -- nft list ruleset'))
  .argument('<machine>', 'the id of a device, or the name of a host')
  .argument('<command...>')
  .option('--vrf <name>', 'in a VRF of it')
  .action(async (machine: string, command: string[], options) => (await import('./twin.ts')).twinExec(machine, command, options))
companyOption(twinVerb('cut', 'take a cable, a circuit or a device away'))
  .argument('<id>', 'of a cable, a circuit or a device')
  .action(async (id: string, options) => (await import('./twin.ts')).twinCut(id, options))
companyOption(twinVerb('heal', 'give back what was cut'))
  .argument('[id]', 'of a cable, a circuit or a device (default: all)')
  .action(async (id: string | undefined, options) => (await import('./twin.ts')).twinHeal(id, options))
twinVerb('test', 'hold the routes of every kernel, and what becomes of real packets, against what is computed')
  .option('--from <spot>', 'packets of this segment, service or `internet` alone', name)
  .option('--to <spot>', 'packets to this one alone', name)
  .option('--failures <n>', 'then cut so many cables and devices, one at a time, and hold all against what is computed without each', whole)
  .argument('[company]', 'the company folder', '.')
  .action(async (folder: string, options) => (await import('./twin.ts')).twinTest(folder, options))
twinVerb('watch', 'compare the routes of kernels, of zebra and computed ones all the time, and tell what changes')
  .argument('[company]', 'the company folder', '.')
  .action(async (folder: string, options) => (await import('./twin.ts')).twinWatch(folder, options))
twinVerb('down', 'end it, and remove all that it made')
  .argument('[company]', 'the company folder', '.')
  .action(async (folder: string, options) => (await import('./twin.ts')).twinDown(folder, options))

const ledger = program.command('ledger').description('what is allocated, and what rests in quarantine').exitOverride()
ledger
  .command('show', { isDefault: true })
  .description('entries, or those whose key contains FILTER or whose value is FILTER')
  .argument('[company]', 'the company folder', '.')
  .argument('[filter]')
  .option('--json', 'print JSON')
  .option('--freed', 'only what rests in quarantine')
  .exitOverride()
  .action(async (folder: string, filter: string | undefined, options) => (await import('./ledger.ts')).ledgerShow(folder, filter, options))
ledger
  .command('release')
  .description('release entries from quarantine: those named, or all freed before a day')
  .argument('<company>', 'the company folder')
  .argument('[keys...]', 'full keys, as netwright ledger prints them')
  .option('--json', 'print JSON')
  .option('--before <YYYY-MM-DD>', 'only what was freed before that day', date)
  .exitOverride()
  .action(async (folder: string, keys: string[], options, command: Command) => {
    if (keys.length === 0 && options.before === undefined) command.error('error: say which: keys, or --before with a day')
    await (await import('./ledger.ts')).ledgerRelease(folder, keys, options)
  })

// A reader that has seen enough (`| head`) is no error.
process.stdout.removeAllListeners('error').on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(EXIT.fine)
})

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.fine : EXIT.usage
  else refuseFailure(error, process.argv.includes('--json'))
}
