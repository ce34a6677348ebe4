import type { Caller } from '../audit/caller.ts'
import type { AccountId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import type { AccountRecord, AccountSettings } from './account.ts'
import { accountIntegrity } from './account-integrity.ts'
import { checkedAccount } from './load-account.ts'

/**
 * Changes what an operator grants to an account; settings that are not named stay as they are. Takes effect with
 * the next request.
 * @returns the account as it is now
 * @throws Fault account_unavailable, account_corrupt
 */
export function changeAccountSettings(
  { clock, store, sealer }: Pick<Engine, 'clock' | 'store' | 'sealer'>,
  id: AccountId,
  changes: AccountSettings,
  caller: Caller,
): Promise<AccountRecord> {
  return store.write((transaction) =>
    storeSettings(transaction, { clock, sealer }, id, (before) => ({ ...before, ...changes }), caller),
  )
}

/**
 * The part of a transaction that gives an account other settings.
 * @throws Fault account_unavailable, account_corrupt; what `change` throws
 */
export function* storeSettings(
  transaction: Transaction,
  { clock, sealer }: Pick<Engine, 'clock' | 'sealer'>,
  id: AccountId,
  change: (before: AccountSettings) => AccountSettings,
  caller: Caller,
): Program<AccountRecord> {
  const held = checkedAccount(sealer, yield* transaction.accounts.hold(id))
  const fields = { ...held, settings: change(held.settings) }
  const account = { ...fields, integrity: accountIntegrity(sealer, fields) }
  yield* transaction.accounts.update(account)
  transaction.configurationChanged()
  transaction.record({
    action: 'account.changed',
    at: clock.now(),
    actor: caller.actor,
    accountId: id,
    object: `account:${id}`,
    requestId: caller.requestId,
    detail: { before: JSON.stringify(held.settings), after: JSON.stringify(account.settings) },
  })
  return account
}
