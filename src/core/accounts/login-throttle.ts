import { LRUCache } from 'lru-cache'
import type { AccountId } from '../brand.ts'
import type { Clock } from '../environment.ts'
import { Fault, isFault } from '../faults.ts'
import type { Admissions, RateWindow } from '../store/admissions.ts'

export interface LoginThrottleOptions {
  readonly clock: Clock
  /** Counts wrong passphrases, for all processes together. */
  readonly admissions: Admissions
  /** How many wrong passphrases of one account are taken. Default 5 in 10 s, 10 a minute and 20 in 15 minutes. */
  readonly windows?: readonly RateWindow[]
  /** Attempts on one account that wait for one another at most. Default 64. */
  readonly waiting?: number
}

/** Attempts on one account in this process. */
interface Attempts {
  waiting: number
  /** Refused unchecked since the last one that was checked. */
  unchecked: number
  turn: Promise<unknown>
}

const rememberedAccounts = 10_000
const queueFullRetryMs = 1_000
const minute = 60_000
const defaultWindows: readonly RateWindow[] = [
  { limit: 5, windowMs: 10_000 },
  { limit: 10, windowMs: minute },
  { limit: 20, windowMs: 15 * minute },
]

/**
 * Slows down the guessing of passphrases (P21): while an account had as many wrong ones as a window takes, nobody's
 * is checked. Counted over all processes; each has one attempt on an account at a time, so that a burst of guesses
 * neither runs ahead of the count nor takes the derivation threads from other accounts.
 */
export class LoginThrottle {
  readonly #clock: Clock
  readonly #admissions: Admissions
  readonly #windows: readonly RateWindow[]
  readonly #maximumWaiting: number
  readonly #records = new LRUCache<AccountId, Attempts>({ max: rememberedAccounts })

  constructor(options: LoginThrottleOptions) {
    this.#clock = options.clock
    this.#admissions = options.admissions
    this.#windows = options.windows ?? defaultWindows
    this.#maximumWaiting = options.waiting ?? 64
  }

  /**
   * Runs a check of a passphrase when it is its turn. Its fault `passphrase_wrong` counts as a failure.
   * @param check told how many attempts were refused unchecked before it
   * @throws Fault login_throttled; store_busy, store_full, store_failed; whatever `check` throws
   */
  async attempt<Result>(account: AccountId, check: (unchecked: number) => Promise<Result>): Promise<Result> {
    const record = this.#recordOf(account)
    if (record.waiting >= this.#maximumWaiting) this.#refuse(record, queueFullRetryMs)
    record.waiting++
    const turn = record.turn.then(() => this.#check(account, record, check))
    record.turn = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      record.waiting--
    }
  }

  async #check<Result>(
    account: AccountId,
    record: Attempts,
    check: (unchecked: number) => Promise<Result>,
  ): Promise<Result> {
    const wait = await this.#waitOf(account)
    if (wait > 0) this.#refuse(record, wait)
    const { unchecked } = record
    record.unchecked = 0
    try {
      return await check(unchecked)
    } catch (error) {
      // What another process counted meanwhile may have filled the window: then it is full either way.
      if (isFault(error, 'passphrase_wrong')) {
        await this.#admissions.admit(keyOf(account), this.#windows, this.#clock.now())
      }
      throw error
    }
  }

  /** Milliseconds until no window is full; 0 when none is. */
  async #waitOf(account: AccountId): Promise<number> {
    const fills = await this.#admissions.fill(keyOf(account), this.#windows, this.#clock.now())
    const waits = fills.map(({ used, freesInMs }, place) =>
      used < (this.#windows[place]?.limit ?? 0) ? 0 : Math.max(1, freesInMs),
    )
    return Math.max(0, ...waits)
  }

  #refuse(record: Attempts, retryAfterMs: number): never {
    record.unchecked++
    throw new Fault('login_throttled', { retryAfterMs })
  }

  #recordOf(account: AccountId): Attempts {
    const known = this.#records.get(account)
    if (known !== undefined) return known
    const made: Attempts = { waiting: 0, unchecked: 0, turn: Promise.resolve() }
    this.#records.set(account, made)
    return made
  }
}

const keyOf = (account: AccountId): string => `passphrase:${account}`
