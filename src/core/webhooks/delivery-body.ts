import { pemEncode } from '../../pki/pem.ts'
import { domains } from '../domains/domain.ts'
import { isFault } from '../faults.ts'
import { loadIssued } from '../orders/issued-certificate.ts'
import { orderCertificates } from '../orders/orders.ts'
import { organizations } from '../organizations/organization.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import type { Delivery } from './delivery.ts'
import type { Webhook } from './webhook.ts'

/**
 * What a delivery says: the event, ids and names of what it is about, and the chain of an issued certificate where
 * the webhook wants it. JSON, names as the API has them.
 */
export function* deliveryBody(view: View, webhook: Webhook, delivery: Delivery): Program<string> {
  const { accountId, subject } = delivery
  const { organizationId, domainId, validation, endsAt } = subject
  const organization =
    organizationId === null
      ? undefined
      : yield* view.collection(organizations).byId(accountId, organizationId)
  const domain = domainId === null ? undefined : yield* view.collection(domains).byId(accountId, domainId)
  return JSON.stringify({
    event: delivery.event,
    delivery_id: delivery.deliveryId,
    date: new Date(delivery.createdAt).toISOString().replace(/\.\d+Z$/, '+00:00'),
    data: {
      order_id: subject.orderId ?? undefined,
      certificate_id: subject.certificateId ?? undefined,
      organization_id: organizationId ?? undefined,
      organization_name: organization?.name,
      domain_id: domainId ?? undefined,
      domain_name: domain?.name,
      validation_type: validation ?? undefined,
      validated_until:
        endsAt === null ? undefined : new Date(endsAt).toISOString().replace(/\.\d+Z$/, '+00:00'),
      certificate_chain: sendsChain(webhook, delivery) ? yield* chainOf(view, delivery) : undefined,
    },
  })
}

function sendsChain(webhook: Webhook, { event, isInstant }: Delivery): boolean {
  return event === 'certificate_issued' && (isInstant ? webhook.sendsInstantChain : webhook.sendsChain)
}

/** Undefined when the certificate is gone. */
function* chainOf(
  view: View,
  { accountId, subject: { certificateId } }: Delivery,
): Program<readonly { readonly subject_common_name: string; readonly pem: string }[] | undefined> {
  const certificate =
    certificateId === null
      ? undefined
      : yield* view.collection(orderCertificates).byId(accountId, certificateId)
  if (certificate === undefined) return undefined
  try {
    const { chain } = yield* loadIssued(view, certificate)
    return chain.map(({ subjectCommonName, der }) => ({
      subject_common_name: subjectCommonName,
      pem: pemEncode('CERTIFICATE', der).replaceAll('\n', '\r\n'),
    }))
  } catch (error) {
    if (isFault(error, 'object_unknown')) return undefined
    throw error
  }
}
