import type { AccountRecord } from '../../core/accounts/account.ts'
import { spendNonce } from '../../core/accounts/spend-nonce.ts'
import type { Engine } from '../../core/engine.ts'
import type { FormFields } from './form.ts'
import { invalid } from './input-reason.ts'
import { isDecimal, requiredText, requirePresent } from './parameters.ts'

/** How far a call's `time` may lie from our clock, either way. */
export const timeToleranceMs = 5 * 60_000

/** Seconds since 1970 for thousands of years to come. */
const longestTime = 11

/**
 * The API's signature covers neither the address nor the time, so whoever sees a call can send it again, also to
 * another endpoint. An account may be set to take only calls that have three more parameters signed into them:
 * `path`, the endpoint without suffix (`cert/new`); `time`, in Unix seconds; `nonce`, 16 to 64 letters, digits, `-`
 * and `_` that were not used before. Other accounts' calls pass unseen.
 *
 * @param fields of a request whose digest was verified
 * @throws Fault parameter_missing, parameter_invalid
 */
export async function refuseReplay(
  engine: Engine,
  account: AccountRecord,
  path: string,
  fields: FormFields,
): Promise<void> {
  if (account.settings.tinycertStrict !== true) return
  requirePresent(fields, ['path', 'time', 'nonce'])
  if (requiredText(fields, 'path') !== path) throw invalid('path', 'strict-path')
  const time = readTime(requiredText(fields, 'time'))
  if (Math.abs(engine.clock.now() - time) > timeToleranceMs) throw invalid('time', 'strict-time')
  const nonce = requiredText(fields, 'nonce')
  if (!/^[A-Za-z0-9_-]{16,64}$/.test(nonce)) throw invalid('nonce', 'strict-nonce')
  // Remembered for as long as the time above would let it in.
  const isNew = await spendNonce(engine, account.id, nonce, time + timeToleranceMs + 1)
  if (!isNew) throw invalid('nonce', 'strict-nonce-used')
}

function readTime(text: string): number {
  if (text.length > longestTime || !isDecimal(text)) throw invalid('time', 'strict-time')
  return Number(text) * 1_000
}
