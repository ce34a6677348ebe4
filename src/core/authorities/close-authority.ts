import type { Caller } from '../audit/caller.ts'
import type { AuthorityId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { AuthorityRecord } from './authority.ts'

/**
 * Ends the issuance of a CA for good, of certificates and of CAs below it. What it signed stays: it goes on signing
 * CRLs and OCSP answers, and its certificates can be revoked.
 *
 * @returns the CA as it is now
 * @throws Fault authority_unknown, authority_not_active; parameter_invalid (`ca`) for the operator's CA, which issues
 *   the certificate of the listeners
 */
export async function closeAuthority(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  id: AuthorityId,
  caller: Caller,
): Promise<AuthorityRecord> {
  return store.write(function* (transaction) {
    const authority = yield* transaction.authorities.byId(id)
    if (authority === undefined || authority.status === 'pending') throw new Fault('authority_unknown', {})
    if (authority.status !== 'active') throw new Fault('authority_not_active', {})
    if ((yield* transaction.runtime.setting('operator-authority')) === String(id)) {
      throw new Fault('parameter_invalid', {
        parameter: 'ca',
        reason: "it issues the certificate of this server's listeners",
      })
    }
    yield* transaction.authorities.setStatus(id, 'closed')
    transaction.configurationChanged()
    transaction.record({
      action: 'authority.closed',
      at: clock.now(),
      actor: caller.actor,
      accountId: authority.accountId,
      object: `authority:${id}`,
      requestId: caller.requestId,
      detail: { name: authority.name },
    })
    return { ...authority, status: 'closed' as const }
  })
}
