import type { Engine } from '../engine.ts'
import { Fault, type FaultCode, isFault } from '../faults.ts'
import { sourceOf } from './source-of.ts'

/** Faults that say that a credential does not work. */
const failures: ReadonlySet<FaultCode> = new Set<FaultCode>([
  'account_unknown',
  'credential_unknown',
  'passphrase_wrong',
  'session_unknown',
  'signature_mismatch',
])

const prefix = 'failed:'
const KEYS_A_ROUND = 1_000

/**
 * Limits how often credentials that do not work may be tried from one address, over all faces and processes. Only
 * what failed is counted and refused: whoever shares the address and has a working credential is served.
 *
 * @param error what a request of this address ended with
 * @param address of the caller, as a trusted proxy named it
 * @returns what to answer: Fault login_throttled for one failure too many, else `error` itself
 */
export async function judgeFailure(
  { clock, log, settings, store }: Pick<Engine, 'clock' | 'log' | 'settings' | 'store'>,
  error: unknown,
  address: string,
): Promise<unknown> {
  if (!isFault(error) || !failures.has(error.code) || settings.failedAttempts.length === 0) return error
  try {
    const key = `${prefix}${sourceOf(address)}`
    const refusal = await store.admissions.admit(key, settings.failedAttempts, clock.now())
    if (refusal === undefined) return error
    return new Fault('login_throttled', { retryAfterMs: refusal.retryAfterMs }, { cause: error })
  } catch (cause) {
    // It is refused either way.
    log.warn({ err: cause }, 'a failed attempt could not be counted')
    return error
  }
}

/**
 * Forgets addresses whose failures have left every window: callers have more addresses than the store has room.
 * @returns whether there may be more
 * @throws store faults
 */
export async function forgetOldFailures({
  clock,
  settings,
  store,
}: Pick<Engine, 'clock' | 'settings' | 'store'>): Promise<boolean> {
  const longest = Math.max(0, ...settings.failedAttempts.map(({ windowMs }) => windowMs))
  const forgotten = await store.admissions.forget(prefix, clock.now() - longest, KEYS_A_ROUND)
  return forgotten === KEYS_A_ROUND
}
