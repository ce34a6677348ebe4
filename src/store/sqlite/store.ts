import type { Clock, Log, Random, StopPoints } from '../../core/environment.ts'
import type { Program } from '../../core/store/program.ts'
import type { Store, Transaction, View } from '../../core/store/store.ts'
import { StoreUnusable } from '../../core/store/unusable.ts'
import { anchorProgram, ChainWriter } from '../chain-writer.ts'
import { sqliteDialect } from '../dialect.ts'
import { type LongReadLimits, longReadLimits } from '../long-reads.ts'
import { schemaVersion } from '../migrations/index.ts'
import { migrate, newerThanProgram } from '../migrations/migrate.ts'
import type { Commit } from '../outcome.ts'
import { storeFailed, WriteQueue } from '../pending.ts'
import { type Programs, programsOf } from '../programs/index.ts'
import { viewOf } from '../transaction.ts'
import { SqliteAdmissions } from './admissions.ts'
import { Checkpointer } from './checkpointer.ts'
import { SqliteConnection, StatementFailed } from './connection.ts'
import { checkAfterFailure, noteFailure } from './damage.ts'
import { sqliteTrouble } from './errors.ts'
import { waitingForLock } from './lock.ts'
import { sqliteMigrationSession } from './migration-session.ts'
import { SqliteReader } from './reader.ts'
import { SqliteWriter } from './writer.ts'

/** How often the epoch is read when nothing is written. */
const POLL_MS = 500
/** How often chains vouch for one another. */
const ANCHOR_MS = 10 * 60_000

export interface SqliteStoreOptions {
  readonly path: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly stopAt?: StopPoints
  /** Tells this process from others in the audit log. */
  readonly processName: string
  /** Told after each commit of something written. */
  readonly onCommit?: (commit: Commit) => void
  readonly longReads?: LongReadLimits
}

/**
 * Opens the database file, makes it when it is absent, and brings it to the present schema.
 * @throws StoreUnusable
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  try {
    return await open(options)
  } catch (error) {
    const trouble = sqliteTrouble(error instanceof StatementFailed ? error.cause : error)
    if (error instanceof StoreUnusable || trouble === undefined) throw error
    throw new StoreUnusable(
      trouble === 'busy' ? 'locked' : 'unreachable',
      `the database ${options.path} cannot be opened: ${messageOf(error)}`,
      { cause: error },
    )
  }
}

async function open(options: SqliteStoreOptions): Promise<Store> {
  const dialect = sqliteDialect()
  const writer = await waitingForLock(() => new SqliteConnection(options.path, 'writer'))
  try {
    await checkAfterFailure(options.path, writer, options.log)
    await migrate(dialect, sqliteMigrationSession(writer), options.stopAt)
    return new SqliteStore(options, writer, new SqliteConnection(options.path, 'reader'), programsOf(dialect))
  } catch (error) {
    writer.close()
    throw error
  }
}

class SqliteStore implements Store {
  readonly admissions: SqliteAdmissions
  readonly #options: SqliteStoreOptions
  readonly #writing: SqliteConnection
  readonly #reading: SqliteConnection
  readonly #reader: SqliteReader
  readonly #programs: Programs
  readonly #view: View
  readonly #queue = new WriteQueue()
  readonly #chain: ChainWriter
  readonly #writer: SqliteWriter
  readonly #checkpointer: Checkpointer
  readonly #timers: readonly NodeJS.Timeout[]
  #epoch = 0
  #closing: Promise<void> | undefined

  constructor(
    options: SqliteStoreOptions,
    writing: SqliteConnection,
    reading: SqliteConnection,
    programs: Programs,
  ) {
    this.#options = options
    this.#writing = writing
    this.#reading = reading
    this.#programs = programs
    this.#view = viewOf(programs)
    this.admissions = new SqliteAdmissions(options.path)
    const { clock, random, processName } = options
    this.#chain = new ChainWriter({ programs: programs.chains, clock, random, processName })
    this.#writer = new SqliteWriter({
      connection: writing,
      programs,
      chain: this.#chain,
      queue: this.#queue,
      schemaVersion,
      onEpoch: (configuration) => {
        this.#epoch = configuration
      },
      onCommit: (commit) => {
        this.#checkpointer.committed()
        options.onCommit?.(commit)
      },
      onFailure: (cause) => this.#noteFailure(cause),
    })
    this.#checkpointer = new Checkpointer({
      connection: writing,
      path: options.path,
      log: options.log,
      onFailure: (cause) => this.#writer.fail(cause),
    })
    this.#reader = new SqliteReader({
      connection: reading,
      path: options.path,
      log: options.log,
      limits: options.longReads ?? longReadLimits,
      onFailure: (cause) => this.#writer.fail(cause),
    })
    this.#epoch = reading.drive(programs.epoch.read()).configuration
    this.#timers = [setInterval(() => this.#poll(), POLL_MS), setInterval(() => this.#anchor(), ANCHOR_MS)]
    for (const timer of this.#timers) timer.unref()
  }

  read<Result>(program: (view: View) => Program<Result>): Result | Promise<Result> {
    return this.#reader.read(program(this.#view))
  }

  write<Result>(program: (transaction: Transaction) => Program<Result>): Promise<Result> {
    if (this.#writer.failed || this.#closing !== undefined) return Promise.reject(storeFailed())
    const result = this.#queue.add(program)
    this.#writer.schedule()
    return result
  }

  configurationEpoch(): number {
    return this.#epoch
  }

  healthy(): boolean {
    return !this.#writer.failed
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    const stopEvent = this.#chain.stopEvent()
    if (stopEvent !== undefined && !this.#writer.failed) {
      this.#queue
        .add(function* (transaction) {
          transaction.record(stopEvent)
        })
        .catch((error: unknown) => this.#options.log.warn({ error: messageOf(error) }, 'stop not recorded'))
      this.#writer.schedule()
    }
    await this.#writer.settled()
    await this.#checkpointer.close()
    this.admissions.close()
    await this.#reader.close()
    this.#reading.close()
    this.#writing.close()
  }

  #poll(): void {
    try {
      const epoch = this.#reading.drive(this.#programs.epoch.read())
      this.#epoch = epoch.configuration
      if (epoch.schema > schemaVersion) {
        this.#writer.fail(newerThanProgram(epoch.schema, schemaVersion))
      }
    } catch (error) {
      const cause = error instanceof StatementFailed ? error.cause : error
      if (sqliteTrouble(cause) !== 'busy') this.#writer.fail(cause)
    }
  }

  #anchor(): void {
    if (!this.#chain.wantsAnchor()) return
    this.#queue
      .add(anchorProgram)
      .catch((error: unknown) => this.#options.log.warn({ error: messageOf(error) }, 'chains not anchored'))
    this.#writer.schedule()
  }

  #noteFailure(cause: unknown): void {
    noteFailure(this.#options.path)
    this.#options.log.error(
      { error: messageOf(cause) },
      'the store failed: nothing is written any more until a restart',
    )
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
