import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { temporaryFolder } from '../../test/support/tmp.ts'
import { underFileLock } from './file-lock.ts'

/** A process that holds the lock until it is killed. */
async function holder(path: string) {
  const module = new URL('file-lock.ts', import.meta.url).href
  const script = `
    const { underFileLock } = await import(${JSON.stringify(module)})
    await underFileLock(${JSON.stringify(path)}, async () => {
      console.log('held')
      await new Promise((resolve) => setTimeout(resolve, 60_000))
    })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

test('a lock is waited for without holding up the event loop, and the death of its holder ends it', async (t) => {
  const path = join(temporaryFolder(t), 'lock')
  const child = await holder(path)
  let taken = false
  const waiting = underFileLock(path, async () => {
    taken = true
  })
  await delay(100)
  assert.equal(taken, false)
  child.kill('SIGKILL')
  await waiting
  assert.equal(taken, true)
})

test('work under one lock runs one piece after the other, also within a process', async (t) => {
  const path = join(temporaryFolder(t), 'lock')
  let running = 0
  await Promise.all(
    Array.from({ length: 5 }, () =>
      underFileLock(path, async () => {
        running += 1
        await delay(5)
        assert.equal(running, 1)
        running -= 1
      }),
    ),
  )
})

test('work that fails gives the lock back', async (t) => {
  const path = join(temporaryFolder(t), 'lock')
  const failing = underFileLock(path, () => Promise.reject(new Error('no')))
  await assert.rejects(failing, /no/)
  assert.equal(await underFileLock(path, async () => 7), 7)
})
