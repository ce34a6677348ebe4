import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

const module = join(import.meta.dirname, '../../scripts/npm-parent.mjs')
const program = `
  process.on('SIGTERM', () => { console.log('told'); process.exit() })
  setTimeout(() => process.exit(1), 20_000)
  const { endWithNpm } = await import(process.env.MODULE)
  endWithNpm()
  console.log(process.pid + ' running')`

/** Kills the shell that a program runs below, as npm does, and listens to the program until it ends. */
async function withoutShell(event: string, patienceMs: number): Promise<string> {
  const shell = spawn('sh', ['-c', '"$NODE" --input-type=module -e "$PROGRAM"; exit'], {
    env: {
      ...process.env,
      ...{ NODE: process.execPath, PROGRAM: program, MODULE: module, npm_lifecycle_event: event },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  shell.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  await once(shell.stdout, 'data')
  shell.kill('SIGTERM')
  // The pipe is open for as long as the program runs.
  const given = new AbortController()
  await Promise.race([once(shell, 'close'), delay(patienceMs, undefined, { signal: given.signal })])
  given.abort()
  shell.stdout.destroy()
  const [pid = '', said = ''] = output.split(/ (.*)/s)
  try {
    process.kill(Number(pid), 'SIGKILL')
  } catch {
    // It has ended.
  }
  return said
}

test('a program started by npm ends in order when the shell between is killed', {
  skip: process.platform === 'win32' && 'Windows has no signals',
}, async () => {
  assert.equal(await withoutShell('start', 15_000), 'running\ntold\n')
})

test('a program that was put into the background elsewhere goes on without its shell', {
  skip: process.platform === 'win32' && 'Windows has no signals',
}, async () => {
  assert.equal(await withoutShell('test', 1_000), 'running\n')
})
