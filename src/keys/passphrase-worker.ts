import { argon2Sync } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import type { PassphraseTask } from './passphrase-keys.ts'

// Runs in a worker thread of its own: see passphrase-keys.ts.
parentPort?.on('message', (task: PassphraseTask) => {
  const key = argon2Sync('argon2id', {
    message: task.passphrase,
    nonce: task.salt,
    parallelism: task.lanes,
    tagLength: task.keyLength,
    memory: task.memoryKiB,
    passes: task.passes,
  })
  task.passphrase.fill(0)
  const answer = new Uint8Array(key)
  key.fill(0)
  parentPort?.postMessage(answer, [answer.buffer])
})
