import type { AccountId } from '../brand.ts'
import { Fault } from '../faults.ts'
import { sealContexts } from '../keys/seal-contexts.ts'
import { SealError, type Sealer } from '../keys/sealer.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import type { AccountRecord } from './account.ts'
import { isAccountIntact } from './account-integrity.ts'

type Reads = Pick<View, 'accounts'>
type Checker = Pick<Sealer, 'integrity'>

/**
 * An account that something refers to, checked.
 * @throws Fault account_unavailable when it is gone, account_corrupt when its row was changed behind our back
 */
export function* loadAccount(view: Reads, sealer: Checker, id: AccountId): Program<AccountRecord> {
  return checkedAccount(sealer, yield* view.accounts.byId(id))
}

/**
 * The account of an address in any letter case, checked.
 * @throws Fault account_unknown, account_corrupt
 */
export function* loadAccountByEmail(view: Reads, sealer: Checker, email: string): Program<AccountRecord> {
  const account = yield* view.accounts.byEmail(email.toLowerCase())
  if (account === undefined) throw new Fault('account_unknown', {})
  return checkedAccount(sealer, account)
}

/** @throws Fault account_unavailable, account_corrupt */
export function checkedAccount(sealer: Checker, account: AccountRecord | undefined): AccountRecord {
  if (account === undefined) throw new Fault('account_unavailable', {})
  if (!isAccountIntact(sealer, account)) throw new Fault('account_corrupt', {})
  return account
}

/** @throws Fault access_denied for an account that the operator disabled */
export function requireActive(account: AccountRecord): void {
  if (account.status !== 'active') throw new Fault('access_denied', { object: 'account' })
}

/**
 * The UTF-8 text of an account's TinyCert API key, for checking a signed call; the caller zeroes it.
 * @throws Fault account_unavailable when it does not open
 */
export function openTinycertKey(sealer: Pick<Sealer, 'open'>, account: AccountRecord): Uint8Array {
  try {
    return sealer.open(account.tinycertKeySealed, sealContexts.tinycertKey(account.id))
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw new Fault('account_unavailable', {}, { cause: error })
  }
}
