/** Makes `src/base/messages.gen.ts` and `docs/diagnostics.md` from `messages/*.md`. With `--check`, only says whether they are up to date. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

interface Message {
  code: string
  sentence: string
  fix: string | undefined
  prose: string
}

const messages = readdirSync(join(root, 'messages'))
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .sort()
  .map((name) => read(name.slice(0, -3), readFileSync(join(root, 'messages', name), 'utf8')))

function read(code: string, text: string): Message {
  const [heading, sentence, ...rest] = text.trim().split(/\n\n+/)
  if (heading !== `# ${code}` || !sentence) throw new Error(`messages/${code}.md must begin with "# ${code}", a blank line and one sentence`)
  const fix = rest[0]?.startsWith('Fix: ') ? rest.shift()!.slice(5) : undefined
  return { code, sentence: sentence.replaceAll('\n', ' '), fix: fix?.replaceAll('\n', ' '), prose: rest.join('\n\n') }
}

const words = (message: Message) => [...new Set([...`${message.sentence} ${message.fix ?? ''}`.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!))]

const code = `// Made by tools/messages.ts from messages/*.md. Do not edit.

/** The words each message needs. */
export interface MessageWords {
${messages
  .map(
    (m) =>
      `  '${m.code}': { ${words(m)
        .map((word) => `${word}: string | number`)
        .join('; ')} }`,
  )
  .join('\n')}
}

/** The stable name of a diagnostic. */
export type MessageCode = keyof MessageWords

/** Sentence and fix of each message, with the words still in braces. */
export const messages: Readonly<Record<MessageCode, { readonly sentence: string; readonly fix?: string }>> = {
${messages.map((m) => `  '${m.code}': { sentence: ${JSON.stringify(m.sentence)}${m.fix ? `, fix: ${JSON.stringify(m.fix)}` : ''} },`).join('\n')}
}
`

const page = `# Diagnostics

Every error and warning, by its code. Made from \`messages/\`.

${messages.map((m) => `## ${m.code}\n\n> ${m.sentence}\n${m.fix ? `\n**Fix:** ${m.fix}\n` : ''}${m.prose ? `\n${m.prose}\n` : ''}`).join('\n')}`

for (const [path, text] of [
  ['src/base/messages.gen.ts', code],
  ['docs/diagnostics.md', page],
] as const) {
  if (process.argv.includes('--check')) {
    if (readFileSync(join(root, path), 'utf8') !== text) {
      console.error(`${path} is not what messages/ makes: run node tools/messages.ts`)
      process.exitCode = 1
    }
  } else writeFileSync(join(root, path), text)
}
