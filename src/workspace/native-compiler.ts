/** TypeScript's compiler, which comes along. Called without its JavaScript wrapper: that would cost another start of Node. */
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Runs the compiler in a folder, and gives its exit code and what it said. Throws where the compiler can't be started. */
export function runCompiler(args: readonly string[], folder: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program(), args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

function program(): string {
  const require = createRequire(import.meta.url)
  const types = dirname(require.resolve('typescript/package.json'))
  const native = createRequire(join(types, 'package.json')).resolve(`@typescript/typescript-${process.platform}-${process.arch}/package.json`)
  return join(dirname(native), 'lib', process.platform === 'win32' ? 'tsc.exe' : 'tsc')
}
