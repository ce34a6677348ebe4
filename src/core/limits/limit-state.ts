import type { AccountRecord } from '../accounts/account.ts'
import type { Engine } from '../engine.ts'
import type { RateWindow } from '../store/admissions.ts'
import { type WindowUse, windowUse } from './admit.ts'
import {
  type CreationLimit,
  creationLimits,
  type LimitName,
  type LimitSource,
  ownWindows,
  type RequestLimit,
  requestLimits,
  windowsFor,
} from './limits.ts'

/** How much of one limit is left. */
export interface LimitState {
  readonly limit: LimitName
  readonly source: LimitSource
  /** None: no limit. */
  readonly windows: readonly WindowUse[]
}

type Parts = Pick<Engine, 'clock' | 'store' | 'settings'>

/** Under what the requests of a credential are counted. */
export const requestKey = (limit: RequestLimit, credential: string): string => `${limit}:${credential}`

/**
 * What a credential has left of every limit on requests, or of one; asking is not counted.
 * @param credential as its requests are counted: the public id of an API key, or `user:` and a number
 * @throws store faults
 */
export async function limitState(
  engine: Parts,
  account: AccountRecord,
  credential: string,
  limits: readonly RequestLimit[] = requestLimits,
): Promise<readonly LimitState[]> {
  const states: LimitState[] = []
  for (const limit of limits) {
    const windows = windowsFor(limit, engine.settings.limits[limit], account, credential)
    const used = await windowUse(engine, requestKey(limit, credential), windows, engine.clock.now())
    states.push({ limit, source: sourceOf(limit, account, credential), windows: used })
  }
  return states
}

/** What an account may still create at the TinyCert face. @throws store faults */
export async function creationState(engine: Parts, account: AccountRecord): Promise<readonly LimitState[]> {
  const states: LimitState[] = []
  for (const limit of creationLimits) {
    const windows = windowsFor(limit, engine.settings.limits[limit], account, undefined)
    const used: WindowUse[] = []
    for (const window of windows) used.push(await creationUse(engine, account, limit, window))
    states.push({ limit, source: sourceOf(limit, account, undefined), windows: used })
  }
  return states
}

/** Creations are counted by the records they left; when the first of them leaves the window is not looked for. */
async function creationUse(
  { clock, store }: Parts,
  account: AccountRecord,
  limit: CreationLimit,
  window: RateWindow,
): Promise<WindowUse> {
  const now = clock.now()
  const counted = limit === 'tinycert.authorities' ? 'authorities' : 'certificates'
  const used = await store.read(function* (view) {
    const since = yield* view[counted].countCreatedSince(account.id, 'tinycert', now - window.windowMs + 1)
    // What was created while the clock ran ahead is no use of the window, as when the limit is applied.
    const ahead = yield* view[counted].countCreatedSince(account.id, 'tinycert', now + window.windowMs)
    return since - ahead
  })
  return {
    ...window,
    used,
    remaining: Math.max(0, window.limit - used),
    freesInMs: used === 0 ? 0 : window.windowMs,
  }
}

function sourceOf(
  limit: LimitName,
  { settings }: AccountRecord,
  credential: string | undefined,
): LimitSource {
  return ownWindows(limit, settings, credential)?.source ?? 'configuration'
}
