import { Pool } from 'pg'
import type { Log } from '../../core/environment.ts'
import { type LongReadLimits, LongReads } from '../long-reads.ts'
import type { BoundStatement } from '../statement.ts'
import { clientConfig, runOn, StatementFailed } from './connection.ts'
import { wasCanceled } from './errors.ts'

const CONNECTIONS = 6
/** Connections on which statements that may take long are tried. */
const TRIAL_CONNECTIONS = 4
/** How much longer than the server's limit its answer is waited for. */
const GRACE_MS = 5_000

/**
 * Connections outside of transactions. What may take long has connections of its own, so that no list ever stands
 * before what requests are authorised, issued and answered by: a few where the server ends it after a moment, and
 * then, one of few at once, where it may take its time.
 */
export class PostgresReader {
  readonly #pool: Pool
  readonly #trial: Pool
  readonly #patient: Pool
  readonly #long: LongReads

  constructor(options: { readonly url: string; readonly log: Log; readonly limits: LongReadLimits }) {
    const { url, log, limits } = options
    const { shortMs, longestMs, parallel } = limits
    this.#pool = new Pool({ ...clientConfig(url), max: CONNECTIONS })
    this.#trial = new Pool({ ...clientConfig(url), max: TRIAL_CONNECTIONS, statement_timeout: shortMs })
    this.#patient = new Pool({
      ...clientConfig(url),
      max: parallel,
      statement_timeout: longestMs,
      query_timeout: longestMs + GRACE_MS,
    })
    this.#long = new LongReads(limits)
    // An idle connection that breaks is replaced at the next read.
    for (const pool of [this.#pool, this.#trial, this.#patient]) {
      pool.on('error', (error) => log.warn({ error: error.message }, 'a database connection broke'))
    }
  }

  /** @throws StatementFailed; Fault overloaded, store_failed after the end */
  async run(step: BoundStatement): Promise<unknown> {
    if (!step.statement.mayTakeLong) return await runOn(this.#pool, step)
    try {
      return await runOn(this.#trial, step)
    } catch (error) {
      if (!(error instanceof StatementFailed) || !wasCanceled(error.cause)) throw error
    }
    return await this.#long.run(() => runOn(this.#patient, step))
  }

  async close(): Promise<void> {
    this.#long.close()
    await Promise.all([this.#pool, this.#trial, this.#patient].map((pool) => pool.end()))
  }
}
