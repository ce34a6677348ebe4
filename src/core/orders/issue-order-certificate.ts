import type { Caller } from '../audit/caller.ts'
import type { AuthorityRecord } from '../authorities/authority.ts'
import type { CertificateId, Instant } from '../brand.ts'
import { issueCertificate } from '../certificates/issue.ts'
import type { IssuedCertificate } from '../certificates/issue-request.ts'
import { isClaimInForce } from '../claim.ts'
import type { Engine } from '../engine.ts'
import { Fault, isFault } from '../faults.ts'
import type { Organization } from '../organizations/organization.ts'
import { chooseProfile } from '../products/choose-profile.ts'
import type { Product } from '../products/product.ts'
import type { LeafProfile } from '../profiles/profile.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { tellWebhooks } from '../webhooks/tell-webhooks.ts'
import { alternativeNamesOf, subjectOf } from './certificate-subject.ts'
import type { OrderCertificate, OrderContent } from './order.ts'
import { orderCertificates, orders } from './orders.ts'
import { type OrderAndCertificate, withIssued } from './record-issuance.ts'
import { type CertificateValidity, certificateValidity, type OrderPeriod, orderPeriod } from './validity.ts'

/** Longer than signing takes, slow key stores included. Whoever comes after it has passed tries anew. */
export const CLAIM_MS = 60_000

/** Is another attempt issuing it at this moment? */
export function isBeingIssued({ claim }: Pick<OrderCertificate, 'claim'>, now: Instant): boolean {
  return claim !== null && isClaimInForce(claim.until, now, CLAIM_MS)
}

/** A certificate of an order that everything is ready for: approved, validated, authorised. */
export interface OrderIssuance extends OrderAndCertificate {
  readonly product: Product
  readonly authority: AuthorityRecord
  /** Null where the product names none. */
  readonly organization: Organization | null
  /** The DER of the certificate's CSR, where it has been read already. */
  readonly csrDer?: Uint8Array
  /** The end of the one that a duplicate doubles: it ends then, unless the rules of the day end it earlier. */
  readonly notAfter?: Instant
  /** The engine's certificate that this one takes the place of; it has one successor. */
  readonly supersedes?: CertificateId
}

/** What was issued, and the rows as they are now. */
export interface OrderIssued extends OrderAndCertificate {
  readonly issued: IssuedCertificate
}

/** How an issuance becomes durable. */
export interface IssuanceRecording<Rows extends OrderAndCertificate> {
  /** In the transaction that reserves the serial number. */
  readonly whileReserving?: (transaction: Transaction) => Program<void>
  /** In the transaction that makes the certificate count: stores the rows with it, and tells how they are now. */
  readonly store: (transaction: Transaction, facts: IssuanceFacts) => Program<Rows>
}

/** What rows are made from once the certificate exists. */
export interface IssuanceFacts {
  readonly issued: IssuedCertificate
  readonly period: OrderPeriod
  readonly at: Instant
}

/** Another attempt is issuing this certificate, has issued it, or will with the CSR that it got meanwhile. */
export class IssuanceTaken extends Error {
  constructor() {
    super('another attempt issues this certificate')
    this.name = 'IssuanceTaken'
  }
}

/**
 * Issues a certificate of an order whose rows are stored. An attempt claims the certificate in the transaction that
 * reserves its serial number, and records it only while the claim is its own and the order still wants it: of any
 * number of attempts, in any number of processes, one issues.
 *
 * @throws IssuanceTaken; Fault state_refused when the order was ended meanwhile; what `issueCertificate` raises
 */
export async function issueOrderCertificate(
  engine: Engine,
  issuance: OrderIssuance,
  caller: Caller,
): Promise<OrderIssued> {
  const attempt = Buffer.from(engine.random.bytes(16)).toString('hex')
  const { id, accountId } = issuance.certificate
  try {
    return await signOrderCertificate(engine, issuance, caller, {
      *whileReserving(transaction) {
        const certificate = yield* transaction.collection(orderCertificates).hold(accountId, id)
        const now = engine.clock.now()
        if (certificate?.status !== 'pending') throw new IssuanceTaken()
        if (isBeingIssued(certificate, now)) throw new IssuanceTaken()
        // Whoever gave it another CSR since it was read goes on with that one.
        if (certificate.content.csr !== issuance.certificate.content.csr) throw new IssuanceTaken()
        const claim = { attempt, until: now + CLAIM_MS }
        yield* transaction.collection(orderCertificates).replace({ ...certificate, claim })
      },
      *store(transaction, { issued, period, at }) {
        const rows = yield* heldRows(transaction, issuance)
        if (rows.certificate.status !== 'pending' || rows.certificate.claim?.attempt !== attempt) {
          throw ended('claimed')
        }
        if (!wanting.has(rows.order.status)) throw ended(rows.order.status)
        const stored = withIssued(rows, issued, period, at)
        yield* transaction.collection(orders).replace(stored.order)
        yield* transaction.collection(orderCertificates).replace(stored.certificate)
        yield* tellIssuance(transaction, engine, stored, at, false)
        return stored
      },
    })
  } catch (error) {
    // Where nobody knows what became of the certificate, the claim keeps others away until it has ended.
    const isUncertain = isFault(error, 'store_failed') || isFault(error, 'issuance_uncertain')
    if (!isUncertain && !(error instanceof IssuanceTaken)) await releaseClaim(engine, issuance, attempt)
    throw error
  }
}

/** Tells whoever listens that a certificate was issued. @param isInstant within the call of its order */
export function tellIssuance(
  transaction: Transaction,
  engine: Pick<Engine, 'random'>,
  { order, certificate }: OrderAndCertificate,
  at: Instant,
  isInstant: boolean,
): Program<void> {
  const subject = { accountId: order.accountId, orderId: order.id, certificateId: certificate.id }
  return tellWebhooks(transaction, engine, { ...subject, event: 'certificate_issued', at, isInstant })
}

/** States of an order in which a certificate of it may be issued. */
const wanting: ReadonlySet<string> = new Set([
  'pending',
  'processing',
  'reissue_pending',
  'waiting_pickup',
  'needs_csr',
  'issued',
])

const ended = (state: string): Fault =>
  new Fault('state_refused', { object: 'order', state, parameter: 'status' })

function* heldRows(
  transaction: Transaction,
  { order, certificate }: OrderAndCertificate,
): Program<OrderAndCertificate> {
  const held = {
    order: yield* transaction.collection(orders).hold(order.accountId, order.id),
    certificate: yield* transaction.collection(orderCertificates).hold(order.accountId, certificate.id),
  }
  if (held.order === undefined || held.certificate === undefined) throw ended('deleted')
  return { order: held.order, certificate: held.certificate }
}

async function releaseClaim(
  engine: Engine,
  { certificate: { accountId, id } }: OrderIssuance,
  attempt: string,
): Promise<void> {
  try {
    await engine.store.write(function* (transaction) {
      const certificate = yield* transaction.collection(orderCertificates).hold(accountId, id)
      if (certificate?.claim?.attempt !== attempt) return
      yield* transaction.collection(orderCertificates).replace({ ...certificate, claim: null })
    })
  } catch (cause) {
    engine.log.warn({ certificate: id, cause }, 'the claim on a certificate of an order was not given back')
  }
}

/**
 * Signs a certificate of an order and has it stored by `recording` in the transaction that makes it count. Whoever
 * calls this sees to it that the certificate is issued once.
 *
 * @throws Fault order_validity_exceeded, parameter_invalid; what `issueCertificate` raises
 */
export async function signOrderCertificate<Rows extends OrderAndCertificate>(
  engine: Engine,
  issuance: OrderIssuance,
  caller: Caller,
  recording: IssuanceRecording<Rows>,
): Promise<Rows & Pick<OrderIssued, 'issued'>> {
  const { product, authority, organization, csrDer, order, certificate, supersedes } = issuance
  const { content } = certificate
  if (content.csr === null) throw new Fault('parameter_missing', { parameter: 'certificate.csr' })
  const profile = profileOf(product, content)
  const now = engine.clock.now()
  const period = periodOf(issuance, now)
  const { whileReserving } = recording
  let stored: Rows | undefined
  const issued = await issueCertificate(
    engine,
    {
      accountId: order.accountId,
      authorityId: authority.id,
      ...(product.issuer === 'installation' && { publiclyValidated: true }),
      profile: profile.id,
      origin: 'certcentral',
      key: { from: 'request', csr: csrDer ?? content.csr },
      names: alternativeNamesOf(product, content),
      subject: subjectOf({ product, profile, content, organization }),
      ...validityOf(engine, issuance, profile, period, now),
      ...(supersedes !== undefined && { supersedes }),
      ...(whileReserving && { whileReserving }),
      whileRecording: (transaction, result) =>
        taking(recording.store(transaction, { issued: result, period, at: engine.clock.now() }), (rows) => {
          stored = rows
        }),
    },
    caller,
  )
  if (stored === undefined) throw new TypeError('a certificate was recorded without its order')
  return { ...stored, issued }
}

/** A program that is declared here once: one inside a function is made anew by each call, which every order would pay. */
function* taking<Result>(program: Program<Result>, take: (result: Result) => void): Program<void> {
  take(yield* program)
}

/** The profile of an order's certificates. @throws Fault parameter_invalid */
export function profileOf(
  product: Product,
  { profileOption, mail }: Pick<OrderContent, 'profileOption' | 'mail'>,
): LeafProfile {
  return chooseProfile(
    product,
    {
      ...(profileOption !== null && { option: profileOption }),
      ...(mail?.generation != null && { generation: mail.generation }),
      ...(mail?.usage != null && { usage: mail.usage }),
    },
    'certificate.profile_option',
  )
}

/** An order begins with its first certificate. What its account may choose was judged when it was placed. */
function periodOf({ order, certificate, product }: OrderIssuance, now: Instant): OrderPeriod {
  const { validFrom, validUntil } = order
  if (certificate.kind !== 'original' && validFrom !== null && validUntil !== null) {
    return { validFrom, validUntil }
  }
  const period = orderPeriod(order.validity, {
    product: { ...product, customExpiration: true },
    policy: { customExpirationDates: true },
    now,
    parameter: 'order_validity',
  })
  return withBonus(period, order.renewalBonusMs)
}

/** A renewal lasts longer by what was left of the order before it. */
function withBonus({ validFrom, validUntil }: OrderPeriod, bonusMs: number): OrderPeriod {
  return { validFrom, validUntil: validUntil + bonusMs }
}

/** How long the certificate is: as wished, and never longer than its CA lives or was granted. */
function validityOf(
  engine: Engine,
  { product, authority, certificate, notAfter }: OrderIssuance,
  profile: LeafProfile,
  { validUntil }: OrderPeriod,
  now: Instant,
): CertificateValidity {
  const { validity, mostDays } = certificate.content
  const maximumLifetimeDays = Math.min(
    product.maximumLifetimeDays,
    mostDays ?? Number.POSITIVE_INFINITY,
    authority.grants.maximumLifetimeDays ?? Number.POSITIVE_INFINITY,
  )
  return certificateValidity(notAfter === undefined ? validity : null, {
    product: { maximumLifetimeDays },
    profile,
    now,
    backdateMs: engine.settings.backdateMs,
    // What ends with another certificate may be older than the longest lifetime of today (case V2).
    validUntil: Math.min(notAfter ?? validUntil, authority.notAfter),
    parameter: 'certificate.cert_validity',
  })
}
