import { LRUCache } from 'lru-cache'
import { verifySignature } from '../../pki/algorithms.ts'
import { DerError } from '../../pki/der/errors.ts'
import { PkiError } from '../../pki/errors.ts'
import type { CertId } from '../../pki/ocsp-cert-id.ts'
import { type OcspRequest, parseOcspRequest } from '../../pki/ocsp-request.ts'
import {
  assembleOcspResponse,
  buildResponseData,
  encodeOcspError,
  type OcspCertStatus,
  type OcspErrorStatus,
} from '../../pki/ocsp-response.ts'
import { latin1 } from '../../pki/octet-text.ts'
import type { AuthorityId, Instant } from '../brand.ts'
import type { CertificateStanding } from '../certificates/certificate.ts'
import type { Environment } from '../environment.ts'
import type { Store } from '../store/store.ts'
import { wholeSeconds } from '../whole-seconds.ts'
import type { Responder, Responders } from './responders.ts'

/** An answer to send. */
export interface OcspAnswer {
  readonly der: Uint8Array
  /** Undefined on errors and on answers to requests with a nonce: nobody else may be given them. */
  readonly cacheable: { readonly thisUpdate: Instant; readonly nextUpdate: Instant } | undefined
  /** What was answered, for metrics: the status of the first certificate, or the error. */
  readonly outcome: OcspCertStatus['status'] | OcspErrorStatus
}

/** Answers OCSP requests, RFC 6960. */
export interface OcspService {
  /** Never throws for what is in the request. @throws store faults */
  answer(requestDer: Uint8Array): Promise<OcspAnswer>
  /** Answers given since the last call, by outcome: told to the audit log as an aggregate. */
  takeCounts(): ReadonlyMap<OcspAnswer['outcome'], number>
}

export interface OcspServiceParts extends Pick<Environment, 'clock' | 'log'> {
  readonly store: Store
  readonly responders: Responders
  /** thisUpdate to nextUpdate. */
  readonly validityMs: number
  /** Makes the signer of a CA that has none yet, for whoever asks right after it was made; absent: `tryLater`. */
  readonly renewResponder?: (id: AuthorityId) => Promise<void>
}

/** Signed answers kept: about 1.5 KB each. */
const REMEMBERED_ANSWERS = 20_000
/** Signatures a second spent on serial numbers that no CA of ours ever drew. */
const UNKNOWN_A_SECOND = 200

interface Remembered {
  readonly certStatus: OcspCertStatus
  readonly responder: Responder
  readonly answer: OcspAnswer
  readonly signedAt: Instant
}

/**
 * Every request reads the certificate's present status from the store; only the signature over an unchanged
 * status is remembered, for half its validity. So a revocation shows in the next answer.
 */
export function createOcspService(parts: OcspServiceParts): OcspService {
  const remembered = new LRUCache<string, Remembered>({ max: REMEMBERED_ANSWERS })
  const unknownBudget = createBudget(UNKNOWN_A_SECOND)
  const renewing = new Map<AuthorityId, Promise<void>>()
  let counts = new Map<OcspAnswer['outcome'], number>()

  return {
    async answer(requestDer) {
      const answer = await answerOnce(requestDer)
      counts.set(answer.outcome, (counts.get(answer.outcome) ?? 0) + 1)
      return answer
    },
    takeCounts() {
      const taken = counts
      counts = new Map()
      return taken
    },
  }

  async function answerOnce(requestDer: Uint8Array): Promise<OcspAnswer> {
    const request = parsed(requestDer)
    if (request === undefined) return errorAnswer('malformedRequest')
    const authority = await issuerOf(request.certIds)
    if (authority === undefined) return errorAnswer('unauthorized')
    const responder = await responderOf(authority)
    const now = wholeSeconds(parts.clock.now())
    if (responder === undefined || responder.notAfter < now) return errorAnswer('tryLater')
    const reading = parts.store.read((view) =>
      view.certificates.standings(
        request.certIds.map(({ serialNumber }) => ({ authorityId: authority, serialNumber })),
      ),
    )
    const standings = reading instanceof Promise ? await reading : reading
    if (standings.every((standing) => standing === undefined) && !unknownBudget.take(now)) {
      return errorAnswer('tryLater')
    }
    const statuses = standings.map(statusOf)
    return memorised(request, statuses, responder, now)
  }

  async function responderOf(authority: AuthorityId): Promise<Responder | undefined> {
    const finding = parts.responders.of(authority)
    const present = finding instanceof Promise ? await finding : finding
    if (present !== undefined || parts.renewResponder === undefined) return present
    let making = renewing.get(authority)
    if (making === undefined) {
      making = parts.renewResponder(authority).finally(() => renewing.delete(authority))
      renewing.set(authority, making)
    }
    try {
      await making
    } catch (cause) {
      parts.log.error({ authority, cause }, 'an OCSP signer could not be made')
      return undefined
    }
    return parts.responders.of(authority)
  }

  /** All CertIDs of a request have to be of one issuer, because one responder signs the answer. */
  async function issuerOf(certIds: readonly CertId[]): Promise<AuthorityId | undefined> {
    let found: AuthorityId | undefined
    for (const { hashAlgorithm, issuerNameHash, issuerKeyHash } of certIds) {
      if (hashAlgorithm === undefined) return undefined
      const finding = parts.responders.issuerOf(hashAlgorithm, issuerNameHash, issuerKeyHash)
      const id = finding instanceof Promise ? await finding : finding
      if (id === undefined || (found !== undefined && found !== id)) return undefined
      found = id
    }
    return found
  }

  async function memorised(
    request: OcspRequest,
    statuses: readonly OcspCertStatus[],
    responder: Responder,
    now: Instant,
  ): Promise<OcspAnswer> {
    const [certId] = request.certIds
    const [certStatus] = statuses
    if (certId === undefined || certStatus === undefined) return errorAnswer('malformedRequest')
    const single = request.certIds.length === 1 && request.nonce === undefined
    // Unknown serial numbers are endless, so their answers are not kept.
    if (!single || certStatus.status === 'unknown') return sign(request, statuses, responder, now)
    const name = latin1(certId.der)
    const known = remembered.get(name)
    if (
      known !== undefined &&
      known.responder === responder &&
      // A clock that was put back takes what it signed ahead of time with it.
      known.signedAt <= now &&
      now < known.signedAt + parts.validityMs / 2 &&
      sameStatus(known.certStatus, certStatus)
    ) {
      return known.answer
    }
    const answer = await sign(request, statuses, responder, now)
    remembered.set(name, { certStatus, responder, answer, signedAt: now })
    return answer
  }

  async function sign(
    request: OcspRequest,
    statuses: readonly OcspCertStatus[],
    responder: Responder,
    now: Instant,
  ): Promise<OcspAnswer> {
    const nextUpdate = Math.min(now + parts.validityMs, responder.notAfter)
    const responseData = buildResponseData({
      responderId: responder.responderId,
      producedAt: now,
      responses: request.certIds.map((certId, index) => ({
        certIdDer: certId.der,
        certStatus: notLater(statuses[index] ?? unknown, now),
        thisUpdate: now,
        nextUpdate,
      })),
      ...(request.nonce === undefined ? {} : { nonce: request.nonce }),
    })
    const { signer, publicKey, certificates } = responder
    const signing = signer.sign(responseData)
    const signature = signing instanceof Promise ? await signing : signing
    if (!verifySignature(signer.algorithm, publicKey, responseData, signature)) {
      parts.log.error({}, 'the signature of an OCSP answer does not verify under the key of its responder')
      return errorAnswer('internalError')
    }
    return {
      der: assembleOcspResponse(responseData, signer.algorithm, signature, certificates),
      cacheable: request.nonce === undefined ? { thisUpdate: now, nextUpdate } : undefined,
      outcome: statuses[0]?.status ?? 'unknown',
    }
  }
}

function parsed(requestDer: Uint8Array): OcspRequest | undefined {
  try {
    return parseOcspRequest(requestDer)
  } catch (error) {
    if (error instanceof DerError || error instanceof PkiError) return undefined
    throw error
  }
}

const unknown: OcspCertStatus = { status: 'unknown' }
const good: OcspCertStatus = { status: 'good' }

/** No record, no "good" (R2): only an issued certificate is. A closed reservation may have been signed. */
function statusOf(standing: CertificateStanding | undefined): OcspCertStatus {
  if (standing === undefined) return unknown
  const { status, state } = standing
  if (status !== null) return { status: 'revoked', revocationTime: status.at, reason: status.reason }
  if (state === 'issued') return good
  return state === 'closed' ? { status: 'revoked', revocationTime: standing.createdAt } : unknown
}

/** A clock that ran ahead told when; clients take what is revoked later than they ask for good. */
function notLater(status: OcspCertStatus, now: Instant): OcspCertStatus {
  if (status.status !== 'revoked' || status.revocationTime <= now) return status
  return { ...status, revocationTime: now }
}

function sameStatus(left: OcspCertStatus, right: OcspCertStatus): boolean {
  if (left.status !== 'revoked' || right.status !== 'revoked') return left.status === right.status
  return left.revocationTime === right.revocationTime && left.reason === right.reason
}

function errorAnswer(status: OcspErrorStatus): OcspAnswer {
  return { der: encodeOcspError(status), cacheable: undefined, outcome: status }
}

/** So many a second, by the clock given. */
function createBudget(aSecond: number): { take(now: Instant): boolean } {
  let second = 0
  let taken = 0
  return {
    take(now) {
      if (now !== second) {
        second = now
        taken = 0
      }
      return ++taken <= aSecond
    },
  }
}
