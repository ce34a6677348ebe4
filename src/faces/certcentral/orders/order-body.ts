import { controlScopes, provisioningMethods } from '../../../core/orders/order.ts'
import type { OrderRemarks, OrderWish } from '../../../core/orders/order-wish.ts'
import type { Product } from '../../../core/products/product.ts'
import { readControlMethod } from '../control-method.ts'
import type { Reader } from '../reader.ts'
import { readCertificateWish } from './certificate-body.ts'
import { readContacts } from './contacts-body.ts'
import { readOrderValidity } from './validity-body.ts'

const anyText = { anyCharacter: true, longest: 2_000 } as const

const locales = ['en', 'de', 'es', 'fr', 'it', 'ja', 'ko', 'nl', 'pt', 'ru', 'zh_CN', 'zh_TW'] as const

/** Most renewals and reissues that an order asks to be made by itself. */
const MOST_TIMES = 100
/** Addresses beside the contacts, and users, of one order, which is read whole. */
const MOST_PEOPLE = 100

/**
 * Reads an order. Members that are the server's, or nobody's, are not looked at.
 * @throws Refusal for what is absent, else for what is wrong
 */
export function readOrder(body: Reader, product: Product): OrderWish {
  const certificate = readCertificateWish(body, product)
  const organizationId =
    product.organization === null ? body.idOf('organization') : body.requiredIdOf('organization')
  const provisioning = body.choice('cs_provisioning_method', provisioningMethods) ?? null
  const wish: OrderWish = {
    product,
    certificate,
    organizationId: organizationId ?? null,
    containerId: body.idOf('container') ?? body.id('container_id') ?? null,
    ...readOrderValidity(body, certificate.validity),
    contacts: readContacts(body),
    remarks: readRemarks(body, provisioning),
    provisioning,
    renewalOfOrderId: body.id('renewal_of_order_id') ?? null,
    skipApproval: body.flag('skip_approval') ?? false,
    processorComment: body.text('processor_comment', anyText) ?? '',
    disableCt: body.flag('disable_ct') ?? null,
    method: readControlMethod(body) ?? null,
    approvers: readApprovers(body),
    useAuthKey: body.flag('use_auth_key') ?? false,
    paymentMethod: body.text('payment_method') ?? null,
    customFields: body.objects('custom_fields').map((field) => ({
      fieldId: field.requiredId('metadata_id'),
      value: field.text('value', anyText) ?? '',
    })),
    alternativeOrderId: body.text('alternative_order_id') ?? null,
  }
  body.check()
  return wish
}

function readRemarks(body: Reader, provisioning: OrderWish['provisioning']): OrderRemarks {
  return {
    controlScope: body.choice('certificate_dcv_scope', controlScopes) ?? null,
    comments: body.text(body.spelling('comments', 'comment'), anyText) ?? '',
    autoRenew: body.count('auto_renew', MOST_TIMES) ?? 0,
    autoReissue: body.count('auto_reissue', MOST_TIMES) ?? 0,
    disableRenewalNotifications: body.flag('disable_renewal_notifications') ?? false,
    renewedThumbprint: body.text('renewed_thumbprint') ?? '',
    customRenewalMessage: body.text('custom_renewal_message', anyText) ?? '',
    disableIssuanceEmail: body.flag('disable_issuance_email') ?? false,
    shipTo: readShipping(body, provisioning === 'ship_token'),
    additionalEmails: body.emails('additional_emails', MOST_PEOPLE),
    locale: body.choice('locale', locales) ?? 'en',
    userAssignments: body.ids('user_assignments', MOST_PEOPLE),
  }
}

const shippingMembers = ['name', 'addr1', 'addr2', 'city', 'state', 'zip', 'country', 'method'] as const
const shippingMethods = ['STANDARD', 'EXPEDITED'] as const

/** Where a token goes. Typed clients send an object of empty members when they mean nowhere. */
export function readShipping(body: Reader, isNeeded: boolean): OrderRemarks['shipTo'] {
  const place = body.object('ship_info')
  if (!shippingMembers.some((member) => place.has(member))) {
    if (isNeeded) body.requireUnlessWrong('ship_info', [])
    return null
  }
  return {
    name: place.requiredText('name'),
    address: place.requiredText('addr1'),
    address2: place.text('addr2') ?? '',
    city: place.requiredText('city'),
    state: place.text('state') ?? '',
    zip: place.requiredText('zip'),
    country: place.requiredText('country'),
    method: place.choice('method', shippingMethods) ?? 'STANDARD',
  }
}

/** Who is to approve by mail, by the caller's choice. */
export function readApprovers(body: Reader): OrderWish['approvers'] {
  return body.objects('dcv_emails').map((approver, place) => {
    const emailDomain = approver.text('email_domain')
    return {
      dnsName: approver.requiredText('dns_name'),
      email: approver.requiredEmail('email'),
      ...(emailDomain !== undefined && { emailDomain }),
      parameter: `dcv_emails.${place}`,
    }
  })
}
