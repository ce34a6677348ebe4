import type { RandomValue } from '../../../core/domains/domain.ts'
import type { Engine } from '../../../core/engine.ts'
import type { PlacedOrder } from '../../../core/orders/recall-order.ts'
import { aliasTarget } from '../alias-target.ts'
import { dateTime } from '../render.ts'
import { created, type Members, type Reply } from '../reply.ts'
import { certificateChain } from './chain-view.ts'

/** 201 to an order: its request, its certificate when that was issued, or what proves control when it waits. */
export function placedReply(engine: Pick<Engine, 'outside'>, placed: PlacedOrder): Reply {
  const { order, certificate, request, chain, missing } = placed
  const randomValue = order.methods?.randomValue ?? null
  const alias = aliasTarget(engine, order.methods?.method)
  const isProvenByValue = missing.length > 0 && randomValue !== null
  return created({
    id: order.id,
    requests: [{ id: request.id, status: request.status }],
    certificate_id: chain !== undefined || isProvenByValue ? certificate.id : undefined,
    certificate_chain: chain && certificateChain(chain),
    ...(isProvenByValue && {
      dcv_random_value: randomValue.value,
      ...alias,
      domains: missing.map((name) => domainView(name, placed, randomValue, alias)),
    }),
  })
}

/** A name to prove. An order that names no organization has no domains of its own to show. */
function domainView(
  dnsName: string,
  { domains }: Pick<PlacedOrder, 'domains'>,
  { value, expiresAt }: RandomValue,
  alias: Members,
): Members {
  const domain = domains.find((each) => each.dnsName === dnsName)?.domain
  return {
    id: domain?.id,
    name: domain?.name ?? dnsName,
    dns_name: dnsName,
    dcv_token: { token: value, status: 'pending', expiration_date: dateTime(expiresAt), ...alias },
  }
}
