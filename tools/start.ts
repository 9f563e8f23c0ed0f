/** `npm start`: compiles the example company and shows what came out. */
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build } from '../src/cli/build.ts'
import { show } from '../src/cli/show.ts'
import { say, tone } from '../src/cli/terminal.ts'
import { why } from '../src/cli/why.ts'

const company = join(import.meta.dirname, '..', 'examples', 'harborpine')
const here = relative(process.cwd(), company) || '.'

const step = (command: string) => say(`\n${tone('strong', `$ netwright ${command}`)}`)

step(`build ${here}`)
await build(company, {})
if (process.exitCode === undefined) {
  step(`show --company ${here}`)
  await show(undefined, { company })
  // Any line would do; one that lets a flow pass is the most telling.
  const file = join('out', 'bos1', 'fw-a', 'nftables.conf')
  const line =
    readFileSync(join(company, file), 'utf8')
      .split('\n')
      .findIndex((text) => /192\.0\.2\.1[2-9]\d\/32 \. tcp \. 443/.test(text)) + 1
  step(`why ${join(here, file)}:${line}`)
  await why(`${join(company, file)}:${line}`, {})
  say(`\nEverything it printed is in ${join(here, 'out')}. Edit a file in ${join(here, 'sites')} and run ${tone('strong', `bin/netwright plan ${here}`)}.`)
}
