import { Fault } from '../../../core/faults.ts'
import { certificateProfiles, type DeliveryFormat } from '../../../core/lifecycle/certificate-profile.ts'
import { enrollments } from '../../../core/lifecycle/enrollment.ts'
import type { InventoryCertificate } from '../../../core/lifecycle/inventory.ts'
import { inventoryItem, visibleProfile } from '../../../core/lifecycle/sight.ts'
import type { Program } from '../../../core/store/program.ts'
import { membersOf } from '../body.ts'
import type { Call } from '../call.ts'
import { readId } from '../ids.ts'
import { Reader } from '../reader.ts'
import { ok } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { type Delivery, delivered, deliveryOf, readDelivery } from './delivery.ts'

type Found =
  | {
      readonly status: 'ISSUED'
      readonly item: InventoryCertificate
      /** The request that waited for it, as it came; null where none did. */
      readonly request: string | null
      /** How its profile hands certificates over; undefined where it has none. */
      readonly usual: DeliveryFormat | undefined
    }
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
      // Keys go out once, with the answer that makes them, and later by recovery, which somebody else approves.
      if (holdsKey(deliveryOf(wanted, 'x509'))) body.complain('member_invalid', 'delivery_format')
      body.check()
      if (profileId !== undefined) await engine.store.read((view) => visibleProfile(view, member, profileId))
      const found = await requested(call, profileId)
      if (found.status !== 'ISSUED') return ok({ status: found.status })
      const asked = deliveryAsked(call, found)
      const delivery = wanted.written === undefined ? asked : deliveryOf(wanted, 'x509')
      const { withChain } = body.has('include_ca_chain') ? wanted : asked
      return ok({ ...(await delivered(call, found.item, { ...delivery, withChain })), status: found.status })
    },
  }),
] as const

const holdsKey = ({ format }: Delivery): boolean => format.startsWith('pkcs12')

/** What was asked for when the certificate was, or what the profile says; `x509` in the place of what holds a key. */
function deliveryAsked(
  { options }: Call,
  { request, usual = 'x509' }: Found & { status: 'ISSUED' },
): Delivery {
  const body = request === null ? {} : membersOf(options.parseJson(Buffer.from(request)), false)
  const delivery = deliveryOf(readDelivery(new Reader(body)), usual)
  return holdsKey(delivery) ? { ...delivery, format: 'x509', written: 'x509' } : delivery
}

/** What became of a request; a certificate's own id stands for the request that made it. */
async function requested(call: Call<'request_id'>, profileId: number | undefined): Promise<Found> {
  const { engine, member, account } = call
  const requestId = readId('request', call.pathText('request_id'))
  const itemId = readId('certificate', call.pathText('request_id'))
  return await engine.store.read(function* (view): Program<Found> {
    const enrollment =
      requestId === undefined ? undefined : yield* view.collection(enrollments).byId(account.id, requestId)
    const id = itemId ?? enrollment?.inventoryId ?? undefined
    const item = id === undefined ? undefined : yield* inventoryItem(view, member, id)
    const made = item?.profileId ?? enrollment?.profileId
    if ((item ?? enrollment) === undefined || (profileId !== undefined && made !== profileId)) {
      throw new Fault('object_unknown', { object: 'request' })
    }
    if (item === undefined) return { status: enrollment?.status === 'rejected' ? 'REJECTED' : 'PENDING' }
    const profile =
      made === undefined ? undefined : yield* view.collection(certificateProfiles).byId(account.id, made)
    return { status: 'ISSUED', item, request: enrollment?.request ?? null, usual: profile?.deliveryFormat }
  })
}
