import type { CallOptions, Perform } from '../call.ts'
import type { Clock } from '../clock.ts'
import type {
  AuditEntry,
  AuditQuery,
  BusinessUnit,
  BusinessUnitRequest,
  CertificateOwner,
  CertificateOwnerRequest,
  Page,
  PageQuery,
} from '../contract/index.ts'
import { path } from '../path.ts'
import { nothing, object, text } from '../reading.ts'
import { Certificates } from './certificates.ts'
import { Enrollments } from './enrollments.ts'
import { Profiles } from './profiles.ts'
import { Seats } from './seats.ts'

/** Trust Lifecycle Manager, below `/mpki/api`. */
export class TrustLifecycle {
  readonly certificates: Certificates
  readonly profiles: Profiles
  readonly seats: Seats
  readonly enrollments: Enrollments
  readonly #perform: Perform

  constructor(perform: Perform, clock: Clock) {
    this.certificates = new Certificates(perform, clock)
    this.profiles = new Profiles(perform)
    this.seats = new Seats(perform)
    this.enrollments = new Enrollments(perform)
    this.#perform = perform
  }

  /** The greeting of the service: that it comes shows that address and key are right. */
  hello(options?: CallOptions): Promise<string> {
    return this.#perform({ method: 'GET', path: '/mpki/api/v1/hello', read: text }, options)
  }

  businessUnits(query?: PageQuery, options?: CallOptions): Promise<Page<BusinessUnit>> {
    return this.#perform(
      { method: 'GET', path: '/mpki/api/v1/business-unit', query, read: object<Page<BusinessUnit>> },
      options,
    )
  }

  businessUnit(id: string, options?: CallOptions): Promise<BusinessUnit> {
    return this.#perform(
      { method: 'GET', path: path`/mpki/api/v1/business-unit/${id}`, read: object<BusinessUnit> },
      options,
    )
  }

  createBusinessUnit(request: BusinessUnitRequest, options?: CallOptions): Promise<BusinessUnit> {
    return this.#perform(
      { method: 'POST', path: '/mpki/api/v1/business-unit', body: request, read: object<BusinessUnit> },
      options,
    )
  }

  deleteBusinessUnit(id: string, options?: CallOptions): Promise<void> {
    return this.#perform(
      { method: 'DELETE', path: path`/mpki/api/v1/business-unit/${id}`, read: nothing },
      options,
    )
  }

  createCertificateOwner(request: CertificateOwnerRequest, options?: CallOptions): Promise<CertificateOwner> {
    return this.#perform(
      {
        method: 'POST',
        path: '/mpki/api/v1/certificate-owners',
        body: request,
        read: object<CertificateOwner>,
      },
      options,
    )
  }

  auditLog(query?: AuditQuery, options?: CallOptions): Promise<Page<AuditEntry>> {
    return this.#perform(
      { method: 'GET', path: '/mpki/api/v1/audit-log', query, read: object<Page<AuditEntry>> },
      options,
    )
  }
}
