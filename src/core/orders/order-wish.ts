import type { ValidationMethod } from '../domains/domain.ts'
import type { ApproverWish } from '../domains/order-control.ts'
import type { CustomFieldValue } from '../identity/custom-field-values.ts'
import type { PersonRequest } from '../organizations/people.ts'
import type { Product, SignatureHash } from '../products/product.ts'
import type { Order, OrderContent, ValidityWish } from './order.ts'
import type { WrittenNames } from './order-names.ts'

/** What an order says that is kept as it is. */
export type OrderRemarks = Pick<
  Order,
  | 'controlScope'
  | 'comments'
  | 'autoRenew'
  | 'autoReissue'
  | 'disableRenewalNotifications'
  | 'renewedThumbprint'
  | 'customRenewalMessage'
  | 'disableIssuanceEmail'
  | 'shipTo'
  | 'additionalEmails'
  | 'locale'
  | 'userAssignments'
>

/** What an order says of its certificate. */
export interface CertificateWish
  extends WrittenNames,
    Pick<OrderContent, 'serverPlatformId' | 'validity' | 'profileOption' | 'mail'> {
  /** In any form that `decodeLenientCsr` takes. */
  readonly csr: string | null
  /** Null: the product's default. */
  readonly signatureHash: SignatureHash | null
  /** Name of the CA as `caCertId` gives it; null: the product's default. */
  readonly caCertId: string | null
}

/** Whom to ask about an order; null and none: as the organization has it. */
export interface ContactsWish {
  readonly organization: PersonRequest | null
  readonly technical: PersonRequest | null
  readonly verified: readonly PersonRequest[]
}

/** An order as it was asked for, its syntax being sound. What it leads to is for `placeOrder` to judge. */
export interface OrderWish {
  /** As the catalogue has it. */
  readonly product: Product
  /** Null: the container of whoever asks. */
  readonly containerId: number | null
  readonly organizationId: number | null
  readonly certificate: CertificateWish
  readonly validity: ValidityWish
  /** The parameter that says how long, in the face's own spelling. */
  readonly validityParameter: string
  readonly contacts: ContactsWish
  readonly remarks: OrderRemarks
  /** Null: unsaid, which is not the same as `none`. */
  readonly provisioning: Order['provisioning'] | null
  readonly renewalOfOrderId: number | null
  /** Whoever may approve says that nobody has to. */
  readonly skipApproval: boolean
  readonly processorComment: string
  /** Null: as the account has it. */
  readonly disableCt: boolean | null
  /** Null: by mail. */
  readonly method: ValidationMethod | null
  readonly approvers: readonly ApproverWish[]
  /** Control is proven by a token made from the account's key and the CSR. */
  readonly useAuthKey: boolean
  /** Null: the account's default. */
  readonly paymentMethod: string | null
  readonly customFields: readonly CustomFieldValue[]
  /** The caller's own id: the same one never makes a second order. */
  readonly alternativeOrderId: string | null
}
