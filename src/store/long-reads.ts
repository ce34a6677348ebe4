import { Fault } from '../core/faults.ts'
import { RETRY_AFTER_MS, storeFailed } from './pending.ts'

/** What keeps reads that take long, such as the count of a million items, from holding up the others. */
export interface LongReadLimits {
  /**
   * How long a statement that may take long runs among the short ones; when it is not done then, it begins anew
   * among the long ones.
   */
  readonly shortMs: number
  /** How long a statement may take in all. */
  readonly longestMs: number
  /** Long statements that run at once in one process. */
  readonly parallel: number
  /** Long statements that wait at most; more are refused at once. */
  readonly waiting: number
  /** How long one waits at most. */
  readonly waitMs: number
}

export const longReadLimits: LongReadLimits = {
  shortMs: 10,
  longestMs: 10_000,
  parallel: 2,
  waiting: 32,
  waitMs: 5_000,
}

interface Waiting {
  readonly start: () => Promise<void>
  readonly reject: (error: unknown) => void
  readonly timer: NodeJS.Timeout
}

/** Admits long statements in order of arrival, few at once. */
export class LongReads {
  readonly #limits: LongReadLimits
  /** In order of arrival. */
  readonly #waiting = new Set<Waiting>()
  #running = 0
  #closed = false

  constructor(limits: LongReadLimits) {
    this.#limits = limits
  }

  /** @throws Fault overloaded when too many wait, or it waited too long; store_failed after the end; what `work` throws */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#closed) return Promise.reject(storeFailed())
    if (this.#waiting.size >= this.#limits.waiting) return Promise.reject(overloaded())
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        start: async () => {
          try {
            resolve(await work())
          } catch (error) {
            reject(error)
          }
        },
        reject,
        timer: setTimeout(() => {
          this.#waiting.delete(waiting)
          reject(overloaded())
        }, this.#limits.waitMs),
      }
      this.#waiting.add(waiting)
      this.#advance()
    })
  }

  /** Refuses those that wait, and all that come. */
  close(): void {
    this.#closed = true
    for (const { reject, timer } of this.#waiting) {
      clearTimeout(timer)
      reject(storeFailed())
    }
    this.#waiting.clear()
  }

  #advance(): void {
    for (const waiting of this.#waiting) {
      if (this.#running >= this.#limits.parallel) return
      this.#waiting.delete(waiting)
      clearTimeout(waiting.timer)
      this.#running += 1
      void waiting.start().finally(() => {
        this.#running -= 1
        this.#advance()
      })
    }
  }
}

const overloaded = (): Fault<'overloaded'> => new Fault('overloaded', { retryAfterMs: 2 * RETRY_AFTER_MS })
