import type { CallOptions, Perform } from '../call.ts'
import { type Clock, sleep } from '../clock.ts'
import type {
  AdditionalFormats,
  BulkTagRequest,
  CertificateDetails,
  CertificateImport,
  CertificateImportResult,
  CertificateListing,
  CertificateSearchQuery,
  CertificateSummary,
  CertificateSummaryQuery,
  DeliveredCertificate,
  IssueAnswer,
  IssueRequest,
  Page,
  PickupAnswer,
  PickupRequest,
  RecoveredKey,
  RecoveryQuery,
  RenewRequest,
  RevokeRequest,
  SerialQuery,
  TagRequest,
} from '../contract/index.ts'
import { EndpointCaller } from '../endpoint.ts'
import { IssuanceError } from '../errors.ts'
import { list, nothing, object } from '../reading.ts'

/** A certificate that has been issued. */
export interface IssuedCertificate {
  readonly serial_number: string
  readonly certificate: string
  readonly delivery_format?: string
  readonly pkcs12_password?: string
}

export interface AwaitOptions extends CallOptions {
  /** Between two pickups; 5,000 unless given. */
  readonly pollMs?: number
  /** Patience from the first pickup on; 300,000 unless given. */
  readonly waitMs?: number
}

/** The certificates of Trust Lifecycle Manager; serial numbers are hex in any letter case. */
export class Certificates {
  readonly #endpoints: EndpointCaller
  readonly #clock: Clock

  constructor(perform: Perform, clock: Clock) {
    this.#endpoints = new EndpointCaller(perform)
    this.#clock = clock
  }

  /** Asks for a certificate; the answer may be a `request_id` to pick it up by. */
  issue(request: IssueRequest, options?: CallOptions): Promise<IssueAnswer> {
    return this.#endpoints.call('POST /mpki/api/v1/certificate', {}, { body: request, read: object }, options)
  }

  /** @param requestId as the asking was answered with, or the id of a certificate */
  pickUp(requestId: string, request: PickupRequest, options?: CallOptions): Promise<PickupAnswer> {
    return this.#endpoints.call(
      'POST /mpki/api/v1/certificate-pickup/:request_id',
      { request_id: requestId },
      { body: request, isReading: true, read: object },
      options,
    )
  }

  /**
   * Asks for a certificate and waits until it is there. An `idempotencyKey` or `requestId` among the options counts
   * for the asking.
   *
   * @throws {IssuanceError} when the request was rejected, or is pending when `waitMs` have passed
   */
  async issueAndAwait(request: IssueRequest, options: AwaitOptions = {}): Promise<IssuedCertificate> {
    const answer = await this.issue(request, options)
    if (answer.certificate !== undefined && answer.serial_number !== undefined) {
      return { ...answer, certificate: answer.certificate, serial_number: answer.serial_number }
    }
    if (answer.request_id === undefined) {
      throw new TypeError('the server gave neither a certificate nor a request_id')
    }
    return this.#awaitPickup(answer.request_id, request.profile.id, options)
  }

  async #awaitPickup(
    issuanceRequestId: string,
    profileId: string,
    { idempotencyKey: _, requestId: __, pollMs = 5_000, waitMs = 300_000, ...options }: AwaitOptions,
  ): Promise<IssuedCertificate> {
    const startedAt = this.#clock.elapsed()
    for (;;) {
      const answer = await this.pickUp(issuanceRequestId, { profile: { id: profileId } }, options)
      if (answer.status === 'REJECTED') throw new IssuanceError('REJECTED', issuanceRequestId)
      if (answer.certificate !== undefined && answer.serial_number !== undefined) {
        return { ...answer, certificate: answer.certificate, serial_number: answer.serial_number }
      }
      if (this.#clock.elapsed() - startedAt + pollMs > waitMs) {
        throw new IssuanceError('PENDING', issuanceRequestId)
      }
      await sleep(this.#clock, pollMs, options.signal)
    }
  }

  details(serial: string, query?: SerialQuery, options?: CallOptions): Promise<CertificateDetails> {
    return this.#endpoints.call(
      'GET /mpki/api/v1/certificate/:serial',
      { serial },
      { query, read: object },
      options,
    )
  }

  /** By the internal id, as search and details give it. */
  detailsById(id: string, options?: CallOptions): Promise<CertificateDetails> {
    return this.#endpoints.call('GET /mpki/api/v1/certificate-search/:id', { id }, { read: object }, options)
  }

  /** Only within the renewal window of the profile. */
  renew(serial: string, request: RenewRequest, options?: CallOptions): Promise<DeliveredCertificate> {
    return this.#endpoints.call(
      'POST /mpki/api/v1/certificate/:serial/renew',
      { serial },
      { body: request, read: object },
      options,
    )
  }

  /** `certificate_hold` suspends. A certificate that is revoked already is refused with 400. */
  revoke(serial: string, request: RevokeRequest, options?: CallOptions): Promise<void> {
    return this.#endpoints.call(
      'PUT /mpki/api/v1/certificate/:serial/revoke',
      { serial },
      { body: request, read: nothing },
      options,
    )
  }

  /** Ends a suspension. */
  resume(serial: string, query?: SerialQuery, options?: CallOptions): Promise<void> {
    return this.#endpoints.call(
      'DELETE /mpki/api/v1/certificate/:serial/revoke',
      { serial },
      { query, read: nothing },
      options,
    )
  }

  search(query?: CertificateSearchQuery, options?: CallOptions): Promise<Page<CertificateListing>> {
    return this.#endpoints.call('GET /mpki/api/v1/certificate-search', {}, { query, read: object }, options)
  }

  /** All that a search finds, page by page; the server ends it at 10,000 with `pagination_limit_exceeded`. */
  async *searchAll(
    query: Omit<CertificateSearchQuery, 'offset'> = {},
    options?: CallOptions,
  ): AsyncGenerator<CertificateListing, void, undefined> {
    const { limit = 100 } = query
    for (let offset = 0; ; offset += limit) {
      const page = await this.search({ ...query, offset, limit }, options)
      yield* page.items
      if (page.items.length < limit || offset + page.items.length >= page.total) return
    }
  }

  summary(query: CertificateSummaryQuery, options?: CallOptions): Promise<Page<CertificateSummary>> {
    return this.#endpoints.call(
      'GET /mpki/api/v1/certificate-search/summary',
      {},
      { query, read: object },
      options,
    )
  }

  additionalFormats(serial: string, query?: SerialQuery, options?: CallOptions): Promise<AdditionalFormats> {
    return this.#endpoints.call(
      'GET /mpki/api/v1/certificate/:serial/additional-formats',
      { serial },
      { query, read: object },
      options,
    )
  }

  /** At most 100 at once; each is taken or refused for itself. */
  import(entries: readonly CertificateImport[], options?: CallOptions): Promise<CertificateImportResult[]> {
    return this.#endpoints.call(
      'POST /mpki/api/v1/certificate-import',
      {},
      { body: entries, read: list },
      options,
    )
  }

  addTags(id: string, request: TagRequest, options?: CallOptions): Promise<void> {
    return this.#endpoints.call(
      'POST /mpki/api/v1/certificate/:serial/tag',
      { serial: id },
      { body: request, read: nothing },
      options,
    )
  }

  addTagsToAll(request: BulkTagRequest, options?: CallOptions): Promise<void> {
    return this.#endpoints.call(
      'POST /mpki/api/v1/certificate/tag/bulk-add',
      {},
      { body: request, read: nothing },
      options,
    )
  }

  replaceTagsOfAll(request: BulkTagRequest, options?: CallOptions): Promise<void> {
    return this.#endpoints.call(
      'POST /mpki/api/v1/certificate/tag/bulk-replace',
      {},
      { body: request, read: nothing },
      options,
    )
  }

  approveRecovery(serial: string, query?: SerialQuery, options?: CallOptions): Promise<void> {
    return this.#endpoints.call(
      'POST /mpki/api/v1/certificate/escrow/approve/:serial',
      { serial },
      { query, read: nothing },
      options,
    )
  }

  /** The escrowed key. It uses up an approval, so it is not repeated where its outcome is unknown. */
  recoverKey(serial: string, query?: RecoveryQuery, options?: CallOptions): Promise<RecoveredKey> {
    return this.#endpoints.call(
      'GET /mpki/api/v1/certificate/escrow/recover/:serial',
      { serial },
      { query, isSpending: true, read: object },
      options,
    )
  }
}
