import { LRUCache } from 'lru-cache'
import type { AccountId, Instant } from '../brand.ts'
import type { Clock } from '../environment.ts'
import { Fault, isFault } from '../faults.ts'

export interface LoginThrottleOptions {
  readonly clock: Clock
  /** Wrong passphrases in a row before delays begin. Default 5. */
  readonly freeFailures?: number
  /** First delay; each further failure doubles it. Default 1 s. */
  readonly firstDelayMs?: number
  /** Longest delay; after as long without a failure all is forgotten. Default 15 minutes. */
  readonly longestDelayMs?: number
  /** Attempts on one account that wait for one another at most. Default 64. */
  readonly waiting?: number
}

interface Attempts {
  failures: number
  lastFailureAt: Instant
  blockedUntil: Instant
  waiting: number
  /** Refused unchecked since the last one that was checked. */
  unchecked: number
  turn: Promise<unknown>
}

const rememberedAccounts = 10_000

/**
 * Slows down the guessing of passphrases (P21). Attempts on one account run one after the other, so that a
 * burst of guesses neither runs ahead of the count nor takes the derivation threads from other accounts.
 *
 * Counts live in this process: n request loops allow n times the guesses, which changes nothing in principle.
 */
export class LoginThrottle {
  readonly #clock: Clock
  readonly #freeFailures: number
  readonly #firstDelayMs: number
  readonly #longestDelayMs: number
  readonly #maximumWaiting: number
  readonly #records = new LRUCache<AccountId, Attempts>({ max: rememberedAccounts })

  constructor(options: LoginThrottleOptions) {
    this.#clock = options.clock
    this.#freeFailures = options.freeFailures ?? 5
    this.#firstDelayMs = options.firstDelayMs ?? 1000
    this.#longestDelayMs = options.longestDelayMs ?? 15 * 60_000
    this.#maximumWaiting = options.waiting ?? 64
  }

  /**
   * Runs a check of a passphrase when it is its turn. Its fault `passphrase_wrong` counts as a failure, its
   * success clears the count.
   * @param check told how many attempts were refused unchecked before it
   * @throws Fault login_throttled; whatever `check` throws
   */
  async attempt<Result>(account: AccountId, check: (unchecked: number) => Promise<Result>): Promise<Result> {
    const record = this.#recordOf(account)
    if (record.waiting >= this.#maximumWaiting) this.#refuse(record, this.#firstDelayMs)
    record.waiting++
    const turn = record.turn.then(() => this.#check(record, check))
    record.turn = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      record.waiting--
    }
  }

  async #check<Result>(record: Attempts, check: (unchecked: number) => Promise<Result>): Promise<Result> {
    const wait = record.blockedUntil - this.#clock.now()
    if (wait > 0) this.#refuse(record, Math.min(wait, this.#longestDelayMs))
    const { unchecked } = record
    record.unchecked = 0
    try {
      const result = await check(unchecked)
      record.failures = 0
      return result
    } catch (error) {
      if (isFault(error, 'passphrase_wrong')) this.#countFailure(record)
      throw error
    }
  }

  #countFailure(record: Attempts): void {
    const now = this.#clock.now()
    if (now - record.lastFailureAt > this.#longestDelayMs) record.failures = 0
    record.failures++
    record.lastFailureAt = now
    const excess = record.failures - this.#freeFailures
    if (excess < 0) return
    record.blockedUntil = now + Math.min(this.#firstDelayMs * 2 ** excess, this.#longestDelayMs)
  }

  #refuse(record: Attempts, retryAfterMs: number): never {
    record.unchecked++
    throw new Fault('login_throttled', { retryAfterMs })
  }

  #recordOf(account: AccountId): Attempts {
    const known = this.#records.get(account)
    if (known !== undefined) return known
    const made: Attempts = {
      failures: 0,
      lastFailureAt: 0,
      blockedUntil: 0,
      waiting: 0,
      unchecked: 0,
      turn: Promise.resolve(),
    }
    this.#records.set(account, made)
    return made
  }
}
