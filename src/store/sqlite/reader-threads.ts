import { Worker } from 'node:worker_threads'
import type { Log } from '../../core/environment.ts'
import { storeBusy } from '../pending.ts'
import type { BoundStatement } from '../statement.ts'
import { StatementFailed } from './connection.ts'
import type { ReadAnswer, ReadTask } from './reader-thread.ts'

export interface ReaderThreadsOptions {
  readonly path: string
  readonly log: Log
  /** A statement that takes longer is ended together with its thread, ms. */
  readonly longestMs: number
}

interface Work {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
  readonly timer: NodeJS.Timeout
}

/**
 * Threads with a reading connection each, one statement at a time; made when they are needed and kept then. A
 * statement sees all that was committed before it was given to its thread.
 *
 * The engine cannot be told to stop, and a thread ends only when it comes back from it: statements given here have
 * to pace themselves.
 */
export class ReaderThreads {
  readonly #options: ReaderThreadsOptions
  readonly #idle: Worker[] = []
  readonly #busy = new Map<Worker, Work>()

  constructor(options: ReaderThreadsOptions) {
    this.#options = options
  }

  /** @throws StatementFailed; Fault store_busy when it takes too long, or the thread breaks */
  run({ statement, values }: BoundStatement): Promise<unknown> {
    const thread = this.#idle.pop() ?? this.#start()
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(thread), this.#options.longestMs)
      this.#busy.set(thread, { resolve, reject, timer })
      thread.ref()
      const task: ReadTask = { statement, values }
      thread.postMessage(task)
    })
  }

  /** Ends the threads, and what they do. */
  async close(): Promise<void> {
    await Promise.all([...this.#idle.splice(0), ...this.#busy.keys()].map((thread) => thread.terminate()))
  }

  /** Its caller is told when the thread has ended, so that no more run than were admitted. */
  #giveUp(thread: Worker): void {
    this.#options.log.warn({ milliseconds: this.#options.longestMs }, 'a list took too long and was given up')
    thread.removeAllListeners('message')
    void thread.terminate()
  }

  #start(): Worker {
    const { path, log } = this.#options
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const thread = new Worker(new URL(`reader-thread.${extension}`, import.meta.url), {
      workerData: { path },
      env: {},
      // Options of the process, such as how to read standard input, are not meant for it.
      execArgv: [],
    })
    thread.on('message', (answer: ReadAnswer) => {
      const work = this.#take(thread)
      thread.unref()
      this.#idle.push(thread)
      if ('result' in answer) work?.resolve(answer.result)
      else work?.reject(new StatementFailed(errorOf(answer.error)))
    })
    thread.on('error', (error) => log.warn({ error: String(error) }, 'a reading thread ended'))
    // The next statement gets another one.
    thread.on('exit', () => {
      const position = this.#idle.indexOf(thread)
      if (position >= 0) this.#idle.splice(position, 1)
      this.#take(thread)?.reject(storeBusy(new Error('a list took too long, or its thread broke')))
    })
    return thread
  }

  #take(thread: Worker): Work | undefined {
    const work = this.#busy.get(thread)
    this.#busy.delete(thread)
    clearTimeout(work?.timer)
    return work
  }
}

/** An error as the engine would have raised it here. */
function errorOf({ message, errcode }: { readonly message: string; readonly errcode?: number }): Error {
  return Object.assign(new Error(message), errcode === undefined ? {} : { errcode })
}
