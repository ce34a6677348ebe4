import { parseCertificate } from '../../pki/certificate.ts'
import { parseSubjectAltName } from '../../pki/extensions/alternative-names.ts'
import { findExtension } from '../../pki/extensions/extension.ts'
import { oids } from '../../pki/oids.ts'
import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import { certificateDerOf, certificateOf } from '../certificates/certificate-of.ts'
import { nameRequests } from '../certificates/requested-names.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { OnceBinding } from '../limits/once.ts'
import type { CertificateProfile } from './certificate-profile.ts'
import type { EnrollmentPromise } from './enrollment-claim.ts'
import { type InventoryCertificate, inventory } from './inventory.ts'
import { issueFromProfile } from './issue-certificate.ts'
import type { Lifetime } from './lifetime.ts'
import { seats } from './seat.ts'

export interface RenewalRequest {
  /** DER; undefined where the key is made here. */
  readonly csr: Uint8Array | undefined
  readonly lifetime: Lifetime | undefined
  readonly comment: string
  /** What an enrollment promised, when one was approved. */
  readonly promise?: EnrollmentPromise
}

const dayMs = 86_400_000

/**
 * What is renewed is valid: no way leads past a suspension.
 * @throws Fault renewal_too_early; ended for a certificate that is revoked, suspended or over, or was issued elsewhere
 */
export function requireRenewable(
  { renewalWindowDays }: Pick<CertificateProfile, 'renewalWindowDays'>,
  { status, certificateId, notAfter }: InventoryCertificate,
  now: Instant,
): void {
  // Its last second counts to its end (RFC 5280 section 4.1.2.5).
  const isOver = now >= notAfter + 1_000
  if (status !== 'issued' || certificateId === null || isOver)
    throw new Fault('ended', { what: 'certificate' })
  const from = notAfter - renewalWindowDays * dayMs
  if (now < from) throw new Fault('renewal_too_early', { from: new Date(from).toISOString() })
}

/**
 * Issues a certificate with the subject and names of an earlier one, over a new key, within the renewal window of its
 * profile. The earlier one stays valid to its end.
 *
 * @throws Fault renewal_too_early; ended for a certificate that is revoked, suspended or over; what
 *   `issueFromProfile` raises
 */
export async function renewFromProfile(
  engine: Engine,
  member: Member,
  profile: CertificateProfile,
  item: InventoryCertificate,
  { csr, lifetime, comment, promise }: RenewalRequest,
  caller: Caller,
  binding: OnceBinding,
): Promise<InventoryCertificate> {
  const { certificateId, seatId } = item
  if (certificateId === null) throw new Fault('ended', { what: 'certificate' })
  requireRenewable(profile, item, engine.clock.now())
  const record = await certificateOf(engine, member.account.id, certificateId)
  const { authority, seat } = await engine.store.read(function* (view) {
    return {
      authority: yield* view.authorities.byId(record.authorityId),
      seat: seatId === null ? undefined : yield* view.collection(seats).byId(item.accountId, seatId),
    }
  })
  if (authority === undefined) throw new Fault('authority_unusable', {})
  const { subject, extensions } = parseCertificate(certificateDerOf(record, authority))
  const alternativeNames = findExtension(extensions, oids.subjectAltName)
  return await issueFromProfile(
    engine,
    member,
    // The one that is renewed is no duplicate of itself.
    { ...profile, allowsDuplicates: true },
    {
      seat: {
        seatId: seat?.seatId ?? item.commonName,
        name: seat?.name ?? item.commonName,
        email: seat?.email ?? '',
        phone: seat?.phone ?? '',
      },
      csr,
      subject: subject.map(({ type, value }) => ({ type, value, parameter: 'subject' })),
      names:
        alternativeNames === undefined
          ? []
          : nameRequests(parseSubjectAltName(alternativeNames.value), 'subjectAltName'),
      lifetime,
      tags: item.tags,
      ownerIds: item.ownerIds,
      customAttributes: item.customAttributes,
      ...promise,
      *whileReserving(transaction) {
        // It may have been revoked since.
        const held = yield* transaction.collection(inventory).hold(item.accountId, item.id)
        requireRenewable(profile, held ?? item, engine.clock.now())
        if (promise?.whileReserving !== undefined) yield* promise.whileReserving(transaction)
      },
      *whileRecording(transaction, renewed) {
        if (promise?.whileRecording !== undefined) yield* promise.whileRecording(transaction, renewed)
        if (comment !== '') yield* transaction.collection(inventory).replace({ ...renewed, notes: comment })
      },
    },
    caller,
    binding,
  )
}
