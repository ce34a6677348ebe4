import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { CommandError } from './command-error.ts'
import { runCommandLine } from './command-line.ts'
import type { Services } from './services.ts'

/** Services that nothing here may reach, but for `open`. */
function services(open: () => never): Services {
  const unreachable = () => assert.fail('a command line that is refused must not get here')
  const option = { flag: 'data', argument: 'PATH', repeatable: false, help: 'where' }
  return {
    version: '1.2.3',
    serveOptions: [option],
    outsideOptions: [],
    storeOptions: [option],
    catalogues: [],
    serve: unreachable,
    open,
    backup: unreachable,
    restore: unreachable,
    explain: (error) => (error instanceof RangeError ? error.message : undefined),
  }
}

/** Runs a command line with what it prints collected. */
async function run(context: TestContext, args: readonly string[], open?: () => never) {
  let [stdout, stderr] = ['', '']
  const out = context.mock.method(process.stdout, 'write', (text: string) => {
    stdout += text
    return true
  })
  const err = context.mock.method(process.stderr, 'write', (text: string) => {
    stderr += text
    return true
  })
  const opening = open ?? (() => assert.fail('a command line that is refused must not open a store'))
  const status = await runCommandLine(args, services(opening))
  out.mock.restore()
  err.mock.restore()
  return { status, stdout, stderr }
}

const commands: readonly (readonly string[])[] = [
  ['serve'],
  ['account', 'create'],
  ['account', 'list'],
  ['account', 'show'],
  ['account', 'set'],
  ['account', 'passphrase'],
  ['key', 'create'],
  ['key', 'list'],
  ['key', 'revoke'],
  ['issue'],
  ['cert', 'list'],
  ['cert', 'show'],
  ['cert', 'revoke'],
  ['ca', 'create'],
  ['ca', 'list'],
  ['ca', 'show'],
  ['ca', 'renew'],
  ['explain'],
  ['master-key', 'rotate'],
  ['backup'],
  ['restore'],
  ['recover'],
  ['audit', 'verify'],
]
for (const command of commands) {
  const name = command.join(' ')
  test(`"${name} --help" explains the command, with the settings and --json`, async (context) => {
    const { status, stdout, stderr } = await run(context, [...command, '--help'])
    assert.equal(status, 0)
    assert.equal(stderr, '')
    assert.match(stdout, new RegExp(`^Usage: chancery ${name} `))
    if (name !== 'explain') assert.match(stdout, /\nSettings:\n {2}--data <PATH>/)
    if (name !== 'serve') assert.match(stdout, / --json /)
  })
}

test('--version prints the version alone', async (context) => {
  assert.deepEqual(await run(context, ['--version']), { status: 0, stdout: '1.2.3\n', stderr: '' })
})

const wrong: readonly (readonly string[])[] = [
  ['frobnicate'],
  ['issue', '--frobnicate'],
  ['account', 'create'],
  ['cert', 'show'],
  ['cert', 'show'],
  ['cert', 'show', '0'],
  ['cert', 'show', '2147483648'],
  ['cert', 'list', '--limit', '1001'],
  ['cert', 'revoke', '1', '--reason', 'boredom'],
  ['key', 'create', '--account', '1', '--role', 'king'],
  ['issue', 'a.internal', '--key', 'rsa-1024'],
  ['issue', 'a.internal', '--days', '0'],
  ['serve', 'now'],
]
for (const args of wrong) {
  test(`"${args.join(' ')}" is no command line: status 2, standard output empty, help is named`, async (context) => {
    const { status, stdout, stderr } = await run(context, args)
    assert.equal(status, 2)
    assert.equal(stdout, '')
    assert.match(stderr, /^error: .*\n\(add --help for what can be given\)\n$/s)
  })
}

test('an error that is made for people is one line, others ask to be reported with their stack', async (context) => {
  const throwing = (error: unknown) => () => {
    throw error
  }
  const command = ['account', 'list']
  const explained = await run(context, command, throwing(new RangeError('no room')))
  assert.deepEqual(explained, { status: 1, stdout: '', stderr: 'chancery: no room\n' })
  const refused = await run(context, command, throwing(new CommandError('not \u001b[31mnow\u202e')))
  assert.equal(refused.stderr, 'chancery: not \ufffd[31mnow\ufffd\n', 'nothing steers the terminal')
  const bug = await run(context, command, throwing(new TypeError('oops')))
  assert.equal(bug.status, 1)
  assert.match(bug.stderr, /please report it with these lines\nTypeError: oops\n\s+at /)
})
