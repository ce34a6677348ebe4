import { type Enrollment, enrollmentStatuses, enrollments } from '../lifecycle/enrollment.ts'
import { sealedTokenOf } from '../service-users/made-token.ts'
import type { CollectionDefinition, CollectionItem } from '../store/collection.ts'
import type { RepeatableRequest } from '../store/idempotency.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { type Webhook, webhookStatuses, webhooks } from '../webhooks/webhook.ts'
import { sealContexts } from './seal-contexts.ts'
import type { SealContext } from './sealer.ts'

/**
 * An envelope in base64, wrapped anew.
 * @param object names whose it is, such as `webhook:7`
 * @returns undefined when it stays as it is, because nobody opens it
 */
export type RewrapText = (sealed: string, context: SealContext, object: string) => string | undefined

const pageLength = 500

/** Rewraps what objects and requests hold sealed under the master key within their documents. */
export function* rewrapDocuments(transaction: Transaction, rewrap: RewrapText): Program<void> {
  yield* rewrapItems(transaction, webhooks, webhookStatuses, (webhook) => rewrapWebhook(webhook, rewrap))
  yield* rewrapItems(transaction, enrollments, enrollmentStatuses, (enrollment) =>
    rewrapEnrollment(enrollment, rewrap),
  )
  yield* rewrapTokens(transaction, rewrap)
}

function* rewrapItems<Item extends CollectionItem, Column extends string>(
  transaction: Transaction,
  definition: CollectionDefinition<Item, Column | 'status'>,
  statuses: readonly string[],
  rewrapped: (item: Item) => Item | undefined,
): Program<void> {
  for (const status of statuses) {
    let after = 0
    for (;;) {
      const page = yield* transaction
        .collection(definition)
        .anyBetween('status', status, status, after, pageLength)
      for (const { id, accountId } of page) {
        after = id
        // The page was read without a lock.
        const item = yield* transaction.collection(definition).hold(accountId, id)
        const changed = item === undefined ? undefined : rewrapped(item)
        if (changed !== undefined) yield* transaction.collection(definition).replace(changed)
      }
      if (page.length < pageLength) break
    }
  }
}

function rewrapWebhook(webhook: Webhook, rewrap: RewrapText): Webhook | undefined {
  const context = sealContexts.webhookSecret(webhook.accountId)
  const secretSealed = rewrap(webhook.secretSealed, context, `webhook:${webhook.id}`)
  return secretSealed === undefined ? undefined : { ...webhook, secretSealed }
}

function rewrapEnrollment(enrollment: Enrollment, rewrap: RewrapText): Enrollment | undefined {
  if (enrollment.codeSealed === null) return undefined
  const object = `enrollment:${enrollment.id}`
  const context = sealContexts.shownSecret(enrollment.accountId, object)
  const codeSealed = rewrap(enrollment.codeSealed, context, object)
  return codeSealed === undefined ? undefined : { ...enrollment, codeSealed }
}

/** Tokens that wait beside the requests that made them, to be shown again. */
function* rewrapTokens(transaction: Transaction, rewrap: RewrapText): Program<void> {
  let after: Pick<RepeatableRequest, 'accountId' | 'keyDigest'> | undefined
  for (;;) {
    const page = yield* transaction.idempotency.withSecret(after, pageLength)
    for (const request of page) {
      after = request
      const { object, sealed, withSealed } = sealedTokenOf(request.subject)
      const changed = rewrap(sealed, sealContexts.shownSecret(request.accountId, object), object)
      if (changed !== undefined) yield* transaction.idempotency.replaceSubject(request, withSealed(changed))
    }
    if (page.length < pageLength) return
  }
}
