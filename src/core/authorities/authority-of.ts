import type { AccountId, AuthorityId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { AuthorityRecord } from './authority.ts'

/**
 * A CA of this account, whatever its status short of deleted.
 * @throws Fault authority_unknown; access_denied when it is another account's
 */
export async function authorityOf(
  engine: Engine,
  account: AccountId,
  id: AuthorityId,
): Promise<AuthorityRecord> {
  const record = await engine.store.read((view) => view.authorities.byId(id))
  if (record === undefined || record.status === 'deleted' || record.status === 'pending') {
    throw new Fault('authority_unknown', {})
  }
  if (record.accountId !== account) throw new Fault('access_denied', { object: 'authority' })
  return record
}
