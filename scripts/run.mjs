/**
 * Runs a program of this clone: `node scripts/run.mjs FILE [ARGUMENT…]`, the file named from the project
 * root. Installs what is missing first.
 */
import { runProgram } from './program.mjs'
import { say } from './setup.mjs'

const [file, ...args] = process.argv.slice(2)
if (file === undefined) {
  say('usage: node scripts/run.mjs FILE [ARGUMENT…]')
  process.exitCode = 2
} else {
  await runProgram(file, args)
}
