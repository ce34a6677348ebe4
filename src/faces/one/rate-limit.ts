import type { Engine } from '../../core/engine.ts'
import { windowUse } from '../../core/limits/admit.ts'
import type { RateWindow } from '../../core/store/admissions.ts'

/** Header fields that tell a caller what is left to him (draft-ietf-httpapi-ratelimit-headers). */
export interface RateHeaders {
  readonly 'ratelimit-policy': string
  readonly ratelimit: string
}

/**
 * What is left of each window of a credential: `r` requests, one more in `t` seconds.
 * @param key as it was admitted under
 */
export async function rateHeaders(
  engine: Pick<Engine, 'store' | 'clock'>,
  key: string,
  windows: readonly RateWindow[],
): Promise<RateHeaders> {
  const uses = await windowUse(engine, key, windows, engine.clock.now())
  return {
    'ratelimit-policy': uses
      .map(({ limit, windowMs }, place) => `"w${place + 1}";q=${limit};w=${seconds(windowMs)}`)
      .join(', '),
    ratelimit: uses
      .map(({ remaining, freesInMs }, place) => `"w${place + 1}";r=${remaining};t=${seconds(freesInMs)}`)
      .join(', '),
  }
}

function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1_000)
}
