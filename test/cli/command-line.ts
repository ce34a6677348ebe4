/** Commands on a data folder of their own, run as a user runs them. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type CommandOptions, type CommandResult, chancery } from '../support/process.ts'
import { type Scope, temporaryFolder } from '../support/tmp.ts'

export interface CommandLine {
  readonly folder: string
  /** Made by the first command that may. */
  readonly data: string
  run(args: readonly string[], options?: CommandOptions): Promise<CommandResult>
  /** Runs a command that has to succeed and gives its one JSON object. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are compared member by member
  json(args: readonly string[], options?: CommandOptions): Promise<any>
  /** Runs a command that has to be refused and gives the line that says why. */
  refusal(args: readonly string[], status?: number, options?: CommandOptions): Promise<string>
}

export function commandLine(scope: Scope): CommandLine {
  const folder = temporaryFolder(scope, 'cli')
  const data = join(folder, 'data')
  const run = (args: readonly string[], options?: CommandOptions) =>
    chancery([...args, '--data', data], options)
  return {
    folder,
    data,
    run,
    async json(args, options) {
      const { status, stdout, stderr } = await run([...args, '--json'], options)
      assert.equal(status, 0, stderr)
      assert.equal(stderr, '', 'with --json nothing but the object is printed')
      assert.equal(stdout.split('\n').length, 2, 'one line')
      return JSON.parse(stdout)
    },
    async refusal(args, status = 1, options) {
      const result = await run(args, options)
      assert.equal(result.status, status, result.stdout + result.stderr)
      assert.equal(result.stdout, '')
      assert.doesNotMatch(result.stderr, /\n\s+at /, 'no stack')
      return result.stderr
    },
  }
}
