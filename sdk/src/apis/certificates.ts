import type { CallOptions, Perform } from '../call.ts'
import { type Clock, sleep } from '../clock.ts'
import type {
  AdditionalFormats,
  CertificateDetails,
  CertificateImport,
  CertificateImportResult,
  CertificateSearchQuery,
  CertificateSummary,
  CertificateSummaryQuery,
  IssueAnswer,
  IssueRequest,
  Page,
  PickupAnswer,
  RecoveredKey,
  RenewRequest,
  RevokeRequest,
} from '../contract/index.ts'
import { IssuanceError } from '../errors.ts'
import { path } from '../path.ts'
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

/** What serves to tell two certificates with one serial number apart. */
export interface SerialContext {
  readonly thumbprint_sha256?: string
  readonly account_id?: string
}

/** The certificates of Trust Lifecycle Manager; serial numbers are hex in any letter case. */
export class Certificates {
  readonly #perform: Perform
  readonly #clock: Clock

  constructor(perform: Perform, clock: Clock) {
    this.#perform = perform
    this.#clock = clock
  }

  /** Asks for a certificate; the answer may be a `request_id` to pick it up by. */
  issue(request: IssueRequest, options?: CallOptions): Promise<IssueAnswer> {
    return this.#perform(
      { method: 'POST', path: '/mpki/api/v1/certificate', body: request, read: object<IssueAnswer> },
      options,
    )
  }

  /** @param profileId the profile that was asked */
  pickUp(requestId: string, profileId: string, options?: CallOptions): Promise<PickupAnswer> {
    return this.#perform(
      {
        method: 'POST',
        path: path`/mpki/api/v1/certificate-pickup/${requestId}`,
        body: { profile: { id: profileId } },
        isReading: true,
        read: object<PickupAnswer>,
      },
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
      const answer = await this.pickUp(issuanceRequestId, profileId, options)
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

  details(serial: string, context?: SerialContext, options?: CallOptions): Promise<CertificateDetails> {
    return this.#perform(
      {
        method: 'GET',
        path: path`/mpki/api/v1/certificate/${serial}`,
        query: context,
        read: object<CertificateDetails>,
      },
      options,
    )
  }

  /** By the internal id, as search and details give it. */
  detailsById(id: string, options?: CallOptions): Promise<CertificateDetails> {
    return this.#perform(
      { method: 'GET', path: path`/mpki/api/v1/certificate-search/${id}`, read: object<CertificateDetails> },
      options,
    )
  }

  /** Only within the renewal window of the profile. */
  renew(serial: string, request: RenewRequest, options?: CallOptions): Promise<IssueAnswer> {
    return this.#perform(
      {
        method: 'POST',
        path: path`/mpki/api/v1/certificate/${serial}/renew`,
        body: request,
        read: object<IssueAnswer>,
      },
      options,
    )
  }

  /** `certificate_hold` suspends. A certificate that is revoked already is refused with 400. */
  revoke(serial: string, request: RevokeRequest, options?: CallOptions): Promise<void> {
    return this.#perform(
      {
        method: 'PUT',
        path: path`/mpki/api/v1/certificate/${serial}/revoke`,
        body: request,
        read: nothing,
      },
      options,
    )
  }

  /** Ends a suspension. */
  resume(serial: string, options?: CallOptions): Promise<void> {
    return this.#perform(
      { method: 'DELETE', path: path`/mpki/api/v1/certificate/${serial}/revoke`, read: nothing },
      options,
    )
  }

  search(query?: CertificateSearchQuery, options?: CallOptions): Promise<Page<CertificateDetails>> {
    return this.#perform(
      {
        method: 'GET',
        path: '/mpki/api/v1/certificate-search',
        query,
        read: object<Page<CertificateDetails>>,
      },
      options,
    )
  }

  /** All that a search finds, page by page; the server ends it at 10,000 with `pagination_limit_exceeded`. */
  async *searchAll(
    query: Omit<CertificateSearchQuery, 'offset'> = {},
    options?: CallOptions,
  ): AsyncGenerator<CertificateDetails, void, undefined> {
    const { limit = 100 } = query
    for (let offset = 0; ; offset += limit) {
      const page = await this.search({ ...query, offset, limit }, options)
      yield* page.items
      if (page.items.length < limit || offset + page.items.length >= page.total) return
    }
  }

  summary(query: CertificateSummaryQuery, options?: CallOptions): Promise<Page<CertificateSummary>> {
    return this.#perform(
      {
        method: 'GET',
        path: '/mpki/api/v1/certificate-search/summary',
        query,
        read: object<Page<CertificateSummary>>,
      },
      options,
    )
  }

  additionalFormats(serial: string, options?: CallOptions): Promise<AdditionalFormats> {
    return this.#perform(
      {
        method: 'GET',
        path: path`/mpki/api/v1/certificate/${serial}/additional-formats`,
        read: object<AdditionalFormats>,
      },
      options,
    )
  }

  import(entries: readonly CertificateImport[], options?: CallOptions): Promise<CertificateImportResult[]> {
    return this.#perform(
      {
        method: 'POST',
        path: '/mpki/api/v1/certificate-import',
        body: entries,
        read: list<CertificateImportResult>,
      },
      options,
    )
  }

  approveRecovery(serial: string, options?: CallOptions): Promise<void> {
    return this.#perform(
      {
        method: 'POST',
        path: path`/mpki/api/v1/certificate/escrow/approve/${serial}`,
        read: nothing,
      },
      options,
    )
  }

  /** The escrowed key, after approval where the profile asks for one. */
  recoverKey(
    serial: string,
    query: { readonly include_chain?: boolean } = {},
    options?: CallOptions,
  ): Promise<RecoveredKey> {
    return this.#perform(
      {
        method: 'GET',
        path: path`/mpki/api/v1/certificate/escrow/recover/${serial}`,
        query,
        read: object<RecoveredKey>,
      },
      options,
    )
  }
}
