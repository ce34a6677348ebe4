import { accountId } from '../brand.ts'
import { Fault } from '../faults.ts'
import type { Principal } from '../identity/principal.ts'
import { seesContainer } from '../identity/scope.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import type { Order, OrderCertificate } from './order.ts'
import { orderCertificates, orders } from './orders.ts'

/** Whoever looks for an order. */
export type OrderSeeker = Pick<Principal, 'account' | 'scope'>

/** Ids are below 2^31; serial numbers and thumbprints have 32 digits and more. */
const id = /^[1-9]\d{0,9}$/
const hexadecimal = /^[0-9A-F]{1,40}$/
/** Digits of a serial number as it is stored. */
const serialDigits = 32
const thumbprintDigits = 40

/** Whether somebody sees the orders of a user in a container. */
export function seesOrder(
  { scope }: Pick<Principal, 'scope'>,
  { containerId, userId }: Pick<Order, 'containerId' | 'userId'>,
): boolean {
  return seesContainer(scope, containerId) && (scope.ownerId === null || scope.ownerId === userId)
}

/**
 * An order by its id, or by serial number or thumbprint of its primary certificate: hexadecimal in any letter case,
 * with or without colons and leading zeros. Duplicates and former certificates do not lead to it.
 *
 * @throws Fault object_unknown, also for an order out of sight
 */
export function* findOrder(
  view: Pick<View, 'collection'>,
  seeker: OrderSeeker,
  reference: string,
): Program<Order> {
  const order = yield* referredOrder(view, seeker, reference.trim())
  if (order === undefined || !seesOrder(seeker, order)) throw new Fault('object_unknown', { object: 'order' })
  return order
}

function* referredOrder(
  view: Pick<View, 'collection'>,
  { account }: OrderSeeker,
  reference: string,
): Program<Order | undefined> {
  const found = view.collection(orders)
  if (id.test(reference)) return yield* found.byId(account.id, Number(reference))
  const digits = hexDigits(reference)
  if (digits === undefined) return undefined
  const [bySerialNumber] = yield* found.withValue(account.id, 'serial_number', serialNumberOf(digits), 1)
  if (bySerialNumber !== undefined || digits.length !== thumbprintDigits) return bySerialNumber
  const [byThumbprint] = yield* found.withValue(account.id, 'thumbprint', digits, 1)
  return byThumbprint
}

type CertificateView = Pick<View, 'collection' | 'certificates' | 'runtime'>

/** A certificate with the order it belongs to. */
export interface FoundCertificate {
  readonly order: Order
  readonly certificate: OrderCertificate
}

/**
 * A certificate of an order by its id or its serial number, written as for `findOrder`: primary, former or duplicate.
 *
 * @throws Fault object_unknown, also for a certificate out of sight
 */
export function* findOrderCertificate(
  view: CertificateView,
  seeker: OrderSeeker,
  identifier: string,
): Program<FoundCertificate> {
  const certificate = yield* referredCertificate(view, seeker, identifier.trim())
  const order =
    certificate === undefined
      ? undefined
      : yield* view.collection(orders).byId(seeker.account.id, certificate.orderId)
  if (certificate === undefined || order === undefined || !seesOrder(seeker, order)) {
    throw new Fault('object_unknown', { object: 'certificate' })
  }
  return { order, certificate }
}

function* referredCertificate(
  view: CertificateView,
  { account }: OrderSeeker,
  identifier: string,
): Program<OrderCertificate | undefined> {
  const found = view.collection(orderCertificates)
  if (id.test(identifier)) return yield* found.byId(account.id, Number(identifier))
  const digits = hexDigits(identifier)
  if (digits === undefined) return undefined
  const stored = serialNumberOf(digits)
  if (stored.length > serialDigits) return undefined
  const serialNumber = Buffer.from(stored, 'hex')
  const operator = yield* view.runtime.setting('operator-account')
  const issuers = operator === undefined ? [account.id] : [account.id, accountId(Number(operator))]
  for (const issued of yield* view.certificates.withSerialNumber(account.id, issuers, serialNumber)) {
    const [certificate] = yield* found.anyBetween('issued_certificate_id', issued, issued, 0, 1)
    if (certificate?.accountId === account.id) return certificate
  }
  return undefined
}

function hexDigits(text: string): string | undefined {
  const digits = text.replaceAll(':', '').toUpperCase()
  return hexadecimal.test(digits) ? digits : undefined
}

/** As it is stored: a caller who took it for a number lost the zeros it begins with. */
function serialNumberOf(digits: string): string {
  return digits.replace(/^0+/, '').padStart(serialDigits, '0')
}

/** A serial number as lists compare it; a text that is none stays as it is and is found nowhere. */
export function storedSerialNumber(text: string): string {
  const digits = hexDigits(text.trim())
  return digits === undefined ? text : serialNumberOf(digits)
}
