import { Fault } from '../core/faults.ts'
import type { Program } from '../core/store/program.ts'
import type { ProgramTransaction } from './transaction.ts'

/** How long a write waits for a locked or unreachable database. */
export const WRITE_PATIENCE_MS = 5_000
/** Programs of one transaction at most; at about 40 µs each this holds the loop for 10 ms. */
export const BATCH_LIMIT = 256
/** Programs that wait at most; more are refused at once. */
export const QUEUE_LIMIT = 20_000
/** When a refused caller should come again. */
export const RETRY_AFTER_MS = 1_000

/** A write program that waits for its transaction. */
export interface Pending {
  readonly start: (transaction: ProgramTransaction) => Program<unknown>
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
  /** Monotonic time of arrival, ms. */
  readonly since: number
}

/** Write programs in order of arrival. */
export class WriteQueue {
  #waiting: Pending[] = []

  get length(): number {
    return this.#waiting.length
  }

  /** @throws Fault overloaded */
  add<Result>(start: (transaction: ProgramTransaction) => Program<Result>): Promise<Result> {
    if (this.#waiting.length >= QUEUE_LIMIT) {
      return Promise.reject(new Fault('overloaded', { retryAfterMs: RETRY_AFTER_MS }))
    }
    return new Promise((resolve, reject) => {
      // The program given here is the one whose result arrives here.
      const settle = resolve as (result: unknown) => void
      this.#waiting.push({ start, resolve: settle, reject, since: performance.now() })
    })
  }

  take(limit: number): Pending[] {
    return this.#waiting.length <= limit ? this.#waiting.splice(0) : this.#waiting.splice(0, limit)
  }

  /** Puts programs back to the front, to run again. */
  putBack(batch: readonly Pending[]): void {
    this.#waiting.unshift(...batch)
  }

  rejectAll(error: Error): void {
    for (const pending of this.#waiting.splice(0)) pending.reject(error)
  }

  /** Rejects those that waited longer than `patienceMs`. */
  rejectOlder(patienceMs: number, error: () => Error): void {
    const now = performance.now()
    const kept: Pending[] = []
    for (const pending of this.#waiting) {
      if (now - pending.since > patienceMs) pending.reject(error())
      else kept.push(pending)
    }
    this.#waiting = kept
  }
}

export const storeBusy = (cause?: unknown): Fault<'store_busy'> =>
  new Fault('store_busy', { retryAfterMs: RETRY_AFTER_MS }, { cause })
export const storeFull = (cause?: unknown): Fault<'store_full'> =>
  new Fault('store_full', { retryAfterMs: 10 * RETRY_AFTER_MS }, { cause })
export const storeFailed = (cause?: unknown): Fault<'store_failed'> =>
  new Fault('store_failed', {}, { cause })
