import type { PlacedOrder } from '../../../core/orders/recall-order.ts'
import { dateTime } from '../render.ts'
import { created, type Members, type Reply } from '../reply.ts'
import { certificateChain } from './chain-view.ts'

/** 201 to an order: its request, its certificate when that was issued, or what proves control when it waits. */
export function placedReply({ order, certificate, request, chain, missing }: PlacedOrder): Reply {
  const randomValue = order.methods?.randomValue ?? null
  const isProvenByValue = missing.length > 0 && randomValue !== null
  return created({
    id: order.id,
    requests: [{ id: request.id, status: request.status }],
    certificate_id: chain !== undefined || isProvenByValue ? certificate.id : undefined,
    certificate_chain: chain && certificateChain(chain),
    ...(isProvenByValue && {
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
