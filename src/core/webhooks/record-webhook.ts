import type { Caller } from '../audit/caller.ts'
import type { Action, Event } from '../audit/event.ts'
import type { Instant } from '../brand.ts'
import type { Transaction } from '../store/store.ts'
import type { Webhook } from './webhook.ts'

/** Tells the audit log what became of a webhook; never its secret. */
export function recordWebhook(
  transaction: Pick<Transaction, 'record'>,
  action: Extract<Action, `webhook.${string}`>,
  { id, accountId }: Pick<Webhook, 'id' | 'accountId'>,
  at: Instant,
  caller: Caller,
  detail: Event['detail'],
): void {
  transaction.record({
    action,
    at,
    actor: caller.actor,
    accountId,
    object: `webhook:${id}`,
    requestId: caller.requestId,
    detail,
  })
}
