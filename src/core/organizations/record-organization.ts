import type { Caller } from '../audit/caller.ts'
import type { Action, Event } from '../audit/event.ts'
import type { Instant } from '../brand.ts'
import type { Transaction } from '../store/store.ts'
import type { Organization } from './organization.ts'

/** Tells the audit log what became of an organization. */
export function recordOrganization(
  transaction: Pick<Transaction, 'record'>,
  action: Extract<Action, `organization.${string}`>,
  { id, accountId }: Pick<Organization, 'id' | 'accountId'>,
  at: Instant,
  caller: Caller,
  detail: Event['detail'],
): void {
  transaction.record({
    action,
    at,
    actor: caller.actor,
    accountId,
    object: `organization:${id}`,
    requestId: caller.requestId,
    detail,
  })
}
