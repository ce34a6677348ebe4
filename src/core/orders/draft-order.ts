import type { AuthorityRecord } from '../authorities/authority.ts'
import { authorityByCaCertId } from '../authorities/ca-cert-id.ts'
import type { Issuer } from '../authorities/issuer.ts'
import type { PublicHierarchyOptions } from '../authorities/public-hierarchy.ts'
import type { Instant } from '../brand.ts'
import {
  checkEmailDomains,
  checkOrderDomains,
  type OrderDomainsWish,
} from '../domains/check-order-domains.ts'
import { chooseApprovers } from '../domains/order-control.ts'
import type { ChosenApprover } from '../domains/order-control-record.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { Step } from '../faults-together.ts'
import { checkPayment, defaultPaymentMethod, priceOf } from '../finance/charge-order.ts'
import type { Cents } from '../finance/money.ts'
import { checkCustomFieldValues } from '../identity/custom-field-values.ts'
import type { Principal } from '../identity/principal.ts'
import { checkMethod } from '../products/names/check-method.ts'
import { allowedAuthorities, orderAuthority } from '../products/order-authority.ts'
import type { LeafProfile } from '../profiles/profile.ts'
import { parameters } from './certificate-subject.ts'
import { checkOrderCsr, keptCsr, orderCsrDer } from './check-order-csr.ts'
import type { DraftFacts } from './draft-facts.ts'
import { profileOf } from './issue-order-certificate.ts'
import { newRequest } from './open-request.ts'
import type { OrderContent, ValidityWish } from './order.ts'
import { type OrderedNames, orderedNames } from './order-names.ts'
import type { OrderWish } from './order-wish.ts'
import { certificateValidity, orderPeriod } from './validity.ts'

/** An order that may be placed: everything it names is known, and its certificate could be issued once it is ready. */
export interface OrderDraft extends DraftFacts {
  readonly profile: LeafProfile
  readonly authority: AuthorityRecord
  readonly content: OrderContent
  /** Of the CSR; null without one. */
  readonly csrDer: Uint8Array | null
  readonly paymentMethod: string
  readonly price: Cents
  readonly approvers: readonly ChosenApprover[]
  /** Of an order that is issued at once: names that nobody has looked up among the account's domains yet. */
  readonly namesToJudge: OrderDomainsWish | null
  /** Epoch of the configuration that facts were remembered of; undefined: all of them were read for this order. */
  readonly epoch: number | undefined
}

/** What an order is judged by, remembered or read for it. */
export interface KnownFacts extends Pick<OrderDraft, 'epoch'> {
  readonly facts: DraftFacts
}

/**
 * Judges an order step by step, each step whole before the next: what it names, its product, its names, its CSR, its
 * custom fields, its payment.
 *
 * @param when `later` leaves the domains of an order that is issued at once to the transaction that goes on with it
 * @throws Fault, or Faults when one step finds several: every code about orders but those of CAA
 */
export async function judgeOrder(
  engine: Engine,
  principal: Principal,
  wish: OrderWish,
  now: Instant,
  options: PublicHierarchyOptions,
  { facts, epoch }: KnownFacts,
  when: 'now' | 'later',
): Promise<OrderDraft> {
  const { profile, authority, issuer } = await judgeProduct(engine, wish, facts, now, options)
  // The account's own CA judges the key when it issues, at once or never: once is enough.
  const isKeyJudgedLater = isIssuedAtOnce(wish, principal, facts, now)
  const judged = { profile, authority, issuer, domains: isKeyJudgedLater ? when : 'now' }
  const { names, approvers, namesToJudge } = await judgeNames(engine, wish, facts, judged, now)
  const { csr } = wish.certificate
  const csrDer = csr === null ? null : orderCsrDer(facts.product, csr, wish.provisioning)
  const content = contentOf(wish, facts, authority, names, csrDer)
  const judgeKey = async () => {
    if (csrDer !== null) await checkOrderCsr(engine, issuer, csrDer)
  }
  if (!isKeyJudgedLater) await judgeKey()
  try {
    checkCustomFieldValues(facts.fields, wish.customFields)
    const { paymentMethod, price } = await judgePayment(engine, wish, facts)
    return {
      policy: facts.policy,
      container: facts.container,
      organization: facts.organization,
      isOrganizationReady: facts.isOrganizationReady,
      product: facts.product,
      renewed: facts.renewed,
      fields: facts.fields,
      contacts: facts.contacts,
      hasWebhook: facts.hasWebhook,
      hasDomains: facts.hasDomains,
      profile,
      authority,
      content,
      csrDer,
      paymentMethod,
      price,
      approvers,
      namesToJudge,
      epoch,
    }
  } catch (error) {
    // The key comes before what failed here, and is told first.
    if (isKeyJudgedLater) await judgeKey()
    throw error
  }
}

/** Whether the certificate of a private product is issued within the call. */
function isIssuedAtOnce(
  wish: OrderWish,
  principal: Principal,
  { product, policy, organization }: DraftFacts,
  at: Instant,
): boolean {
  if (product.issuer !== 'account' || wish.alternativeOrderId !== null) return false
  // Its holder may have to confirm a mailbox first.
  if (product.names.of === 'emails') return false
  const { skipApproval } = wish
  const asked = { principal, policy, product, organization, type: 'new_request', skipApproval } as const
  return newRequest({ ...asked, comments: '', at }).status === 'approved'
}

interface Judged {
  readonly profile: LeafProfile
  readonly authority: AuthorityRecord
  readonly issuer: Issuer
}

async function judgeProduct(
  engine: Engine,
  wish: OrderWish,
  facts: DraftFacts,
  now: Instant,
  options: PublicHierarchyOptions,
): Promise<Judged> {
  const { product, policy } = facts
  const step = new Step()
  step.check(() => checkPeriod(wish, facts, now))
  step.check(() => checkTransparency(wish, facts))
  const profile = step.check(() => profileOf(product, wish.certificate))
  const authority = await step.checkLater(() => authorityOf(engine, wish, facts, options))
  if (profile !== undefined) step.check(() => checkCertificatePeriod(engine, wish, facts, profile, now))
  step.end()
  if (profile === undefined || authority === undefined)
    throw new TypeError('a check that failed raised nothing')
  const issuer = await engine.directory.issuer(authority.id)
  if (product.issuer === 'account' && !policy.privateCa) throw new Fault('private_authority_absent', {})
  return { profile, authority, issuer }
}

/** @throws Fault expiration_choice_not_allowed, parameter_invalid */
function checkPeriod(
  { validity, validityParameter }: OrderWish,
  { product, policy }: DraftFacts,
  now: Instant,
): void {
  orderPeriod(validity, { product, policy, now, parameter: validityParameter })
}

/** @throws Fault order_validity_exceeded, parameter_invalid */
function checkCertificatePeriod(
  { settings }: Pick<Engine, 'settings'>,
  wish: OrderWish,
  { product, policy }: DraftFacts,
  profile: LeafProfile,
  now: Instant,
): void {
  const { validity } = wish.certificate
  if (validity === null) return
  const parameter = wish.validityParameter
  const { validUntil } = orderPeriod(wish.validity, { product, policy, now, parameter })
  certificateValidity(validity, {
    product,
    profile,
    now,
    backdateMs: settings.backdateMs,
    validUntil,
    parameter: 'certificate.cert_validity',
  })
}

/** @throws Fault ct_off, ct_choice_not_allowed */
function checkTransparency({ disableCt }: OrderWish, { policy }: DraftFacts): void {
  if (disableCt === null) return
  if (!policy.certificateTransparency) throw new Fault('ct_off', {})
  if (!policy.ctChoicePerOrder) throw new Fault('ct_choice_not_allowed', {})
}

/** @throws Fault private_authority_absent, authority_choice_missing, authority_choice_invalid */
async function authorityOf(
  engine: Engine,
  { certificate: { caCertId } }: OrderWish,
  { policy, product }: DraftFacts,
  options: PublicHierarchyOptions,
): Promise<AuthorityRecord> {
  if (caCertId === null) return orderAuthority(engine, policy, product, null, options)
  const allowed = await allowedAuthorities(engine, policy, product, options)
  if (allowed.length === 0) throw new Fault('private_authority_absent', {})
  const chosen = authorityByCaCertId(allowed, caCertId)
  if (chosen === undefined) throw new Fault('authority_choice_invalid', {})
  return chosen
}

async function judgeNames(
  engine: Engine,
  { certificate, method, approvers }: OrderWish,
  { product, policy, container, organization, hasDomains }: DraftFacts,
  { profile, authority, issuer, domains }: Judged & { readonly domains: 'now' | 'later' },
  now: Instant,
): Promise<Pick<OrderDraft, 'approvers' | 'namesToJudge'> & { readonly names: OrderedNames }> {
  const names = orderedNames(engine, certificate, { product, profile, issuer })
  const { strictness } = authority
  const step = new Step()
  const accountId = policy.accountId
  let namesToJudge: OrderDomainsWish | null = null
  if (product.names.of === 'hosts') {
    step.check(() =>
      checkMethod(
        product.issuer === 'installation' ? method : null,
        names.dnsNames.map((value, place) => ({ value, parameter: parameters.dnsName(place) })),
        'dcv_method',
      ),
    )
    const wish = { accountId, container, policy, names: names.dnsNames, strictness, hasDomains, now }
    if (domains === 'later') namesToJudge = wish
    else await step.checkLater(() => engine.store.read((view) => checkOrderDomains(view, wish)))
  }
  if (product.names.of === 'emails' && product.organization !== null && product.issuer === 'installation') {
    const organizationId = organization?.id ?? null
    const wish = { accountId, organizationId, emails: names.emails, now }
    await step.checkLater(() => engine.store.read((view) => checkEmailDomains(view, wish)))
  }
  const chosen =
    approvers.length === 0
      ? []
      : await step.checkLater(() => chooseApprovers(engine, names.dnsNames, approvers))
  step.end()
  return { names, approvers: chosen ?? [], namesToJudge }
}

function contentOf(
  { certificate, product: listed }: OrderWish,
  { product, organization }: DraftFacts,
  authority: AuthorityRecord,
  names: OrderedNames,
  csrDer: Uint8Array | null,
): OrderContent {
  const { caCertId } = certificate
  const [email = ''] = names.emails
  const limited = product.maximumLifetimeDays < listed.maximumLifetimeDays
  return {
    ...names,
    commonName: commonNameOf(names.commonName, product.subject, email, organization?.name ?? ''),
    csr: csrDer === null || certificate.csr === null ? null : keptCsr(csrDer, certificate.csr),
    signatureHash: certificate.signatureHash ?? product.signatureHashes[0],
    serverPlatformId: certificate.serverPlatformId,
    organizationUnits: certificate.organizationUnits,
    authorityId: caCertId === null ? null : authority.id,
    validity: certificate.validity,
    mostDays: limited ? product.maximumLifetimeDays : null,
    profileOption: certificate.profileOption,
    mail: certificate.mail,
  }
}

/** What lists show, where the order says nothing: the mailbox, or the organization. */
function commonNameOf(written: string, subject: string, email: string, organization: string): string {
  if (subject === 'mailbox') return email
  return written === '' ? organization || email : written
}

/** @throws Fault payment_method_refused, funds_insufficient */
async function judgePayment(
  engine: Engine,
  { validity, paymentMethod }: OrderWish,
  { policy, product, container }: DraftFacts,
): Promise<Pick<OrderDraft, 'paymentMethod' | 'price'>> {
  const price = priceOf(policy, product.nameId, yearsOf(validity, engine.clock.now()))
  const method = paymentMethod ?? defaultPaymentMethod(policy)
  const payment = { policy, containerId: container.id, method, price }
  await engine.store.read((view) => checkPayment(view, payment))
  return { paymentMethod: method, price }
}

const dayMs = 86_400_000
const daysOfYear = 365.25

function yearsOf(validity: ValidityWish, now: Instant): number {
  if ('years' in validity) return validity.years
  const days = 'days' in validity ? validity.days : (Date.parse(validity.date) - now) / dayMs + 1
  return days / daysOfYear
}
