import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { Program, Step } from '../../core/store/program.ts'
import { StoreUnusable } from '../../core/store/unusable.ts'
import { DeferredWrites } from '../deferred-writes.ts'
import { PACE } from '../dialect.ts'
import { BoundStatement, type Statement } from '../statement.ts'
import { StepsTogether } from '../together.ts'

/** What a connection is for. A reader never writes; the writer never waits for a lock inside SQLite. */
export type ConnectionRole = 'reader' | 'writer' | 'checkpointer'

/**
 * How long SQLite itself waits for a lock. A reader waits while another process recovers the log after a crash;
 * the checkpointer waits for a transaction to end, and holds writers up no longer than this for long readers.
 */
const BUSY_TIMEOUT_MS = { reader: 5_000, writer: 0, checkpointer: 25 }

/**
 * A commit that split a page looks through the writer's whole cache, as the engine forgets the numbers of pages that it
 * gave for a moment: a larger one costs more than it spares, with a million orders stored too.
 */
const CACHE_KIB = { reader: 32 * 1024, writer: 16 * 1024, checkpointer: 2 * 1024 }

/** Raised for a statement that the engine refused, so that it is not mistaken for an error of the program. */
export class StatementFailed extends Error {
  constructor(cause: unknown) {
    super('the engine refused a statement', { cause })
    this.name = 'StatementFailed'
  }
}

/** Ends a statement whose time is over. */
class Overrun extends Error {}

/** One connection to the database file, with its prepared statements. */
export class SqliteConnection {
  readonly #database: DatabaseSync
  readonly #prepared = new Map<Statement, StatementSync>()
  readonly #deferred = new DeferredWrites()
  /** Has a statement since the last `forgetWrites()` written? */
  wrote = false
  /** Monotonic time, ms, at which a statement that paces itself is ended. */
  #until = Number.POSITIVE_INFINITY

  /** @throws StoreUnusable not-durable */
  constructor(path: string, role: ConnectionRole) {
    this.#database = new DatabaseSync(path, {
      timeout: BUSY_TIMEOUT_MS[role],
      enableForeignKeyConstraints: true,
    })
    try {
      this.#settle(role)
    } catch (error) {
      this.#database.close()
      throw error
    }
  }

  /**
   * Runs a program to its end.
   * @throws StatementFailed, or what the program throws
   */
  drive<Result>(program: Program<Result>): Result {
    let turn = program.next()
    while (!turn.done) turn = program.next(this.#answerTo(turn.value))
    return turn.value
  }

  #answerTo(step: Step): unknown {
    if (step instanceof BoundStatement) return this.run(step)
    if (step instanceof StepsTogether) return step.steps.map((each) => this.#answerTo(each))
    throw new TypeError('a step of another store')
  }

  /** @throws StatementFailed */
  run(step: BoundStatement): unknown {
    const { statement, values } = step
    try {
      if (statement.writes) this.wrote = true
      if (statement.kind === 'addition') return this.#deferred.add(step)
      if (statement.readsDeferred === 'all') this.settle()
      const prepared = this.#prepare(statement)
      // What stores bind is what columns hold.
      const bound = values as readonly SQLInputValue[]
      switch (statement.kind) {
        case 'rows':
          return prepared.all(...bound)
        case 'row':
          return prepared.get(...bound)
        case 'changes':
          return Number(prepared.run(...bound).changes)
        case 'identity': {
          const { changes, lastInsertRowid } = prepared.run(...bound)
          return Number(changes) === 0 ? undefined : Number(lastInsertRowid)
        }
        case 'later':
          // Nothing is spared by waiting.
          prepared.run(...bound)
          return undefined
        case 'number':
          return this.#deferred.next(step, () => numberOf(prepared.get(...bound)))
      }
    } catch (error) {
      throw new StatementFailed(error)
    }
  }

  /**
   * Runs a statement that paces itself for as long as there is time.
   * @param until monotonic, ms
   * @returns undefined when it was not done by then
   * @throws StatementFailed
   */
  runUntil(step: BoundStatement, until: number): { readonly result: unknown } | undefined {
    this.#until = until
    try {
      return { result: this.run(step) }
    } catch (error) {
      if (error instanceof StatementFailed && error.cause instanceof Overrun) return undefined
      throw error
    } finally {
      this.#until = Number.POSITIVE_INFINITY
    }
  }

  /** Writes what was put off. It belongs before the end of a transaction, and of what may be rolled back within one. */
  settle(): void {
    this.#deferred.settle((statement, rows) => {
      const prepared = this.#prepare(statement)
      for (const values of rows) prepared.run(...(values as readonly SQLInputValue[]))
    })
  }

  /** Drops what was put off. It belongs to every rollback. */
  forgetDeferred(): void {
    this.#deferred.forget()
  }

  /** Runs SQL text without results, such as BEGIN. */
  execute(text: string): void {
    this.#database.exec(text)
  }

  /** The first column of the first row of a PRAGMA. */
  pragma(text: string): unknown {
    const row = this.#database.prepare(`PRAGMA ${text}`).get()
    return row === undefined ? undefined : Object.values(row)[0]
  }

  /** All of the first row of a PRAGMA. */
  pragmaRow(text: string): Readonly<Record<string, unknown>> {
    return this.#database.prepare(`PRAGMA ${text}`).get() ?? {}
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction
  }

  /** The handle, for the engine's own functions such as backup. */
  get database(): DatabaseSync {
    return this.#database
  }

  close(): void {
    this.#prepared.clear()
    this.#database.close()
  }

  #prepare(statement: Statement): StatementSync {
    const known = this.#prepared.get(statement)
    if (known !== undefined) return known
    const prepared = this.#database.prepare(statement.text)
    // Every change tells the last row id as well, and those inside a full-text index exceed what a number holds.
    const { kind } = statement
    const isChange = kind === 'changes' || kind === 'identity' || kind === 'addition'
    if (isChange) prepared.setReadBigInts(true)
    if (statement.name !== '') this.#prepared.set(statement, prepared)
    return prepared
  }

  /** Sets what durability and speed rest on, and reads back what must not be otherwise. */
  #settle(role: ConnectionRole): void {
    this.#expect('journal_mode', 'WAL', 'wal')
    this.#expect('synchronous', 'FULL', 2)
    this.#expect('foreign_keys', 'ON', 1)
    // macOS syncs to the drive's cache only, unless asked for more.
    this.#expect('fullfsync', 'ON', 1)
    this.#expect('checkpoint_fullfsync', 'ON', 1)
    this.execute('PRAGMA trusted_schema = OFF')
    this.execute('PRAGMA temp_store = MEMORY')
    this.execute(`PRAGMA cache_size = -${CACHE_KIB[role]}`)
    // Errors of automatic checkpoints are swallowed by the engine, so the store makes its own.
    this.execute('PRAGMA wal_autocheckpoint = 0')
    if (role === 'reader') this.execute('PRAGMA query_only = ON')
    this.#database.function(PACE, () => {
      if (performance.now() > this.#until) throw new Overrun()
      return 1
    })
  }

  #expect(pragma: string, wish: string, wanted: unknown): void {
    this.execute(`PRAGMA ${pragma} = ${wish}`)
    const found = this.pragma(pragma)
    if (found !== wanted) {
      throw new StoreUnusable(
        'not-durable',
        `SQLite keeps ${pragma} at ${String(found)} where ${wish} is needed; the data folder has to be on a local disk`,
      )
    }
  }
}

function numberOf(row: Readonly<Record<string, unknown>> | undefined): number {
  if (typeof row?.value !== 'number') throw new TypeError('a counter is missing')
  return row.value
}
