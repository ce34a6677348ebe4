import type { CallOptions, Perform } from '../call.ts'
import type {
  DeliveredCertificate,
  Enrollment,
  EnrollmentCodeQuery,
  EnrollmentQuery,
  EnrollmentRequest,
  EnrollmentStatusChange,
  IssueContents,
  ManualRenewal,
  Page,
  RedeemRequest,
} from '../contract/index.ts'
import { EndpointCaller } from '../endpoint.ts'
import { nothing, object } from '../reading.ts'

/** The enrollments of Trust Lifecycle Manager: certificates that someone redeems by a code, or waits for. */
export class Enrollments {
  readonly #endpoints: EndpointCaller

  constructor(perform: Perform) {
    this.#endpoints = new EndpointCaller(perform)
  }

  create(request: EnrollmentRequest, options?: CallOptions): Promise<Enrollment> {
    return this.#endpoints.call('POST /mpki/api/v1/enrollment', {}, { body: request, read: object }, options)
  }

  redeem(request: RedeemRequest, options?: CallOptions): Promise<DeliveredCertificate> {
    return this.#endpoints.call(
      'POST /mpki/api/v1/enrollment/redeem',
      {},
      { body: request, read: object },
      options,
    )
  }

  byCode(code: string, seatId: string, options?: CallOptions): Promise<Enrollment> {
    return this.#endpoints.call(
      'GET /mpki/api/v1/enrollment/:code',
      { code },
      { query: { seat_id: seatId }, read: object },
      options,
    )
  }

  ofCertificate(certificateId: string, options?: CallOptions): Promise<Enrollment> {
    return this.#endpoints.call(
      'GET /mpki/api/v1/enrollment/certificate/:certificate_id',
      { certificate_id: certificateId },
      { read: object },
      options,
    )
  }

  list(query?: EnrollmentQuery, options?: CallOptions): Promise<Page<Enrollment>> {
    return this.#endpoints.call('GET /mpki/api/v1/enrollment-details', {}, { query, read: object }, options)
  }

  details(id: string, options?: CallOptions): Promise<Enrollment> {
    return this.#endpoints.call('GET /mpki/api/v1/enrollment-details/:id', { id }, { read: object }, options)
  }

  /** Those that have a code. */
  codes(query?: EnrollmentCodeQuery, options?: CallOptions): Promise<Page<Enrollment>> {
    return this.#endpoints.call(
      'GET /mpki/api/v1/report/enrollment-code',
      {},
      { query, read: object },
      options,
    )
  }

  /** Asks for a certificate that somebody has to approve. */
  request(request: IssueContents, options?: CallOptions): Promise<Enrollment> {
    return this.#endpoints.call(
      'POST /mpki/api/v1/manual-enrollment',
      {},
      { body: request, read: object },
      options,
    )
  }

  requestRenewal(certificateId: string, renewal: ManualRenewal, options?: CallOptions): Promise<Enrollment> {
    return this.#endpoints.call(
      'POST /mpki/api/v1/manual-enrollment/renew/:id',
      { id: certificateId },
      { body: renewal, read: object },
      options,
    )
  }

  changeStatus(id: string, change: EnrollmentStatusChange, options?: CallOptions): Promise<void> {
    return this.#endpoints.call(
      'PUT /mpki/api/v1/enrollment/:code/status',
      { code: id },
      { body: change, read: nothing },
      options,
    )
  }
}
