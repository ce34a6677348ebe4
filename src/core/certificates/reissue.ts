import { parseCertificate } from '../../pki/certificate.ts'
import { parseSubjectAltName } from '../../pki/extensions/alternative-names.ts'
import { findExtension } from '../../pki/extensions/extension.ts'
import { oids } from '../../pki/oids.ts'
import type { Caller } from '../audit/caller.ts'
import type { AccountId, CertificateId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import type { Origin } from './certificate.ts'
import { certificateDerOf, certificateOf } from './certificate-of.ts'
import { issueCertificate } from './issue.ts'
import type { IssuedCertificate } from './issue-request.ts'
import { tellingRefusal } from './refused-wish.ts'
import { nameRequests } from './requested-names.ts'

/** A wish to have a certificate again. */
export interface Reissue {
  readonly accountId: AccountId
  readonly certificateId: CertificateId
  readonly origin: Origin
  /** Whole days from now; absent: the profile's default. */
  readonly lifetimeDays?: number
  /** Limits of a face, exact in the transaction of the reservation. */
  readonly whileReserving?: (transaction: Transaction) => Program<void>
}

/** Longer than one issuance takes; after a crash the certificate can be reissued when it has passed. */
const CLAIM_MS = 60_000

/**
 * Issues a certificate with the names, subject, profile and key of an earlier one, from now on, and makes it the
 * one that counts. Today's rules are applied to what yesterday's let pass.
 *
 * @throws Fault certificate_unknown, access_denied, certificate_superseded (also while another reissue of it is
 *   under way); what `issueCertificate` raises
 */
export async function reissueCertificate(
  engine: Engine,
  reissue: Reissue,
  caller: Caller,
): Promise<IssuedCertificate> {
  const { accountId, certificateId } = reissue
  const wish = { wish: 'reissue', accountId, object: `certificate:${certificateId}` } as const
  const { certificate, authority } = await tellingRefusal(engine, wish, caller, () =>
    earlierCertificate(engine, accountId, certificateId),
  )
  const parsed = parseCertificate(certificateDerOf(certificate, authority))
  const alternativeNames = findExtension(parsed.extensions, oids.subjectAltName)
  const claim = `reissue:${certificateId}`
  const holder = Buffer.from(engine.random.bytes(16)).toString('hex')
  try {
    return await issueCertificate(
      engine,
      {
        accountId,
        authorityId: certificate.authorityId,
        profile: certificate.profile,
        origin: reissue.origin,
        key: { from: 'certificate', certificate },
        names:
          alternativeNames === undefined
            ? []
            : nameRequests(parseSubjectAltName(alternativeNames.value), 'subjectAltName'),
        subject: parsed.subject.map(({ type, value }) => ({ type, value, parameter: 'subject' })),
        ...(reissue.lifetimeDays === undefined ? {} : { lifetimeDays: reissue.lifetimeDays }),
        supersedes: certificateId,
        *whileReserving(transaction) {
          const now = engine.clock.now()
          // In this order: whoever gets the claim after its last holder gave it back sees what that one committed.
          const free = yield* transaction.runtime.takeLease(claim, holder, now, now + CLAIM_MS)
          const current = yield* transaction.certificates.hold(certificateId)
          if (current?.supersededBy !== null || !free) throw new Fault('certificate_superseded', {})
          if (reissue.whileReserving !== undefined) yield* reissue.whileReserving(transaction)
        },
      },
      caller,
    )
  } finally {
    await releaseClaim(engine, claim, holder)
  }
}

/** What is to be had again, with its CA. */
async function earlierCertificate(engine: Engine, accountId: AccountId, certificateId: CertificateId) {
  const certificate = await certificateOf(engine, accountId, certificateId)
  if (certificate.supersededBy !== null) throw new Fault('certificate_superseded', {})
  const authority = await engine.store.read((view) => view.authorities.byId(certificate.authorityId))
  if (authority === undefined) throw new Fault('authority_unusable', {})
  return { certificate, authority }
}

/** A claim that cannot be given back ends by itself; it must not hide what became of the reissue. */
async function releaseClaim(engine: Engine, claim: string, holder: string): Promise<void> {
  try {
    await engine.store.write((transaction) => transaction.runtime.releaseLease(claim, holder))
  } catch (cause) {
    engine.log.warn({ claim, cause }, 'a claim could not be given back and ends by itself')
  }
}
