import type { AccountRecord, AccountSettings } from '../accounts/account.ts'
import { storeSettings } from '../accounts/change-account-settings.ts'
import type { Caller } from '../audit/caller.ts'
import type { AccountId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { RateWindow } from '../store/admissions.ts'
import { creationLimits, type LimitName, type LimitOverrides, MOST_KEYS, MOST_WINDOWS } from './limits.ts'

/** Windows in place of the usual ones; none: no limit; undefined: the usual ones again. */
export type LimitChanges = { readonly [Name in LimitName]?: readonly RateWindow[] | undefined }

/**
 * Changes the limits of an account, or of one of its keys. Limits that are not named stay. Holds from the next request
 * of each process on.
 *
 * @param publicId of an API key of the account; undefined: the account's, for every key without its own
 * @returns the account as it is now
 * @throws Fault account_unavailable, account_corrupt; credential_unknown when the key is not the account's;
 *   parameter_invalid: `limit`, or more keys with limits of their own than an account can have
 */
export function changeLimits(
  { clock, store, sealer }: Pick<Engine, 'clock' | 'store' | 'sealer'>,
  { accountId, publicId }: { readonly accountId: AccountId; readonly publicId: string | undefined },
  changes: LimitChanges,
  caller: Caller,
): Promise<AccountRecord> {
  for (const windows of Object.values(changes)) checkWindows(windows)
  if (publicId !== undefined && creationLimits.some((limit) => limit in changes)) {
    throw new Fault('parameter_invalid', {
      parameter: 'limit',
      reason: 'what an account creates is not counted by key',
    })
  }
  return store.write(function* (transaction) {
    if (publicId !== undefined) {
      const key = yield* transaction.accounts.apiKey(publicId)
      if (key === undefined || key.accountId !== accountId) throw new Fault('credential_unknown', {})
    }
    const parts = { clock, sealer }
    return yield* storeSettings(
      transaction,
      parts,
      accountId,
      (before) => changed(before, publicId, changes),
      caller,
    )
  })
}

function checkWindows(windows: readonly RateWindow[] | undefined): void {
  if (windows === undefined) return
  if (windows.length > MOST_WINDOWS) {
    throw new Fault('parameter_invalid', { parameter: 'limit', reason: `at most ${MOST_WINDOWS} windows` })
  }
}

function changed(
  before: AccountSettings,
  publicId: string | undefined,
  changes: LimitChanges,
): AccountSettings {
  const { limits, keyLimits, ...others } = before
  const ofAccount = publicId === undefined ? merged(limits, changes) : limits
  const ofKeys =
    publicId === undefined ? keyLimits : { ...keyLimits, [publicId]: merged(keyLimits?.[publicId], changes) }
  const keys = Object.entries(ofKeys ?? {}).filter(([, overrides]) => !isEmpty(overrides))
  if (keys.length > MOST_KEYS) {
    throw new Fault('parameter_invalid', {
      parameter: 'key',
      reason: `at most ${MOST_KEYS} keys of an account can have limits of their own`,
    })
  }
  return {
    ...others,
    ...(isEmpty(ofAccount) ? {} : { limits: ofAccount }),
    ...(keys.length === 0 ? {} : { keyLimits: Object.fromEntries(keys) }),
  }
}

function merged(before: LimitOverrides | undefined, changes: LimitChanges): LimitOverrides {
  const entries = Object.entries({ ...before, ...changes })
  return Object.fromEntries(entries.filter(([, windows]) => windows !== undefined))
}

function isEmpty(overrides: LimitOverrides | undefined): overrides is undefined {
  return Object.keys(overrides ?? {}).length === 0
}
