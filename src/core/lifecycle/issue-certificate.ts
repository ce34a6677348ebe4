import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import { checkIssueRequest, issueCertificate } from '../certificates/issue.ts'
import type { KeySource } from '../certificates/issue-request.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { OnceBinding } from '../limits/once.ts'
import type { NameRequest } from '../policy/names/name-request.ts'
import type { AttributeRequest } from '../policy/names/subject.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { type BusinessUnit, businessUnits } from './business-unit.ts'
import type { CertificateProfile } from './certificate-profile.ts'
import { checkKeyKind } from './check-key-kind.ts'
import { type InventoryCertificate, inventory } from './inventory.ts'
import { endOfLifetime, type Lifetime } from './lifetime.ts'
import { newItem } from './new-item.ts'
import { findSeat, requireSeat, type SeatRequest, takeSeat } from './take-seat.ts'
import { type LifecycleTemplate, lifecycleTemplate } from './templates.ts'

/** A wish for a certificate of a profile. */
export interface ProfileRequest {
  readonly seat: Omit<SeatRequest, 'seatType'>
  /** DER; undefined where the key is made here. */
  readonly csr: Uint8Array | undefined
  readonly subject: readonly AttributeRequest[]
  readonly names: readonly NameRequest[]
  /** Counts where the profile lets a request say it. */
  readonly lifetime: Lifetime | undefined
  /** What somebody who decides on requests granted; counts whatever profile and request say. */
  readonly grantedLifetime?: Lifetime
  readonly tags: readonly string[]
  readonly ownerIds: readonly number[]
  readonly customAttributes: InventoryCertificate['customAttributes']
  readonly enrollmentId?: number
  /** Joins the transaction that reserves the serial number. */
  readonly whileReserving?: (transaction: Transaction) => Program<void>
  /** Joins the transaction that makes the certificate count. */
  readonly whileRecording?: (transaction: Transaction, item: InventoryCertificate) => Program<void>
}

const duplicateLeaseMs = 60_000

/**
 * Issues a certificate by the rules of a profile, to a seat that is made when it is not there, and puts it into the
 * inventory.
 *
 * @param profile visible to the member
 * @throws Fault certificate_profile_refused, certificate_duplicate, seats_exhausted, business_unit_unknown,
 *   parameter_missing (`csr`); what `issueCertificate` raises
 */
export async function issueFromProfile(
  engine: Engine,
  { account }: Pick<Member, 'account'>,
  profile: CertificateProfile,
  request: ProfileRequest,
  caller: Caller,
  binding: OnceBinding,
): Promise<InventoryCertificate> {
  const template = usableTemplate(profile)
  const unit = await engine.store.read((view) =>
    view.collection(businessUnits).byId(account.id, profile.businessUnitId),
  )
  if (unit?.isActive !== true) throw new Fault('business_unit_unknown', {})
  const seat: SeatRequest = { ...request.seat, seatType: template.seatType }
  const key = keySourceOf(profile, request)
  const wished = profile.overridesLifetime ? request.lifetime : undefined
  const lifetime = request.grantedLifetime ?? wished ?? profile.lifetime
  const duplicates = profile.allowsDuplicates
    ? undefined
    : new DuplicateClaim(engine, unit, seat, profile, commonNameOf(request))
  let item: InventoryCertificate | undefined
  try {
    await issueCertificate(
      engine,
      {
        accountId: account.id,
        authorityId: profile.authorityId,
        profile: template.leafProfile,
        origin: 'one',
        key,
        names: request.names,
        subject: request.subject,
        notAfter: endOfLifetime(engine.clock.now() - engine.settings.backdateMs, lifetime),
        *whileReserving(transaction) {
          if (request.whileReserving !== undefined) yield* request.whileReserving(transaction)
          if (duplicates !== undefined) yield* duplicates.claim(transaction)
          // The seat is made with the certificate; a refusal then would come after the signature.
          yield* requireSeat(transaction, unit, seat)
        },
        *whileRecording(transaction, issued) {
          const at = engine.clock.now()
          const taken = yield* takeSeat(transaction, unit, seat, at)
          const made = yield* newItem(transaction, account.id, issued.certificateDer, at, {
            source: 'issued',
            certificateId: issued.id,
            authorityId: issued.authority.id,
            profileId: profile.id,
            seatId: taken.id,
            seatType: taken.seatType,
            businessUnitId: unit.id,
            enrollmentId: request.enrollmentId ?? null,
            tags: request.tags,
            ownerIds: request.ownerIds,
            customAttributes: request.customAttributes,
          })
          yield* transaction.collection(inventory).insert(made)
          if (request.whileRecording !== undefined) yield* request.whileRecording(transaction, made)
          yield* binding.bind(transaction, { inventoryId: made.id })
          item = made
        },
      },
      caller,
    )
  } finally {
    await duplicates?.release()
  }
  if (item === undefined) throw new Fault('issuance_uncertain', {})
  return item
}

/**
 * Judges a request that somebody decides on before it is issued: what is wrong with its key, names or subject would
 * be wrong then, and only who asks can mend it.
 *
 * @throws Fault certificate_profile_refused, parameter_missing (`csr`); what `checkIssueRequest` raises
 */
export async function checkProfileRequest(
  engine: Engine,
  { account }: Pick<Member, 'account'>,
  profile: CertificateProfile,
  request: Pick<ProfileRequest, 'csr' | 'names' | 'subject'>,
  caller: Caller,
): Promise<void> {
  const { names, subject } = request
  const { leafProfile } = usableTemplate(profile)
  const key = keySourceOf(profile, request)
  const { authorityId } = profile
  const asked = { accountId: account.id, authorityId, profile: leafProfile, key, names, subject }
  await checkIssueRequest(engine, asked, caller)
}

/**
 * The template of a profile that may be used now.
 * @throws Fault certificate_profile_refused
 */
export function usableTemplate({ status, templateId }: CertificateProfile): LifecycleTemplate {
  if (status !== 'Active') throw refused(`it is ${status.toLowerCase()}`)
  const template = lifecycleTemplate(templateId)
  if (template === undefined) throw refused('its template is gone')
  return template
}

/**
 * Where the key of a request to a profile comes from.
 * @throws Fault key_type_refused, parameter_missing (`csr`); what reading the request raises
 */
export function keySourceOf(profile: CertificateProfile, { csr }: Pick<ProfileRequest, 'csr'>): KeySource {
  if (csr !== undefined) {
    checkKeyKind(csr, profile.keyKinds)
    return { from: 'request', csr }
  }
  const [kind] = profile.keyKinds
  if (!profile.escrowsKeys || kind === undefined) throw new Fault('parameter_missing', { parameter: 'csr' })
  return { from: 'server', kind }
}

function commonNameOf({ subject, names }: ProfileRequest): string {
  const commonName = subject.find(({ parameter }) => parameter.endsWith('common_name'))
  return (commonName ?? names[0])?.value.toLowerCase() ?? ''
}

function refused(reason: string): Fault {
  return new Fault('certificate_profile_refused', { reason })
}

/**
 * Keeps two requests for the same subject and seat from both finding none: whoever claims them looks, and nobody else
 * does until what was issued is in the inventory.
 */
class DuplicateClaim {
  readonly #engine: Engine
  readonly #unit: BusinessUnit
  readonly #seat: SeatRequest
  readonly #profile: CertificateProfile
  readonly #commonName: string
  readonly #holder: string

  constructor(
    engine: Engine,
    unit: BusinessUnit,
    seat: SeatRequest,
    profile: CertificateProfile,
    commonName: string,
  ) {
    this.#engine = engine
    this.#unit = unit
    this.#seat = seat
    this.#profile = profile
    this.#commonName = commonName
    this.#holder = Buffer.from(engine.random.bytes(16)).toString('hex')
  }

  get #name(): string {
    return `seat:${this.#unit.id}:${this.#seat.seatType}:${this.#seat.seatId}`
  }

  /** @throws Fault certificate_duplicate, store_busy while another one issues for the seat */
  *claim(transaction: Transaction): Program<void> {
    const now: Instant = this.#engine.clock.now()
    const ours = yield* transaction.runtime.takeLease(this.#name, this.#holder, now, now + duplicateLeaseMs)
    if (!ours) throw new Fault('store_busy', { retryAfterMs: 1_000 })
    const seat = yield* findSeat(transaction, this.#unit.accountId, {
      businessUnitId: this.#unit.id,
      seatType: this.#seat.seatType,
      seatId: this.#seat.seatId,
    })
    if (seat === undefined) return
    const { total } = yield* transaction.collection(inventory).list({
      accountId: this.#unit.accountId,
      where: [
        { column: 'seat_id', is: 'any-of', values: [seat.id] },
        { column: 'profile_id', is: 'any-of', values: [this.#profile.id] },
        { column: 'common_name', is: 'any-of', values: [this.#commonName] },
        { column: 'status', is: 'none-of', values: ['revoked'] },
        { column: 'not_after', is: 'between', from: now },
      ],
      offset: 0,
      limit: 1,
    })
    if (total > 0) throw new Fault('certificate_duplicate', {})
  }

  /** A claim that cannot be given back ends by itself; it must not hide what became of the request. */
  async release(): Promise<void> {
    try {
      await this.#engine.store.write((transaction) =>
        transaction.runtime.releaseLease(this.#name, this.#holder),
      )
    } catch (cause) {
      this.#engine.log.warn({ cause }, 'the claim of a seat could not be given back and ends by itself')
    }
  }
}
