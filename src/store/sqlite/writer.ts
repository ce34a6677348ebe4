import type { ChainWriter } from '../chain-writer.ts'
import { DrawnIds } from '../collections/next-ids.ts'
import { newerThanProgram } from '../migrations/migrate.ts'
import { type Commit, deliver, gather, type Outcome } from '../outcome.ts'
import {
  BATCH_LIMIT,
  type Pending,
  storeBusy,
  storeFailed,
  storeFull,
  WRITE_PATIENCE_MS,
  type WriteQueue,
} from '../pending.ts'
import type { Programs } from '../programs/index.ts'
import { ProgramTransaction } from '../transaction.ts'
import { type SqliteConnection, StatementFailed } from './connection.ts'
import { sqliteTrouble } from './errors.ts'

/**
 * Wait before the next attempt to get a lock that another process holds: as short as a timer allows while that
 * is a transaction like ours, longer when somebody keeps it.
 */
const lockDelayMs = (attempt: number): number => (attempt < 100 ? 1 : attempt < 200 ? 5 : 25)

export interface SqliteWriterOptions {
  readonly connection: SqliteConnection
  readonly programs: Programs
  readonly chain: ChainWriter
  readonly queue: WriteQueue
  /** Number of the last migration this program knows. */
  readonly schemaVersion: number
  /** Told the epoch of the configuration at the start of each transaction and after each commit. */
  readonly onEpoch: (configuration: number) => void
  /** Told after each commit of something written. */
  readonly onCommit: (commit: Commit) => void
  /** Told once, when nothing may be written any more. */
  readonly onFailure: (cause: unknown) => void
}

/**
 * Group commit: whatever write programs arrive during one turn of the event loop share one transaction and
 * one sync. Another process's lock never blocks the loop: the writer comes back a little later.
 *
 * A program that fails before it wrote costs the others nothing. When one fails after that, the batch is
 * rolled back and runs again with a savepoint for each program.
 */
export class SqliteWriter {
  readonly #options: SqliteWriterOptions
  readonly #ids: DrawnIds
  #scheduled = false
  #lockAttempts = 0
  #failed = false
  /** How many programs at the head of the queue run with savepoints. */
  #careful = 0
  #idle: (() => void)[] = []

  constructor(options: SqliteWriterOptions) {
    this.#options = options
    this.#ids = new DrawnIds(options.programs.drawIds)
  }

  get failed(): boolean {
    return this.#failed
  }

  /** Sees to it that what is queued gets written. */
  schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => this.#turn())
  }

  /** Resolves when nothing is queued. */
  async settled(): Promise<void> {
    if (!this.#scheduled && this.#options.queue.length === 0) return
    await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  /** Ends all writing. */
  fail(cause: unknown): void {
    if (this.#failed) return
    this.#failed = true
    this.#options.onFailure(cause)
  }

  #turn(): void {
    this.#scheduled = false
    const { queue } = this.#options
    if (this.#failed) queue.rejectAll(storeFailed())
    else if (queue.length > 0) this.#flush()
    if (this.#scheduled) return
    if (queue.length > 0) this.schedule()
    else for (const resolve of this.#idle.splice(0)) resolve()
  }

  #flush(): void {
    const { queue } = this.#options
    if (!this.#begin()) return
    const careful = this.#careful > 0
    const batch = queue.take(careful ? this.#careful : BATCH_LIMIT)
    this.#careful = 0
    try {
      if (this.#transact(batch, careful)) return
      this.#rollback()
      queue.putBack(batch)
      this.#careful = batch.length
    } catch (error) {
      this.#rollback()
      this.#giveUp(batch, error instanceof StatementFailed ? error.cause : error)
    }
  }

  #begin(): boolean {
    const { connection, queue } = this.#options
    try {
      connection.execute('BEGIN IMMEDIATE')
    } catch (error) {
      if (sqliteTrouble(error) === 'busy') this.#comeBack(error)
      else this.#giveUp(queue.take(queue.length), error)
      return false
    }
    this.#lockAttempts = 0
    return true
  }

  /**
   * Runs a batch in the transaction that has begun, and commits it. What it throws concerns the whole batch.
   * @returns false when it has to be rolled back and run again carefully
   */
  #transact(batch: readonly Pending[], careful: boolean): boolean {
    const { connection, programs, chain, schemaVersion } = this.#options
    const epoch = connection.drive(programs.epoch.read())
    if (epoch.schema > schemaVersion) throw newerThanProgram(epoch.schema, schemaVersion)
    this.#options.onEpoch(epoch.configuration)
    this.#ids.begin()

    const outcomes: Outcome[] = []
    let wrote = false
    for (const pending of batch) {
      connection.wrote = false
      if (careful) connection.execute('SAVEPOINT program')
      const outcome = this.#run(pending)
      if ('error' in outcome && connection.wrote) {
        if (!careful) return false
        connection.forgetDeferred()
        connection.execute('ROLLBACK TO program')
      } else {
        wrote ||= connection.wrote
        if (careful) connection.settle()
      }
      if (careful) connection.execute('RELEASE program')
      outcomes.push(outcome)
    }

    const { events, changesConfiguration } = gather(outcomes)
    if (!wrote && events.length === 0 && !changesConfiguration) {
      connection.execute('COMMIT')
      deliver(outcomes)
      return true
    }
    const configuration = changesConfiguration
      ? connection.drive(programs.epoch.advance())
      : epoch.configuration
    const head = connection.drive(chain.append(events))
    connection.settle()
    connection.execute('COMMIT')
    chain.committed(head, events)
    this.#options.onEpoch(configuration)
    deliver(outcomes)
    this.#options.onCommit({ programs: outcomes.length, events })
    return true
  }

  /** @throws StatementFailed for trouble of the engine; the program's own errors are its outcome */
  #run(pending: Pending): Outcome {
    const { connection, programs, chain } = this.#options
    const transaction = new ProgramTransaction(programs, chain, this.#ids)
    try {
      return { pending, transaction, result: connection.drive(pending.start(transaction)) }
    } catch (error) {
      if (!(error instanceof StatementFailed)) return { pending, error }
      if (sqliteTrouble(error.cause) !== 'refused') throw error
      return { pending, error: error.cause }
    }
  }

  #rollback(): void {
    const { connection } = this.#options
    connection.forgetDeferred()
    if (!connection.inTransaction) return
    try {
      connection.execute('ROLLBACK')
    } catch (error) {
      this.fail(error)
    }
  }

  /** Waits for another process's lock; those that waited too long are told so. */
  #comeBack(cause: unknown): void {
    this.#options.queue.rejectOlder(WRITE_PATIENCE_MS, () => storeBusy(cause))
    if (this.#options.queue.length === 0) {
      this.#careful = 0
      return
    }
    const delay = lockDelayMs(this.#lockAttempts)
    this.#lockAttempts += 1
    this.#scheduled = true
    setTimeout(() => this.#turn(), delay)
  }

  /**
   * Ends a batch that cannot be written. Only a full disk and a lock pass by themselves: after anything else
   * nobody knows what reached the disk, so nothing is written until a restart.
   */
  #giveUp(batch: readonly Pending[], cause: unknown): void {
    const trouble = sqliteTrouble(cause)
    const error =
      trouble === 'full' ? storeFull(cause) : trouble === 'busy' ? storeBusy(cause) : storeFailed(cause)
    if (trouble !== 'full' && trouble !== 'busy') this.fail(cause)
    for (const pending of batch) pending.reject(error)
  }
}
