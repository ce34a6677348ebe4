import type { Caller } from '../audit/caller.ts'
import type { AccountId, AuthorityId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { authorityOf } from './authority-of.ts'

/**
 * Hides a CA and all its certificates from their owner for good. What was signed exists outside, so its
 * records stay and its status services go on answering.
 * @throws Fault authority_unknown, access_denied
 */
export async function deleteAuthority(
  engine: Engine,
  account: AccountId,
  id: AuthorityId,
  caller: Caller,
): Promise<void> {
  const authority = await authorityOf(engine, account, id)
  await engine.store.write(function* (transaction) {
    yield* transaction.authorities.setStatus(id, 'deleted')
    yield* transaction.certificates.removeOf(id)
    transaction.record({
      action: 'authority.deleted',
      at: engine.clock.now(),
      actor: caller.actor,
      accountId: account,
      object: `authority:${id}`,
      requestId: caller.requestId,
      detail: { name: authority.name },
    })
    transaction.configurationChanged()
  })
}
