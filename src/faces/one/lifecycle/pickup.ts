import { Fault } from '../../../core/faults.ts'
import { enrollments } from '../../../core/lifecycle/enrollment.ts'
import type { InventoryCertificate } from '../../../core/lifecycle/inventory.ts'
import { inventoryItem, visibleProfile } from '../../../core/lifecycle/sight.ts'
import type { Program } from '../../../core/store/program.ts'
import type { Call } from '../call.ts'
import { readId } from '../ids.ts'
import { ok } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { delivered, deliveryOf, readDelivery } from './delivery.ts'

type Found =
  | { readonly status: 'ISSUED'; readonly item: InventoryCertificate }
  | { readonly status: 'PENDING' | 'REJECTED' }

export const pickupRoutes = [
  defineRoute({
    api: 'mpki',
    method: 'POST',
    path: '/v1/certificate-pickup/:request_id',
    access: 'VIEW_EM_CERTIFICATE',
    tier: 'A',
    body: 'optional',
    async handler(call) {
      const { engine, member, body } = call
      const profileId = body.id('profile', 'profile')
      const wanted = readDelivery(body)
      const delivery = deliveryOf(wanted, 'x509')
      // Keys go out once, with the answer that makes them, and later by recovery, which somebody else approves.
      if (delivery.format.startsWith('pkcs12')) body.complain('member_invalid', 'delivery_format')
      body.check()
      if (profileId !== undefined) await engine.store.read((view) => visibleProfile(view, member, profileId))
      const found = await requested(call, profileId)
      if (found.status !== 'ISSUED') return ok({ status: found.status })
      return ok({ ...(await delivered(call, found.item, delivery)), status: found.status })
    },
  }),
] as const

/** What became of a request; a certificate's own id stands for the request that made it. */
async function requested(call: Call<'request_id'>, profileId: number | undefined): Promise<Found> {
  const { engine, member, account } = call
  const requestId = readId('request', call.pathText('request_id'))
  const itemId = readId('certificate', call.pathText('request_id'))
  return await engine.store.read(function* (view): Program<Found> {
    const enrollment =
      requestId === undefined ? undefined : yield* view.collection(enrollments).byId(account.id, requestId)
    const id = itemId ?? enrollment?.inventoryId ?? undefined
    if (id === undefined) {
      if (enrollment === undefined) throw new Fault('object_unknown', { object: 'request' })
      return { status: enrollment.status === 'rejected' ? 'REJECTED' : 'PENDING' }
    }
    const item = yield* inventoryItem(view, member, id)
    if (profileId !== undefined && item.profileId !== profileId) {
      throw new Fault('object_unknown', { object: 'request' })
    }
    return { status: 'ISSUED', item }
  })
}
