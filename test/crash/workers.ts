import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Order } from './worker.ts'

/** A worker process that has loaded its program and waits for its order. */
export interface Worker {
  start(order: Order): void
  /** Resolves when its engine is open. */
  readonly working: Promise<void>
  kill(): void
  /**
   * Resolves when SIGKILL ended it, sent by itself or by us; rejects when it ended otherwise: then a verb failed in
   * a way that it must not.
   */
  readonly killed: Promise<void>
}

const WAITING_MS = 60_000

/** @param cacheFolder keeps what V8 compiled: loading the program is most of what a short life costs */
export async function loadWorker(cacheFolder: string): Promise<Worker> {
  const child = fork(join(import.meta.dirname, 'worker.ts'), {
    // What the test runner gave to the test file is not for its workers.
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, NODE_COMPILE_CACHE: cacheFolder },
  })
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    errors += text
  })
  const killed = once(child, 'close').then(([status, signal]) => {
    if (signal !== 'SIGKILL') throw new Error(`a worker ended with ${status ?? signal}: ${errors}`)
  })
  // Looked at by the round; until then it must not count as unhandled.
  killed.catch(() => {})
  // The order of a dying worker may not arrive.
  child.on('error', () => {})
  await messageOf(child, 'loaded', killed)
  return {
    start: (order) => void child.send(order),
    working: messageOf(child, 'working', killed),
    kill: () => void child.kill('SIGKILL'),
    killed,
  }
}

/** Also resolves when the worker has been killed before it said so. */
function messageOf(child: ChildProcess, text: string, killed: Promise<void>): Promise<void> {
  const said = new Promise<void>((resolve) => {
    child.on('message', (message) => {
      if (message === text) resolve()
    })
  })
  const either = Promise.race([said, killed])
  either.catch(() => {})
  return either
}

/** Waits for a worker to kill itself at a stop point. */
export async function killedByItself(worker: Worker, point: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${point} was not reached`)), WAITING_MS)
  })
  try {
    await Promise.race([worker.killed, late])
  } finally {
    clearTimeout(timer)
  }
}
