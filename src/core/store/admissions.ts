import type { Instant } from '../brand.ts'

/** At most `limit` admissions (1 to 100,000) in any `windowMs`. */
export interface RateWindow {
  readonly limit: number
  readonly windowMs: number
}

/** The first window that is full, by its place in the list, and when it takes the next one. */
export interface Refusal {
  readonly place: number
  readonly retryAfterMs: number
}

/** How full a window is. */
export interface WindowFill {
  /** At most its limit. */
  readonly used: number
  /** Until the oldest one that counts has left the window, so that one more fits; 0 when it is empty. */
  readonly freesInMs: number
}

/**
 * Rolling windows, counted exactly and shared by all processes of the installation. What is counted is no record:
 * it is not synced, a power failure may lose it, and backups leave it out.
 */
export interface Admissions {
  /**
   * Counts one more under `key`, unless a window is full: then nothing is counted. A window reaches from `windowMs`
   * before `now`, exclusive, to `now`.
   * @throws Fault store_busy, store_full, store_failed
   */
  admit(
    key: string,
    windows: readonly RateWindow[],
    now: Instant,
  ): Refusal | undefined | Promise<Refusal | undefined>
  /**
   * How full each window is at the moment; asking is not counted.
   * @throws Fault store_busy, store_full, store_failed
   */
  fill(
    key: string,
    windows: readonly RateWindow[],
    now: Instant,
  ): readonly WindowFill[] | Promise<readonly WindowFill[]>
  /**
   * Forgets keys whose windows are empty, where there is no end to the keys that callers can make up.
   * @param prefix what their names begin with: ASCII, the last character below `~`
   * @param before they were last counted before it
   * @param limit at most so many
   * @returns how many
   * @throws Fault store_busy, store_full, store_failed
   */
  forget(prefix: string, before: Instant, limit: number): number | Promise<number>
}
