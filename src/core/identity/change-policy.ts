import type { Caller } from '../audit/caller.ts'
import type { AccountId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { organizations } from '../organizations/organization.ts'
import { type AccountPolicy, accountPolicies } from './account-policy.ts'

export type PolicyChanges = Partial<Omit<AccountPolicy, 'id' | 'accountId' | 'rootContainerId'>>

/**
 * Changes how an account orders; what is not named stays. Takes effect with the next request.
 * @throws Fault account_unavailable for an account without tenant; parameter_invalid for a primary organization that it
 *   does not have
 */
export function changePolicy(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  accountId: AccountId,
  changes: PolicyChanges,
  caller: Caller,
): Promise<AccountPolicy> {
  return store.write(function* (transaction) {
    const held = yield* transaction.collection(accountPolicies).hold(accountId, accountId)
    if (held === undefined) throw new Fault('account_unavailable', {})
    const primaryId = changes.primaryOrganizationId ?? null
    if (
      primaryId !== null &&
      (yield* transaction.collection(organizations).byId(accountId, primaryId)) === undefined
    ) {
      const parameter = 'primary_organization_id'
      throw new Fault('parameter_invalid', { parameter, reason: 'unknown organization' })
    }
    const policy: AccountPolicy = { ...held, ...changes }
    yield* transaction.collection(accountPolicies).replace(policy)
    const names = Object.keys(changes).filter((name) => name in policy)
    transaction.record({
      action: 'account.changed',
      at: clock.now(),
      actor: caller.actor,
      accountId,
      object: `account:${accountId}`,
      requestId: caller.requestId,
      detail: { before: picked(held, names), after: picked(policy, names) },
    })
    return policy
  })
}

function picked(policy: AccountPolicy, names: readonly string[]): string {
  return JSON.stringify(Object.fromEntries(Object.entries(policy).filter(([name]) => names.includes(name))))
}
