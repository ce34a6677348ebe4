import type { FollowUpOutcome } from '../../../core/orders/follow-up.ts'
import { dateTime } from '../render.ts'
import { created, type Members, type Reply } from '../reply.ts'
import { certificateChain } from './chain-view.ts'

/** 201 to a reissue or a duplicate: the request, and the certificate when it was issued at once. */
export function followUpReply({ order, certificate, request, chain, missing }: FollowUpOutcome): Reply {
  const randomValue = order.methods?.randomValue
  const waits = request.status === 'approved' && missing.length > 0 && randomValue != null
  return created({
    id: order.id,
    requests: [{ id: request.id, status: request.status }],
    certificate_id: certificate.id,
    certificate_chain: chain && certificateChain(chain),
    ...(waits && {
      dcv_random_value: randomValue.value,
      domains: missing.map(
        (name): Members => ({
          name,
          dns_name: name,
          dcv_token: {
            token: randomValue.value,
            status: 'pending',
            expiration_date: dateTime(randomValue.expiresAt),
          },
        }),
      ),
    }),
  })
}
