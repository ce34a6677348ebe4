import type { Caller } from '../audit/caller.ts'
import type { AccountId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { sealContexts } from '../keys/seal-contexts.ts'
import { accountIntegrity } from './account-integrity.ts'
import { checkedAccount, loadAccount } from './load-account.ts'
import { checkNewPassphrase, openVaultKey, stretchNewPassphrase } from './passphrase.ts'

export interface PassphraseChange {
  readonly accountId: AccountId
  readonly current: string
  readonly next: string
}

type Parts = Pick<Engine, 'clock' | 'store' | 'sealer' | 'passphraseKeys' | 'stopAt'>

/**
 * Puts a new passphrase in the place of the old one. One row changes in one transaction: the vault key is
 * wrapped anew, the subscriber keys below it stay as they are. All sessions of the account end with it.
 * @returns how many sessions ended
 * @throws Fault parameter_invalid, account_unavailable, account_corrupt, overloaded; passphrase_wrong, also when
 *   another change came first
 */
export async function changePassphrase(
  parts: Parts,
  change: PassphraseChange,
  caller: Caller,
): Promise<number> {
  const { store, sealer, stopAt } = parts
  checkNewPassphrase(change.next)
  const account = await store.read((view) => loadAccount(view, sealer, change.accountId))
  const vaultKey = await openVaultKey(parts, account, change.current)
  const { parameters, key } = await stretchNewPassphrase(parts.passphraseKeys, change.next)
  const vaultKeySealed = sealer.sealUnder(key, vaultKey, sealContexts.vaultKey(account.id))
  vaultKey.fill(0)
  key.fill(0)
  await stopAt?.('passphrase.before-commit')
  const ended = await store.write(function* (transaction) {
    const held = checkedAccount(sealer, yield* transaction.accounts.hold(account.id))
    if (Buffer.compare(held.vaultKeySealed, account.vaultKeySealed) !== 0)
      throw new Fault('passphrase_wrong', {})
    const changed = { ...held, passphraseParameters: parameters, vaultKeySealed }
    yield* transaction.accounts.update({ ...changed, integrity: accountIntegrity(sealer, changed) })
    const sessions = yield* transaction.accounts.removeSessionsOf(account.id)
    transaction.configurationChanged()
    transaction.record({
      action: 'account.passphrase-changed',
      at: parts.clock.now(),
      actor: caller.actor,
      accountId: account.id,
      object: `account:${account.id}`,
      requestId: caller.requestId,
      detail: { sessions },
    })
    return sessions
  })
  await stopAt?.('passphrase.committed')
  return ended
}
