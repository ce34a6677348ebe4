import type { Log } from '../../core/environment.ts'
import type { Program, Step } from '../../core/store/program.ts'
import { type LongReadLimits, LongReads } from '../long-reads.ts'
import { storeBusy, storeFailed } from '../pending.ts'
import { BoundStatement } from '../statement.ts'
import { type SqliteConnection, StatementFailed } from './connection.ts'
import { sqliteTrouble } from './errors.ts'
import { ReaderThreads } from './reader-threads.ts'

export interface SqliteReaderOptions {
  readonly connection: SqliteConnection
  readonly path: string
  readonly log: Log
  readonly limits: LongReadLimits
  /** Told when reading failed or what was read is damaged. */
  readonly onFailure: (cause: unknown) => void
}

/**
 * Runs read programs on the event loop, which nearly all leave within a millisecond. A statement that may take long is
 * tried there for a moment, if it can be ended then; when that was not enough, it runs on a thread, and the program goes on when it is done.
 */
export class SqliteReader {
  readonly #options: SqliteReaderOptions
  readonly #long: LongReads
  readonly #threads: ReaderThreads

  constructor(options: SqliteReaderOptions) {
    const { path, log, limits } = options
    this.#options = options
    this.#long = new LongReads(limits)
    this.#threads = new ReaderThreads({ path, log, longestMs: limits.longestMs })
  }

  /**
   * A promise only when a statement took long.
   * @throws Fault store_busy, store_failed, overloaded; what the program throws
   */
  read<Result>(program: Program<Result>): Result | Promise<Result> {
    try {
      return this.#start(program)
    } catch (error) {
      throw this.#refusal(error)
    }
  }

  async close(): Promise<void> {
    this.#long.close()
    await this.#threads.close()
  }

  #start<Result>(program: Program<Result>): Result | Promise<Result> {
    const { connection, limits } = this.#options
    let until: number | undefined
    let turn = program.next()
    while (!turn.done) {
      const step = boundOf(turn.value)
      if (step.statement.mayTakeLong) {
        // The long statements of one program share the moment: there may be several.
        until ??= performance.now() + limits.shortMs
        const isTried = step.statement.mayTakeLong === 'paced'
        const done = isTried ? connection.runUntil(step, until) : undefined
        if (done === undefined) return this.#goOn(program, step)
        turn = program.next(done.result)
      } else {
        turn = program.next(connection.run(step))
      }
    }
    return turn.value
  }

  /** The rest of a program, from a statement that took too long for the loop. */
  async #goOn<Result>(program: Program<Result>, first: BoundStatement): Promise<Result> {
    const { connection } = this.#options
    try {
      let turn = program.next(await this.#long.run(() => this.#threads.run(first)))
      while (!turn.done) {
        const step = boundOf(turn.value)
        const isLong = step.statement.mayTakeLong
        const answer = isLong ? await this.#long.run(() => this.#threads.run(step)) : connection.run(step)
        turn = program.next(answer)
      }
      return turn.value
    } catch (error) {
      throw this.#refusal(error)
    }
  }

  /** What the caller is told of an error. */
  #refusal(error: unknown): unknown {
    if (!(error instanceof StatementFailed)) return error
    const trouble = sqliteTrouble(error.cause)
    if (trouble === 'busy') return storeBusy(error.cause)
    if (trouble !== 'failed') return error.cause
    this.#options.onFailure(error.cause)
    return storeFailed(error.cause)
  }
}

function boundOf(step: Step): BoundStatement {
  if (!(step instanceof BoundStatement)) throw new TypeError('a step of another store')
  return step
}
