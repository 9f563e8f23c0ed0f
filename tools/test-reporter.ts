/** One line for each file of tests; then in full what failed, and the counts, as node's own `spec` reporter prints them. */
import { relative } from 'node:path'
import { spec, type TestEvent } from 'node:test/reporters'

export default async function* testReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const rest = new spec()
  for await (const event of events) {
    if (event.type === 'test:summary' && event.data.file) yield summary(event.data.file, event.data)
    else if (worthTelling(event)) rest.write(event)
    for (let text = rest.read(); text !== null; text = rest.read()) yield String(text)
  }
  rest.end()
  for await (const text of rest) yield String(text)
}

/** `✔ src/base/ip.test.ts  12 tests, 80 ms`. */
function summary(file: string, { success, counts, duration_ms }: { success: boolean; counts: { tests: number }; duration_ms: number }): string {
  return `${success ? '✔' : '✖'} ${relative(process.cwd(), file)}  ${counts.tests} tests, ${Math.round(duration_ms)} ms\n`
}

/** Not that a test began or passed; but that one was skipped, and why. */
function worthTelling(event: TestEvent): boolean {
  return event.type !== 'test:start' && (event.type !== 'test:pass' || event.data.skip !== undefined)
}
