import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { CommandError } from './command-error.ts'

const longestSecretFile = 4096

/**
 * A secret from the first line of a file; `-` is standard input. Secrets never come from the command line,
 * where every user of the machine can read them.
 */
export function secretFromFile(file: string): string {
  let text: string
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new CommandError(`${file} cannot be read (${code})`, { cause: error })
  }
  if (text.length > longestSecretFile) throw new CommandError(`${file} is too large for a secret`)
  const [line = ''] = text.split(/\r?\n/, 1)
  if (line === '') throw new CommandError(`the first line of ${file} is empty`)
  return line
}

/** Asks on the terminal without showing what is typed. */
export async function secretFromTerminal(question: string, fileOption: string): Promise<string> {
  if (!process.stdin.isTTY) throw new CommandError(`there is no terminal to ask on: use ${fileOption}`)
  process.stderr.write(`${question}: `)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await new Promise<string>((resolve, reject) => {
      reader.on('SIGINT', () => reject(new CommandError('interrupted')))
      reader.question('', resolve)
    })
  } finally {
    reader.close()
    process.stderr.write('\n')
  }
}
