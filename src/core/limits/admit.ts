import type { Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { RateWindow, WindowFill } from '../store/admissions.ts'

/** A window and how full it is. */
export interface WindowUse extends RateWindow, WindowFill {
  readonly remaining: number
}

/**
 * Counts a request against the windows of its key. Requests that are refused are not counted, so a caller that
 * waits gets through; they are told one at a time. Counted exactly over all processes.
 *
 * @param key names who is limited, such as `certcentral:` and the public id of an API key
 * @param windows evaluated in their order: the first full one is told; none: no limit
 * @throws Fault rate_exceeded; store_busy, store_full, store_failed
 */
export async function admit(
  engine: Pick<Engine, 'store' | 'refusalPace'>,
  key: string,
  windows: readonly RateWindow[],
  now: Instant,
): Promise<void> {
  if (windows.length === 0) return
  const refusal = await engine.store.admissions.admit(key, windows, now)
  if (refusal === undefined) return
  const full = windows[refusal.place]
  if (full === undefined) throw new TypeError('the store names a window that was not asked for')
  await engine.refusalPace.turn()
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
  if (windows.length === 0) return []
  const fills = await engine.store.admissions.fill(key, windows, now)
  return windows.map((window, place) => {
    const { used, freesInMs } = fills[place] ?? { used: 0, freesInMs: 0 }
    return { ...window, used, freesInMs, remaining: Math.max(0, window.limit - used) }
  })
}
