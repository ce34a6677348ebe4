import { setTimeout as delay } from 'node:timers/promises'
import type { Event } from '../../core/audit/event.ts'
import type { Log } from '../../core/environment.ts'
import { StoreUnusable } from '../../core/store/unusable.ts'
import { ChainLost, type ChainWriter } from '../chain-writer.ts'
import { DrawnIds } from '../collections/next-ids.ts'
import { newerThanProgram } from '../migrations/migrate.ts'
import { type Commit, deliver, gather, type Outcome } from '../outcome.ts'
import { type Pending, storeBusy, storeFailed, storeFull, WRITE_PATIENCE_MS } from '../pending.ts'
import type { Head } from '../programs/chains.ts'
import type { Programs } from '../programs/index.ts'
import { ProgramTransaction } from '../transaction.ts'
import { allOf, PostgresConnection, StatementFailed } from './connection.ts'
import { postgresTrouble } from './errors.ts'

/** How often a batch is tried when transactions stand in each other's way. */
const CONFLICT_ATTEMPTS = 6
/** How long the outcome of a COMMIT is asked for before its callers are told that it is not known. */
const RESOLVE_PATIENCE_MS = 30_000
const RECONNECT_DELAY_MS = 100

export interface LaneOptions {
  readonly url: string
  readonly programs: Programs
  /** Makes the chain that this lane writes. */
  readonly newChain: () => ChainWriter
  readonly log: Log
  readonly schemaVersion: number
  readonly onEpoch: (configuration: number) => void
  /** Told when nothing may be written any more. */
  readonly onFailure: (cause: unknown) => void
  /** Told after each commit of something written. */
  readonly onCommit?: (commit: Commit) => void
}

/** The connection was lost after COMMIT had been sent: only the database knows what became of the batch. */
class CommitUnknown extends Error {
  readonly outcomes: readonly Outcome[]
  readonly events: readonly Event[]
  readonly configuration: number
  readonly head: Head

  constructor(
    batch: {
      readonly outcomes: readonly Outcome[]
      readonly events: readonly Event[]
      readonly configuration: number
      readonly head: Head
    },
    cause: unknown,
  ) {
    super('the outcome of a commit is not known', { cause })
    this.outcomes = batch.outcomes
    this.events = batch.events
    this.configuration = batch.configuration
    this.head = batch.head
  }
}

/** @returns whether it was done: false when the server refused it for what it is */
async function unlessRefused(writing: Promise<void>): Promise<boolean> {
  try {
    await writing
    return true
  } catch (error) {
    if (error instanceof StatementFailed && postgresTrouble(error.cause) === 'refused') return false
    throw error
  }
}

/**
 * One writing connection with its own audit chain. A batch is one transaction; several lanes have batches in
 * flight at once, so rules rest on constraints, conditional updates and row locks, not on isolation.
 *
 * A program that fails before it wrote costs the others nothing. After any other failure the batch is rolled
 * back and runs again with a savepoint for each program.
 */
export class PostgresLane {
  readonly #options: LaneOptions
  readonly #ids: DrawnIds
  #connection: PostgresConnection | undefined
  #chain: ChainWriter

  constructor(options: LaneOptions) {
    this.#options = options
    this.#ids = new DrawnIds(options.programs.drawIds)
    this.#chain = options.newChain()
  }

  get chain(): ChainWriter {
    return this.#chain
  }

  /** Runs a batch and tells every caller how it ended. */
  async run(batch: readonly Pending[]): Promise<void> {
    const deadline = performance.now() + WRITE_PATIENCE_MS
    let careful = false
    for (let attempt = 1; ; attempt++) {
      try {
        if (await this.#transact(batch, careful)) return
        careful = true
      } catch (error) {
        if (error instanceof CommitUnknown) {
          if (await this.#resolve(error)) return
          continue
        }
        const cause = error instanceof StatementFailed ? error.cause : error
        const final = await this.#recover(cause, attempt, deadline)
        if (final === undefined) continue
        for (const pending of batch) pending.reject(final)
        return
      }
    }
  }

  async close(): Promise<void> {
    await this.#connection?.close()
  }

  /** @returns false when the batch was rolled back and has to run again carefully */
  async #transact(batch: readonly Pending[], careful: boolean): Promise<boolean> {
    const { programs, schemaVersion, onEpoch } = this.#options
    const connection = await this.#connected()
    if (this.#chain.head === undefined) await this.#startChain(connection)

    const [, epoch] = await allOf([
      connection.execute('BEGIN ISOLATION LEVEL READ COMMITTED'),
      connection.drive(programs.epoch.read()),
    ])
    if (epoch.schema > schemaVersion) throw newerThanProgram(epoch.schema, schemaVersion)
    onEpoch(epoch.configuration)
    this.#ids.begin()

    const outcomes: Outcome[] = []
    let wrote = false
    for (const pending of batch) {
      connection.wrote = false
      if (careful) await connection.execute('SAVEPOINT program')
      const { outcome, spoilt } = await this.#runProgram(connection, pending, careful)
      if (spoilt || ('error' in outcome && connection.wrote)) {
        if (!careful) return await this.#takeBack(connection)
        connection.forgetDeferred()
        await connection.execute('ROLLBACK TO SAVEPOINT program')
      } else wrote ||= connection.wrote
      if (careful) await connection.execute('RELEASE SAVEPOINT program')
      outcomes.push(outcome)
    }

    const { events, changesConfiguration } = gather(outcomes)
    if (!wrote && events.length === 0 && !changesConfiguration) {
      await connection.execute('COMMIT')
      deliver(outcomes)
      return true
    }
    const configuration = changesConfiguration
      ? await connection.drive(programs.epoch.advance())
      : epoch.configuration
    const [head, isSettled] = await allOf([
      connection.drive(this.#chain.append(events)),
      unlessRefused(connection.settle()),
    ])
    if (!isSettled) return await this.#takeBack(connection)
    await this.#commit(connection, { outcomes, events, configuration, head })
    this.#settle({ outcomes, events, configuration, head })
    return true
  }

  /** Rolls a batch back: which of its programs the server refused is found by running it carefully. */
  async #takeBack(connection: PostgresConnection): Promise<false> {
    connection.forgetDeferred()
    await connection.execute('ROLLBACK')
    return false
  }

  /**
   * `spoilt`: the server refused a statement, so the transaction takes no more until it is rolled back. A careful one
   * does not end before what it put off is written.
   */
  async #runProgram(
    connection: PostgresConnection,
    pending: Pending,
    careful: boolean,
  ): Promise<{ readonly outcome: Outcome; readonly spoilt: boolean }> {
    const transaction = new ProgramTransaction(this.#options.programs, this.#chain, this.#ids)
    try {
      const result = await connection.drive(pending.start(transaction))
      if (careful) await connection.settle()
      return { outcome: { pending, result, transaction }, spoilt: false }
    } catch (error) {
      if (!(error instanceof StatementFailed)) return { outcome: { pending, error }, spoilt: false }
      if (postgresTrouble(error.cause) !== 'refused') throw error
      return { outcome: { pending, error: error.cause }, spoilt: true }
    }
  }

  async #commit(
    connection: PostgresConnection,
    batch: ConstructorParameters<typeof CommitUnknown>[0],
  ): Promise<void> {
    let command: string
    try {
      command = await connection.execute('COMMIT')
    } catch (error) {
      const cause = error instanceof StatementFailed ? error.cause : error
      if (postgresTrouble(cause) === 'lost') throw new CommitUnknown(batch, cause)
      throw error
    }
    if (command !== 'COMMIT') throw new Error(`COMMIT was answered with ${command}`)
  }

  /** Reads from the chain's head, behind the lock of the lost transaction, whether it was committed. */
  async #resolve(unknown: CommitUnknown): Promise<boolean> {
    const deadline = performance.now() + RESOLVE_PATIENCE_MS
    this.#drop()
    for (;;) {
      try {
        const connection = await this.#connected()
        const head = await connection.drive(this.#options.programs.chains.settled(unknown.head.chainId))
        if (head === undefined) throw new ChainLost(this.#chain.name)
        this.#options.log.warn(
          { chain: this.#chain.name, committed: head.batches === unknown.head.batches },
          'the connection was lost in a commit: its outcome was read back',
        )
        if (head.batches !== unknown.head.batches) return false
        this.#settle(unknown)
        return true
      } catch (error) {
        const cause = error instanceof StatementFailed ? error.cause : error
        this.#drop()
        if (cause instanceof ChainLost || performance.now() > deadline) {
          // Where the chain stands is not known, so this lane cannot go on with it.
          this.#options.onFailure(cause)
          for (const { pending } of unknown.outcomes) pending.reject(storeFailed(unknown.cause))
          return true
        }
        await delay(RECONNECT_DELAY_MS)
      }
    }
  }

  #settle(batch: ConstructorParameters<typeof CommitUnknown>[0]): void {
    this.#chain.committed(batch.head, batch.events)
    this.#options.onEpoch(batch.configuration)
    deliver(batch.outcomes)
    this.#options.onCommit?.({ programs: batch.outcomes.length, events: batch.events })
  }

  /**
   * Cleans up after a batch that cannot be as it is.
   * @returns undefined when it may be tried again, else what its callers are told
   */
  async #recover(cause: unknown, attempt: number, deadline: number): Promise<Error | undefined> {
    if (cause instanceof StoreUnusable || cause instanceof ChainLost) {
      this.#drop()
      this.#options.onFailure(cause)
      return storeFailed(cause)
    }
    const trouble = postgresTrouble(cause)
    if (trouble === 'lost') {
      this.#drop()
      if (performance.now() > deadline) return storeBusy(cause)
      await delay(RECONNECT_DELAY_MS)
      return undefined
    }
    this.#connection?.forgetDeferred()
    try {
      await this.#connection?.execute('ROLLBACK')
    } catch {
      this.#drop()
    }
    if (trouble === 'conflict') {
      if (attempt >= CONFLICT_ATTEMPTS) return storeBusy(cause)
      await delay(attempt * 5)
      return undefined
    }
    if (trouble === 'busy') return storeBusy(cause)
    if (trouble === 'full') return storeFull(cause)
    this.#options.onFailure(cause)
    return storeFailed(cause)
  }

  /**
   * Begins the chain in a transaction of its own, so that every batch finds its head in the database. When
   * nobody knows whether that was committed, another chain is begun.
   */
  async #startChain(connection: PostgresConnection): Promise<void> {
    try {
      await connection.execute('BEGIN')
      const head = await connection.drive(this.#chain.append([]))
      await connection.execute('COMMIT')
      this.#chain.committed(head, [])
    } catch (error) {
      this.#chain = this.#options.newChain()
      throw error
    }
  }

  async #connected(): Promise<PostgresConnection> {
    if (this.#connection === undefined || this.#connection.lost) {
      this.#connection = undefined
      this.#connection = await PostgresConnection.open(this.#options.url)
    }
    return this.#connection
  }

  #drop(): void {
    this.#connection?.destroy()
    this.#connection = undefined
  }
}
