import type { Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { RateWindow } from '../store/admissions.ts'

/** How full a window is. */
export interface WindowUse extends RateWindow {
  readonly used: number
}

/**
 * Counts a request against the windows of its key. Requests that are refused are not counted, so a caller that
 * waits gets through. Counted exactly over all processes.
 *
 * @param key names who is limited, such as `certcentral:` and the public id of an API key
 * @param windows evaluated in their order: the first full one is told
 * @throws Fault rate_exceeded; store_busy, store_full, store_failed
 */
export async function admit(
  engine: Pick<Engine, 'store'>,
  key: string,
  windows: readonly RateWindow[],
  now: Instant,
): Promise<void> {
  const refusal = await engine.store.admissions.admit(key, windows, now)
  if (refusal === undefined) return
  const full = windows[refusal.place]
  if (full === undefined) throw new TypeError('the store names a window that was not asked for')
  throw new Fault('rate_exceeded', {
    limit: full.limit,
    windowMs: full.windowMs,
    retryAfterMs: refusal.retryAfterMs,
  })
}

/**
 * How full the windows of a key are; asking is not counted.
 * @throws Fault store_busy, store_full, store_failed
 */
export async function windowUse(
  engine: Pick<Engine, 'store'>,
  key: string,
  windows: readonly RateWindow[],
  now: Instant,
): Promise<readonly WindowUse[]> {
  const used = await engine.store.admissions.used(key, windows, now)
  return windows.map((window, place) => ({ ...window, used: used[place] ?? 0 }))
}
