import type { AuthorityRecord } from '../../../core/authorities/authority.ts'
import type { AuthorityId } from '../../../core/brand.ts'
import type { OrderCertificate } from '../../../core/orders/order.ts'
import { certificatesOf } from '../../../core/orders/order-changes/order-certificates.ts'
import { subIds } from '../../../core/orders/sub-ids.ts'
import type { Program } from '../../../core/store/program.ts'
import type { View } from '../../../core/store/store.ts'
import type { Call } from '../call.ts'
import { certificateElement } from '../certificates/certificate-view.ts'
import { listed, type Reply } from '../reply.ts'
import { orderInSight } from './order-in-sight.ts'

/**
 * The reissues or duplicates of an order, archived ones when the caller asks for them. The newest is first: a caller
 * that just made one takes the first for it.
 */
export async function followUpList(call: Call<'order_id'>, kind: 'reissue' | 'duplicate'): Promise<Reply> {
  const order = await orderInSight(call)
  const showsArchived = call.query.flag('show_archived') ?? false
  const now = call.engine.clock.now()
  const elements = await call.engine.store.read(function* (view) {
    const all = yield* certificatesOf(view, order, kind)
    const authorities = yield* authoritiesOf(view, all)
    const numbers = subIds(all)
    return all
      .filter(({ archived }) => showsArchived || !archived)
      .reverse()
      .map((certificate) => {
        const id = authorityIdOf(certificate)
        const authority = id === null ? undefined : authorities.get(id)
        return certificateElement(certificate, { authority, subId: numbers.get(certificate.id), now })
      })
  })
  return listed('certificates', elements)
}

/** Each CA once: there are few, however many certificates. */
function* authoritiesOf(
  view: View,
  certificates: readonly OrderCertificate[],
): Program<ReadonlyMap<AuthorityId, AuthorityRecord>> {
  const found = new Map<AuthorityId, AuthorityRecord>()
  for (const id of new Set(certificates.map(authorityIdOf))) {
    const authority = id === null ? undefined : yield* view.authorities.byId(id)
    if (authority !== undefined) found.set(authority.id, authority)
  }
  return found
}

function authorityIdOf({ issued, content }: OrderCertificate): AuthorityId | null {
  return issued?.authorityId ?? content.authorityId
}
