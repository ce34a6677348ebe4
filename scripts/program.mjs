/** Programs of this clone in the foreground, on the right Node.js, with what they need installed first. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isRunningOn, prepare, projectRoot, SetupError, say } from './setup.mjs'

/** @typedef {{ status: number | null, signal: NodeJS.Signals | null }} Outcome how a child ended */

/** @type {NodeJS.Signals[]} */
const forwarded = ['SIGTERM', 'SIGHUP', 'SIGINT']

/**
 * Prepares the clone and runs a TypeScript or JavaScript program in it. The program sees itself as
 * `process.argv[1]` and runs when it is evaluated: in this process where that is already the right
 * Node.js, else in a child whose signals, streams and exit status are passed on.
 *
 * @param {string} file path from the project root
 * @param {string[]} args
 */
export async function runProgram(file, args) {
  const node = await prepareOrExit()
  const program = join(projectRoot, file)
  if (!isRunningOn(node)) return endAs(await runForeground(node, [program, ...args]))
  process.argv.splice(1, process.argv.length, program, ...args)
  await import(pathToFileURL(program).href)
}

/**
 * {@link prepare}, ended by one clear line and exit status 1 when it fails.
 *
 * @returns {Promise<string>}
 */
export async function prepareOrExit() {
  try {
    return await prepare()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(error.message)
    process.exit(1)
  }
}

/**
 * Runs a command with our streams and passes signals on to it.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<Outcome>} after the child has ended
 */
export function runForeground(command, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', env })
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => {
      // A terminal sends Ctrl-C to the child as well; sent twice it would read as "do not wait".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    }
    for (const signal of forwarded) process.on(signal, forward)
    child.on('error', reject)
    child.on('close', (status, signal) => {
      for (const name of forwarded) process.removeListener(name, forward)
      resolve({ status, signal })
    })
  })
}

/**
 * Ends this process as the child ended: by the same signal, or with its status.
 *
 * @param {Outcome} outcome
 */
export function endAs({ status, signal }) {
  if (signal !== null) process.kill(process.pid, signal)
  process.exitCode = status ?? 1
}
