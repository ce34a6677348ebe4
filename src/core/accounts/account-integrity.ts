import { timingSafeEqual } from 'node:crypto'
import { sealContexts } from '../keys/seal-contexts.ts'
import type { Sealer } from '../keys/sealer.ts'
import type { AccountRecord } from './account.ts'

/** MAC over every field of an account but the MAC itself. */
export function accountIntegrity(
  sealer: Pick<Sealer, 'integrity'>,
  account: Omit<AccountRecord, 'integrity'>,
): Uint8Array {
  const parameters = account.passphraseParameters
  return sealer.integrity(sealContexts.accountRecord(account.id), [
    account.email,
    account.name,
    account.status,
    settingsText(account.settings),
    parameters.algorithm,
    `${parameters.memoryKiB}/${parameters.passes}/${parameters.lanes}`,
    parameters.salt,
    account.vaultKeySealed,
    account.tinycertKeySealed,
    String(account.createdAt),
  ])
}

export function isAccountIntact(sealer: Pick<Sealer, 'integrity'>, account: AccountRecord): boolean {
  const expected = accountIntegrity(sealer, account)
  return account.integrity.length === expected.length && timingSafeEqual(account.integrity, expected)
}

/** Members in order of name, so that storage may return them in any order. */
function settingsText(settings: AccountRecord['settings']): string {
  return JSON.stringify(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)))
}
