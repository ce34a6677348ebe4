import { Client, type ClientConfig, types } from 'pg'
import type { Program, Step } from '../../core/store/program.ts'
import { StoreUnusable } from '../../core/store/unusable.ts'
import { DeferredWrites, type Writing } from '../deferred-writes.ts'
import { BoundStatement } from '../statement.ts'
import { StepsTogether } from '../together.ts'

const BYTEA = 17
const INT8 = 20

/** The oldest server that is tested. */
const MINIMUM_VERSION = 140_000

/** How long a query may take before its connection is given up. */
const QUERY_TIMEOUT_MS = 15_000

/** Settings of every connection: octets as Uint8Array, 64-bit integers as numbers, and an end to all waiting. */
export function clientConfig(url: string): ClientConfig {
  return {
    connectionString: url,
    application_name: 'chancery',
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    query_timeout: QUERY_TIMEOUT_MS,
    statement_timeout: 10_000,
    lock_timeout: 5_000,
    idle_in_transaction_session_timeout: 30_000,
    types: { getTypeParser },
  }
}

const getTypeParser: typeof types.getTypeParser = (id: number, format?: 'text' | 'binary') => {
  if (format !== 'binary' && id === BYTEA) return octetsOf
  if (format !== 'binary' && id === INT8) return Number
  return types.getTypeParser(id, format)
}

function octetsOf(text: string): Uint8Array {
  const octets = Buffer.from(text.slice(2), 'hex')
  return new Uint8Array(octets.buffer, octets.byteOffset, octets.length)
}

/** Raised for a statement that the server refused or did not answer, so that it is not taken for a program's error. */
export class StatementFailed extends Error {
  constructor(cause: unknown) {
    super('the server refused a statement', { cause })
    this.name = 'StatementFailed'
  }
}

/** Something that runs one query: a connection or a pool of them. */
export interface Querying {
  query(config: { name?: string; text: string; values: unknown[] }): Promise<{
    rows: unknown[]
    rowCount: number | null
  }>
}

/**
 * Runs one statement and gives what its kind says.
 * @throws StatementFailed
 */
export async function runOn(querying: Querying, { statement, values }: BoundStatement): Promise<unknown> {
  const { name, text, kind } = statement
  const query = { text, values: [...values], ...(name !== '' && { name }) }
  const { rows, rowCount } = await querying.query(query).catch((error: unknown) => {
    throw new StatementFailed(error)
  })
  switch (kind) {
    case 'rows':
      return rows
    case 'row':
      return rows[0]
    case 'changes':
      return rowCount ?? 0
    case 'identity':
    case 'addition':
    case 'later':
    case 'number':
      throw new TypeError(
        'statements for PostgreSQL return the ids they draw, and what is put off is not run',
      )
  }
}

/**
 * Runs a program to its end, one step after the other.
 * @throws StatementFailed, or what the program throws
 */
export async function drive<Result>(
  program: Program<Result>,
  run: (step: BoundStatement) => unknown,
): Promise<Result> {
  let turn = program.next()
  while (!turn.done) {
    const answer = answerTo(turn.value, run)
    // What is put off is answered without the server, and is not waited for.
    turn = program.next(answer instanceof Promise ? await answer : answer)
  }
  return turn.value
}

function answerTo(step: Step, run: (step: BoundStatement) => unknown): unknown {
  if (step instanceof BoundStatement) return run(step)
  if (step instanceof StepsTogether) {
    const answers = step.steps.map((each) => answerTo(each, run))
    return answers.some((each) => each instanceof Promise) ? allOf(answers) : answers
  }
  throw new TypeError('a step of another store')
}

/**
 * Waits for everything that is on its way on one connection, also when a part of it failed: what comes next, such as a
 * ROLLBACK, then has the connection to itself.
 *
 * @param answers in the order in which their statements were sent
 * @throws what the first of them throws; those behind it fail because the transaction did
 */
export async function allOf<Answers extends readonly unknown[] | []>(answers: Answers) {
  await Promise.allSettled(answers)
  // All have ended, so that the first failure in their order is the one that is thrown.
  return await Promise.all(answers)
}

/** A connection for writing, checked for durability. */
export class PostgresConnection {
  readonly #client: Client
  readonly #deferred = new DeferredWrites()
  /** Has a statement since it was last set to false written? */
  wrote = false
  lost = false

  private constructor(client: Client) {
    this.#client = client
    const lose = () => {
      this.lost = true
    }
    client.on('error', lose)
    client.on('end', lose)
  }

  /** @throws StoreUnusable not-durable */
  static async open(url: string, overrides: ClientConfig = {}): Promise<PostgresConnection> {
    const client = new Client({ ...clientConfig(url), pipeline: true, ...overrides })
    const connection = new PostgresConnection(client)
    try {
      await client.connect()
      await checkDurability(client)
    } catch (error) {
      connection.destroy()
      throw error
    }
    return connection
  }

  /** @throws StatementFailed, or what the program throws */
  drive<Result>(program: Program<Result>): Promise<Result> {
    return drive(program, (step) => this.run(step))
  }

  /** @throws StatementFailed */
  run(step: BoundStatement): Promise<unknown> | undefined {
    const { writes, kind, readsDeferred } = step.statement
    if (writes) this.wrote = true
    switch (kind) {
      case 'addition':
        this.#deferred.add(step)
        return undefined
      case 'later':
        this.#deferred.store(step)
        return undefined
      default:
        return readsDeferred === undefined
          ? runOn(this.#client, step)
          : this.#runSettled(step, readsDeferred === 'all')
    }
  }

  /** Sends everything at once: what is sent later does not come between. */
  async #runSettled(step: BoundStatement, all: boolean): Promise<unknown> {
    const before = all ? this.settle() : this.#write((write) => this.#deferred.settleRows(write))
    const [, answer] = await allOf([before, runOn(this.#client, step)])
    return answer
  }

  /**
   * Writes what was put off. It belongs before the end of a transaction, and of what may be rolled back within one.
   * @throws StatementFailed
   */
  settle(): Promise<void> {
    return this.#write((write) => this.#deferred.settle(write))
  }

  async #write(settle: (write: Writing) => void): Promise<void> {
    const writing: Promise<unknown>[] = []
    settle((statement, rows) => {
      const values =
        statement.kind === 'addition'
          ? rows[0]?.map((_, column) => rows.map((row) => row[column]))
          : rows.flat()
      writing.push(runOn(this.#client, new BoundStatement({ ...statement, kind: 'changes' }, values ?? [])))
    })
    await allOf(writing)
  }

  /** Drops what was put off. It belongs to every rollback. */
  forgetDeferred(): void {
    this.#deferred.forget()
  }

  /**
   * Runs SQL text such as BEGIN.
   * @returns the command that the server says it carried out: COMMIT of a lost transaction is a ROLLBACK
   * @throws StatementFailed
   */
  async execute(text: string): Promise<string> {
    try {
      return (await this.#client.query(text)).command
    } catch (error) {
      throw new StatementFailed(error)
    }
  }

  async close(): Promise<void> {
    if (!this.lost) await this.#client.end()
  }

  /** Drops the connection without a word. */
  destroy(): void {
    this.lost = true
    this.#client.end().catch(() => {})
  }
}

/** A commit must survive a power loss; a server that is set up otherwise is refused. */
async function checkDurability(client: Client): Promise<void> {
  const { rows } = await client.query<Record<string, string>>(
    `select current_setting('fsync') as fsync,
            current_setting('full_page_writes') as full_page_writes,
            current_setting('synchronous_commit') as synchronous_commit,
            current_setting('server_version_num') as version`,
  )
  const found = rows[0] ?? {}
  for (const [setting, allowed] of Object.entries(DURABLE)) {
    const value = found[setting] ?? 'unknown'
    if (!allowed.includes(value)) {
      throw new StoreUnusable(
        'not-durable',
        `PostgreSQL runs with ${setting} = ${value}, so a commit may be lost; set it to ${allowed[0]}`,
      )
    }
  }
  if (Number(found.version) < MINIMUM_VERSION) {
    throw new StoreUnusable('unreachable', 'PostgreSQL 14 or later is needed')
  }
}

const DURABLE: Readonly<Record<string, readonly string[]>> = {
  fsync: ['on'],
  full_page_writes: ['on'],
  // `remote_apply` waits for the standby to replay as well.
  synchronous_commit: ['on', 'remote_apply'],
}
