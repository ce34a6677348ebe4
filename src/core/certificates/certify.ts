import { hash, type KeyObject } from 'node:crypto'
import { verifySignature } from '../../pki/algorithms.ts'
import { parseCertificate } from '../../pki/certificate.ts'
import { assembleCertificate } from '../../pki/certificate-template.ts'
import type { Caller } from '../audit/caller.ts'
import type { Action, Event } from '../audit/event.ts'
import type { CertificateId, Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault, isFault } from '../faults.ts'
import type { Signer } from '../keys/key-service.ts'
import { newSerialNumber } from '../policy/serial-number.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import type { Reservation } from './certificate.ts'
import { noteTold } from './refused-wish.ts'

/** What the signer of a certificate is checked with. */
export interface Certifier {
  readonly signer: Signer
  readonly publicKey: KeyObject
}

/** One certificate to be made, all decisions taken. */
export interface Certification {
  readonly certifier: Certifier
  readonly reservation: Omit<Reservation, 'serialNumber' | 'attempt' | 'tbsDer' | 'createdAt'>
  /** DER of the subjectPublicKeyInfo inside. */
  readonly spkiDer: Uint8Array
  readonly tbs: (serialNumber: Uint8Array) => Uint8Array
  /** Judges the exact bytes to be signed; a text for each defect. */
  readonly lint: (tbsDer: Uint8Array, serialNumber: Uint8Array) => readonly string[]
  /** Runs in the transaction of the reservation and may refuse it: last checks, limits, key records. */
  readonly whileReserving?: (transaction: Transaction) => Program<void>
  /** Runs in the transaction that records the certificate. */
  readonly whileRecording?: (
    transaction: Transaction,
    certified: Omit<Certified, 'issuedAt'>,
  ) => Program<void>
  /** Facts for the audit log, beside those every certificate has. */
  readonly detail?: Event['detail']
}

/** A certificate that is durable and may be answered with. */
export interface Certified {
  readonly id: CertificateId
  readonly serialNumber: Uint8Array
  readonly certificateDer: Uint8Array
  readonly issuedAt: Instant
}

interface Signed {
  readonly certificateDer: Uint8Array
  readonly signature: Uint8Array
}

interface Attempt {
  readonly id: CertificateId
  readonly bytes: Uint8Array
  readonly serialNumber: Uint8Array
  readonly tbsDer: Uint8Array
}

/** With 120 random bits a second drawing means that the random source repeats itself. */
const SERIAL_DRAWINGS = 3

/**
 * Reserves, lints, signs, verifies and records one certificate, in this order, so that no signature exists
 * without a durable record of its bytes and none is answered before it is recorded. Whatever fails before the
 * signature burns the serial number; whatever fails from then on closes it for good.
 *
 * @throws Fault lint_failed, certificate_too_large, signing_refused, issuance_uncertain, key_compromised; what
 *   `whileReserving` refuses; store faults
 */
export async function certify(engine: Engine, job: Certification, caller: Caller): Promise<Certified> {
  await engine.stopAt?.('issue.before-reserve')
  const attempt = await reserve(engine, job, caller)
  await engine.stopAt?.('issue.reserved')
  const refusal = refusalOf(engine, job, attempt)
  if (refusal !== undefined) {
    await end(engine, job, attempt, 'aborted', caller, refusal.code)
    noteTold(refusal)
    throw refusal
  }
  await engine.stopAt?.('issue.linted')
  const signed = await sign(engine, job, attempt, caller)
  await engine.stopAt?.('issue.verified')
  const issuedAt = await recordOrClose(engine, job, attempt, signed, caller)
  await engine.stopAt?.('issue.recorded')
  const { id, serialNumber } = attempt
  return { id, serialNumber, certificateDer: signed.certificateDer, issuedAt }
}

async function reserve(engine: Engine, job: Certification, caller: Caller): Promise<Attempt> {
  for (let drawing = 0; drawing < SERIAL_DRAWINGS; drawing++) {
    const serialNumber = newSerialNumber(engine.random)
    const bytes = engine.random.bytes(16)
    const tbsDer = job.tbs(serialNumber)
    const id = await engine.store.write(function* (transaction) {
      const now = engine.clock.now()
      engine.signingGate.admit(now)
      if (job.whileReserving !== undefined) yield* job.whileReserving(transaction)
      const id = yield* transaction.certificates.reserve({
        ...job.reservation,
        serialNumber,
        attempt: bytes,
        tbsDer,
        createdAt: now,
      })
      if (id !== undefined) {
        transaction.record(
          eventOf(job, id, 'certificate.reserved', now, caller, reservationFacts(job, tbsDer)),
        )
      }
      return id
    })
    if (id !== undefined) return { id, bytes, serialNumber, tbsDer }
    engine.log.error({ authority: job.reservation.authorityId }, 'a drawn serial number was in use already')
  }
  throw new Fault('store_failed', {})
}

function refusalOf(engine: Engine, job: Certification, attempt: Attempt): Fault | undefined {
  const maximum = engine.settings.maximumCertificateBytes
  if (attempt.tbsDer.length > maximum) {
    return new Fault('certificate_too_large', { bytes: attempt.tbsDer.length, maximum })
  }
  const findings = job.lint(attempt.tbsDer, attempt.serialNumber)
  return findings.length === 0 ? undefined : new Fault('lint_failed', { findings })
}

/** Signs once and looks at the result as a stranger would before anyone gets it. */
async function sign(engine: Engine, job: Certification, attempt: Attempt, caller: Caller): Promise<Signed> {
  const { signer, publicKey } = job.certifier
  try {
    const signing = signer.sign(attempt.tbsDer)
    const signature = signing instanceof Promise ? await signing : signing
    await engine.stopAt?.('issue.signed')
    if (!verifySignature(signer.algorithm, publicKey, attempt.tbsDer, signature)) {
      throw new Error('the signature does not verify under the key of the CA')
    }
    const certificateDer = assembleCertificate(attempt.tbsDer, signer.algorithm, signature)
    const parsed = parseCertificate(certificateDer)
    if (Buffer.compare(parsed.tbsDer, attempt.tbsDer) !== 0) throw new Error('other bytes than were reserved')
    if (Buffer.compare(parsed.spki.der, job.spkiDer) !== 0) throw new Error('another key than was checked')
    return { certificateDer, signature }
  } catch (cause) {
    engine.log.error({ certificate: attempt.id, cause }, 'a reserved certificate could not be signed soundly')
    await end(engine, job, attempt, 'closed', caller, 'signing')
    throw new Fault('issuance_uncertain', {}, { cause })
  }
}

/**
 * Stores the signed bytes; a store that was busy or full is asked once more. What is refused for good closes the
 * row. Where nobody knows what became of the transaction the row may stay reserved, and recovery closes it: a second
 * signature is made in no case.
 */
async function recordOrClose(
  engine: Engine,
  job: Certification,
  attempt: Attempt,
  signed: Signed,
  caller: Caller,
): Promise<Instant> {
  try {
    return await record(engine, job, attempt, signed, caller)
  } catch (cause) {
    if (isFault(cause, 'store_busy') || isFault(cause, 'store_full')) {
      return record(engine, job, attempt, signed, caller)
    }
    if (isFault(cause, 'store_failed') || isFault(cause, 'issuance_uncertain')) throw cause
    const refused = isFault(cause)
    if (!refused)
      engine.log.error({ certificate: attempt.id, cause }, 'a signed certificate could not be stored')
    await end(engine, job, attempt, 'closed', caller, refused ? cause.code : 'recording')
    if (!refused) throw new Fault('issuance_uncertain', {}, { cause })
    noteTold(cause)
    throw cause
  }
}

async function record(
  engine: Engine,
  job: Certification,
  attempt: Attempt,
  signed: Signed,
  caller: Caller,
): Promise<Instant> {
  const { certificateDer, signature } = signed
  const { id, serialNumber, bytes } = attempt
  return await engine.store.write(function* (transaction) {
    const now = engine.clock.now()
    const [isOwn] = yield* transaction.together(
      transaction.certificates.complete(id, bytes, signature, now),
      recordRest(transaction, job, { id, serialNumber, certificateDer }, now),
    )
    // Somebody closed the reservation meanwhile; the certificate exists and must not be released.
    if (!isOwn) throw new Fault('issuance_uncertain', {})
    transaction.record(
      eventOf(job, attempt.id, 'certificate.issued', now, caller, {
        sha256: hash('sha256', certificateDer, 'hex'),
      }),
    )
    return now
  })
}

/** @throws Fault key_compromised, certificate_superseded; what `whileRecording` refuses */
function* recordRest(
  transaction: Transaction,
  { reservation, whileRecording }: Certification,
  certificate: Omit<Certified, 'issuedAt'>,
  now: Instant,
): Program<void> {
  const { spkiDigest, supersedes } = reservation
  const rest = whileRecording?.(transaction, certificate) ?? nothing()
  if (supersedes === null) {
    yield* transaction.together(refuseBlocked(transaction, spkiDigest), rest)
    return
  }
  yield* refuseBlocked(transaction, spkiDigest)
  const first = yield* transaction.certificates.supersede(supersedes, certificate.id, now)
  // What hangs on a certificate that was superseded already has changed too, and would be refused for that.
  if (!first) throw new Fault('certificate_superseded', {})
  yield* rest
}

/** Whoever proved the key to be compromised meanwhile did not see this certificate among its siblings. */
function* refuseBlocked(transaction: Transaction, spkiDigest: Uint8Array): Program<void> {
  if (yield* transaction.status.keyBlocked(spkiDigest)) throw new Fault('key_compromised', {})
}

function* nothing(): Program<void> {}

async function end(
  engine: Engine,
  job: Certification,
  attempt: Attempt,
  state: 'aborted' | 'closed',
  caller: Caller,
  reason: string,
): Promise<void> {
  await engine.store.write(function* (transaction) {
    if (!(yield* transaction.certificates.end(attempt.id, state))) return
    if (state === 'closed') yield* transaction.status.markCrlDue(job.reservation.authorityId)
    const now = engine.clock.now()
    transaction.record(eventOf(job, attempt.id, `certificate.${state}`, now, caller, { reason }))
  })
}

function reservationFacts(job: Certification, tbsDer: Uint8Array): Event['detail'] {
  const { authorityId, profile, origin, name, csrDer, supersedes } = job.reservation
  return {
    authority: authorityId,
    profile,
    origin,
    name,
    supersedes,
    tbsSha256: hash('sha256', tbsDer, 'hex'),
    csrSha256: csrDer === null ? null : hash('sha256', csrDer, 'hex'),
    ...job.detail,
  }
}

function eventOf(
  job: Certification,
  id: CertificateId,
  action: Action,
  at: Instant,
  caller: Caller,
  detail: Event['detail'],
): Event {
  return {
    action,
    at,
    actor: caller.actor,
    accountId: job.reservation.accountId,
    object: `certificate:${id}`,
    requestId: caller.requestId,
    detail,
  }
}
