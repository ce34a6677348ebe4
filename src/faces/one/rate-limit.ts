import type { Engine } from '../../core/engine.ts'
import type { RateWindow } from '../../core/store/admissions.ts'

/** Header fields that tell a caller what is left to him (draft-ietf-httpapi-ratelimit-headers). */
export interface RateHeaders {
  readonly 'ratelimit-policy': string
  readonly ratelimit: string
}

/**
 * What is left of each window of a credential. How long until it is whole again is not counted: the time of the window
 * is, which is never too short.
 * @param key as it was admitted under
 */
export async function rateHeaders(
  engine: Pick<Engine, 'store' | 'clock'>,
  key: string,
  windows: readonly RateWindow[],
): Promise<RateHeaders> {
  const used = await engine.store.admissions.used(key, windows, engine.clock.now())
  const named = windows.map((window, place) => ({ ...window, name: `w${place + 1}`, used: used[place] ?? 0 }))
  return {
    'ratelimit-policy': named
      .map(({ name, limit, windowMs }) => `"${name}";q=${limit};w=${seconds(windowMs)}`)
      .join(', '),
    ratelimit: named
      .map(({ name, limit, windowMs, used: taken }) => {
        const left = Math.max(0, limit - taken)
        return `"${name}";r=${left};t=${seconds(windowMs)}`
      })
      .join(', '),
  }
}

function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1_000)
}
