import type { RevocationReason } from '../../../core/certificates/certificate.ts'
import { users } from '../../../core/identity/user.ts'
import { findOrderCertificate } from '../../../core/orders/find-order.ts'
import type { OrderRequest } from '../../../core/orders/order.ts'
import {
  type RevocationWish,
  revokeOrder,
  revokeOrderCertificate,
} from '../../../core/orders/revoke-order.ts'
import type { Call } from '../call.ts'
import type { Reader } from '../reader.ts'
import { dateTime, textOrAbsent } from '../render.ts'
import { created, done, ok, type Reply } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { userSummary } from '../users/user-view.ts'
import { orderInSight } from './order-in-sight.ts'

/** Reasons of RFC 5280 section 5.3.1 as callers write them, without case, blanks and underscores. */
const reasons: Readonly<Record<string, RevocationReason>> = {
  unspecified: 0,
  keycompromise: 1,
  affiliationchanged: 3,
  affiliationchange: 3,
  superseded: 4,
  cessationofoperation: 5,
  privilegewithdrawn: 9,
}

/** Revoking one certificate, or an order with all of its certificates. */
export const revocationRoutes: readonly Route[] = [
  defineRoute({
    method: 'PUT',
    path: '/certificate/:certificate_identifier/revoke',
    resource: 'certificates',
    right: 'manage',
    tier: 'A',
    body: 'optional',
    async handler(call) {
      const { engine, principal, caller } = call
      const identifier = call.pathText('certificate_identifier')
      await engine.store.read((view) => findOrderCertificate(view, principal, identifier))
      const wish = readRevocation(call.body)
      return answer(call, wish, await revokeOrderCertificate(engine, principal, identifier, wish, caller))
    },
  }),
  defineRoute({
    method: 'PUT',
    path: '/order/certificate/:order_id/revoke',
    resource: 'orders',
    right: 'manage',
    tier: 'A',
    body: 'optional',
    async handler(call) {
      await orderInSight(call)
      const wish = readRevocation(call.body)
      const { engine, principal, caller } = call
      return answer(call, wish, await revokeOrder(engine, principal, call.pathText('order_id'), wish, caller))
    },
  }),
]

const commentSpellings = ['comments', 'comment', 'Comment', 'Comments'] as const

function readRevocation(body: Reader): RevocationWish {
  const comments = body.text(body.spelling(...commentSpellings), {
    anyCharacter: true,
    longest: 2000,
  })
  const name = body.spelling('revocation_reason', 'reason')
  const written = body.text(name, { anyCharacter: true }) ?? 'unspecified'
  const word = written.toLowerCase().replaceAll(/[\s_-]/g, '')
  const reason = Object.hasOwn(reasons, word) ? reasons[word] : undefined
  if (reason === undefined) body.complain('invalid_value', name)
  const skipApproval = body.flag('skip_approval') ?? false
  body.check()
  return { reason: reason ?? 0, comments: comments ?? '', skipApproval }
}

/**
 * Whoever asked to skip the approval gets an empty answer once it is revoked. Everybody else reads the request out of
 * the answer, also where it was approved at once. It is 201, but 200 to a body with nothing but `reason`: who writes so
 * takes a 201 for a failure.
 */
async function answer(
  { engine, account, body }: Call<never>,
  { skipApproval }: RevocationWish,
  request: OrderRequest,
): Promise<Reply> {
  if (skipApproval && request.status === 'approved') return done
  const requester = await engine.store.read((view) =>
    view.collection(users).byId(account.id, request.requesterId),
  )
  const hasReasonOnly =
    body.has('reason') && !['revocation_reason', ...commentSpellings].some((name) => body.has(name))
  const reply = hasReasonOnly ? ok : created
  return reply({
    id: request.id,
    date: dateTime(request.createdAt),
    type: request.type,
    status: request.status,
    requester: requester === undefined ? { id: request.requesterId } : userSummary(requester),
    comments: textOrAbsent(request.comments),
  })
}
