/**
 * Loaded into the process of each test file, to end it when it hangs: Node's own test timeout neither stops
 * a loop that never yields nor a file that a forgotten timer keeps alive. It counts on a thread of its
 * own, which does not keep the process alive. `CHANCERY_TEST_DEADLINE_MS` says how long a file may take.
 */
import { isMainThread, Worker } from 'node:worker_threads'

const deadlineMs = Number(process.env.CHANCERY_TEST_DEADLINE_MS)

// Node sets NODE_TEST_CONTEXT in the processes of test files; the runner, which loads this too, has no limit.
if (isMainThread && process.env.NODE_TEST_CONTEXT !== undefined && deadlineMs > 0) {
  const watch = `
    const { workerData } = require('node:worker_threads')
    setTimeout(() => {
      require('node:fs').writeSync(2, workerData.file + ' still ran after ' + workerData.deadlineMs / 1000 + ' s\\n')
      process.kill(process.pid, 'SIGKILL')
    }, workerData.deadlineMs)`
  const workerData = { deadlineMs, file: process.argv[1] }
  new Worker(watch, { eval: true, execArgv: [], workerData }).unref()
}
