import cluster, { type Worker } from 'node:cluster'
import type { Log } from '../../core/environment.ts'
import type { Configuration } from '../configuration/configuration.ts'
import { StartError } from '../start-error.ts'
import { type FromLoop, fromLoopTypes, isMessage, type ToLoop } from './messages.ts'
import { ReportExchange } from './report-exchange.ts'

const shortestRestartMs = 100
const longestRestartMs = 10_000
/** A loop that lived this long starts anew at once when it ends. */
const settledMs = 60_000
/** Beyond the loops' own time to drain: for closing the store. */
const closingMs = 5000

export interface SupervisorOptions {
  readonly configuration: Configuration
  readonly log: Log
  /** The program that a request loop runs: src/main.ts or what it was built into. */
  readonly program: string
}

/**
 * Runs request loops as child processes that share the listeners; connections go to them in turn. A loop that
 * ends is replaced, after a growing pause when it keeps ending.
 */
export class Supervisor {
  readonly #options: SupervisorOptions
  readonly #loops = new Set<Worker>()
  readonly #exchange = new ReportExchange()
  readonly #restarts = new Set<NodeJS.Timeout>()
  #listening = 0
  #stopping = false
  #started: (() => void) | undefined
  #startFailed: ((error: StartError) => void) | undefined
  #allEnded: (() => void) | undefined
  #killed = false

  constructor(options: SupervisorOptions) {
    this.#options = options
  }

  /**
   * Resolves when every loop listens.
   * @throws StartError with the line of the first loop that could not start; no loop runs then
   */
  async start(): Promise<void> {
    cluster.setupPrimary({ exec: this.#options.program, args: [], serialization: 'json' })
    const started = new Promise<void>((resolve, reject) => {
      this.#started = resolve
      this.#startFailed = reject
    })
    for (let slot = 0; slot < this.#options.configuration.processes; slot++) this.#fork(0)
    try {
      await started
    } catch (error) {
      await this.stop()
      throw error
    } finally {
      this.#started = undefined
      this.#startFailed = undefined
    }
  }

  /**
   * Lets every loop finish what it has begun, within the time to drain; ends those that do not.
   * @returns false when a loop had to be ended
   */
  async stop(): Promise<boolean> {
    this.#stopping = true
    for (const timer of this.#restarts) clearTimeout(timer)
    for (const loop of this.#loops) send(loop, { type: 'stop' })
    if (this.#loops.size === 0) return true
    const patience = this.#options.configuration.drainMs + closingMs
    const timer = setTimeout(() => this.kill(), patience)
    await new Promise<void>((resolve) => {
      this.#allEnded = resolve
    })
    clearTimeout(timer)
    return !this.#killed
  }

  /** Ends every loop at once. */
  kill(): void {
    this.#killed = true
    for (const loop of this.#loops) loop.process.kill('SIGKILL')
  }

  /** Process ids of the loops that run. */
  processIds(): readonly number[] {
    return [...this.#loops].flatMap((loop) => loop.process.pid ?? [])
  }

  #fork(failures: number): void {
    const loop = cluster.fork()
    const startedAt = performance.now()
    let listens = false
    this.#loops.add(loop)
    loop.on('message', (message: unknown) => {
      if (!isMessage<FromLoop>(message, fromLoopTypes)) return
      if (message.type === 'listening') listens = true
      this.#receive(loop, message)
    })
    loop.on('error', (error) => this.#options.log.error({ err: error }, 'a request loop cannot be reached'))
    loop.on('exit', (code, signal) => {
      this.#loops.delete(loop)
      if (listens) this.#listening--
      const lived = performance.now() - startedAt
      this.#ended({ loop: loop.process.pid ?? null, code, signal }, lived >= settledMs ? 0 : failures + 1)
    })
  }

  #receive(loop: Worker, message: FromLoop): void {
    const { configuration } = this.#options
    switch (message.type) {
      case 'ready-to-start':
        send(loop, { type: 'start', configuration, processes: configuration.processes })
        return
      case 'listening':
        this.#listening++
        if (this.#listening === configuration.processes) this.#started?.()
        return
      case 'failed':
        this.#options.log.error({ reason: message.line }, 'a request loop could not start')
        this.#startFailed?.(new StartError(message.line))
        return
      case 'report':
        this.#exchange.answer(message.id, message.report)
        return
      case 'reports-wanted':
        void this.#collect(loop, message.id)
    }
  }

  async #collect(asker: Worker, id: number): Promise<void> {
    const loops = [...this.#loops]
    const reports = await this.#exchange.ask(loops.length, (question) => {
      for (const loop of loops) send(loop, { type: 'report-wanted', id: question })
    })
    send(asker, { type: 'reports', id, reports })
  }

  #ended(facts: Readonly<Record<string, string | number | null>>, failures: number): void {
    if (this.#stopping) {
      if (this.#loops.size === 0) this.#allEnded?.()
      return
    }
    if (this.#startFailed !== undefined) {
      this.#startFailed(new StartError('a request loop ended while it started; the log has the cause'))
      return
    }
    const pause = Math.min(shortestRestartMs * 2 ** (failures - 1), longestRestartMs)
    this.#options.log.error({ ...facts, restartMs: pause }, 'a request loop ended and is started anew')
    const timer = setTimeout(() => {
      this.#restarts.delete(timer)
      this.#fork(failures)
    }, pause)
    this.#restarts.add(timer)
  }
}

function send(loop: Worker, message: ToLoop): void {
  if (loop.isConnected()) loop.send(message, () => {})
}
