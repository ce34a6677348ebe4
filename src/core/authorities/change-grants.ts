import type { Caller } from '../audit/caller.ts'
import type { AuthorityId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { AuthorityGrants, AuthorityRecord } from './authority.ts'

/** What an operator may grant to a CA that exists, or take back: `undefined`. */
export type GrantChanges = {
  readonly [Name in Exclude<keyof AuthorityGrants, 'reversibleRevocation' | 'sha1'>]?:
    | AuthorityGrants[Name]
    | undefined
}

/**
 * Changes what a private CA may do; grants that are not named stay. Holds for every reservation that commits after
 * this one. Reversible revocation and SHA-1 belong to the API that a CA was made for and stay as they were made.
 *
 * @returns the CA as it is now
 * @throws Fault authority_unknown, authority_not_active; parameter_invalid (`ca`) for a CA of the public kind, which
 *   has no grants
 */
export function changeGrants(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  id: AuthorityId,
  changes: GrantChanges,
  caller: Caller,
): Promise<AuthorityRecord> {
  return store.write(function* (transaction) {
    const authority = yield* transaction.authorities.byId(id)
    if (authority === undefined || authority.status === 'pending') throw new Fault('authority_unknown', {})
    if (authority.status !== 'active') throw new Fault('authority_not_active', {})
    if (authority.strictness !== 'private-tls') {
      throw new Fault('parameter_invalid', { parameter: 'ca', reason: 'a public CA has no grants' })
    }
    const grants = merged(authority.grants, changes)
    yield* transaction.authorities.setGrants(id, grants)
    transaction.configurationChanged()
    transaction.record({
      action: 'authority.grants-changed',
      at: clock.now(),
      actor: caller.actor,
      accountId: authority.accountId,
      object: `authority:${id}`,
      requestId: caller.requestId,
      detail: { before: JSON.stringify(authority.grants), after: JSON.stringify(grants) },
    })
    return { ...authority, grants }
  })
}

/** An absent member means: not granted. */
function merged(before: AuthorityGrants, changes: GrantChanges): AuthorityGrants {
  const entries = Object.entries({ ...before, ...changes })
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== false))
}
