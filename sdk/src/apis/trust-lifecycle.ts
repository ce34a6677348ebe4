import type { CallOptions, Perform } from '../call.ts'
import type { Clock } from '../clock.ts'
import type {
  Administrator,
  AuditEntry,
  AuditFilter,
  AuditQuery,
  BusinessUnit,
  BusinessUnitDetails,
  BusinessUnitRequest,
  Page,
  SeatStatistics,
  SortedPageQuery,
} from '../contract/index.ts'
import { EndpointCaller } from '../endpoint.ts'
import { list, nothing, object, text } from '../reading.ts'
import { CertificateOwners } from './certificate-owners.ts'
import { Certificates } from './certificates.ts'
import { Enrollments } from './enrollments.ts'
import { Profiles } from './profiles.ts'
import { Seats } from './seats.ts'

/** Trust Lifecycle Manager, below `/mpki/api`. */
export class TrustLifecycle {
  readonly certificates: Certificates
  readonly owners: CertificateOwners
  readonly profiles: Profiles
  readonly seats: Seats
  readonly enrollments: Enrollments
  readonly #endpoints: EndpointCaller

  constructor(perform: Perform, clock: Clock) {
    this.certificates = new Certificates(perform, clock)
    this.owners = new CertificateOwners(perform)
    this.profiles = new Profiles(perform)
    this.seats = new Seats(perform)
    this.enrollments = new Enrollments(perform)
    this.#endpoints = new EndpointCaller(perform)
  }

  /** The greeting of the service: that it comes shows that address and key are right. */
  hello(options?: CallOptions): Promise<string> {
    return this.#endpoints.call('GET /mpki/api/v1/hello', {}, { read: text }, options)
  }

  /** `UP`; resolves when the service is, and needs no key. */
  health(options?: CallOptions): Promise<string> {
    return this.#endpoints.call('GET /mpki/api/v1/health/extensive', {}, { read: text }, options)
  }

  businessUnits(query?: SortedPageQuery, options?: CallOptions): Promise<Page<BusinessUnit>> {
    return this.#endpoints.call('GET /mpki/api/v1/business-unit', {}, { query, read: object }, options)
  }

  businessUnit(id: string, options?: CallOptions): Promise<BusinessUnitDetails> {
    return this.#endpoints.call('GET /mpki/api/v1/business-unit/:id', { id }, { read: object }, options)
  }

  createBusinessUnit(request: BusinessUnitRequest, options?: CallOptions): Promise<BusinessUnit> {
    return this.#endpoints.call(
      'POST /mpki/api/v1/business-unit',
      {},
      { body: request, read: object },
      options,
    )
  }

  deleteBusinessUnit(id: string, options?: CallOptions): Promise<void> {
    return this.#endpoints.call('DELETE /mpki/api/v1/business-unit/:id', { id }, { read: nothing }, options)
  }

  licensedSeats(businessUnitId: string, options?: CallOptions): Promise<SeatStatistics[]> {
    return this.#endpoints.call(
      'GET /mpki/api/v1/business-unit/:id/licensed-seats',
      { id: businessUnitId },
      { read: list },
      options,
    )
  }

  administrators(businessUnitId: string, options?: CallOptions): Promise<Administrator[]> {
    return this.#endpoints.call(
      'GET /mpki/api/v1/business-unit/:id/admin',
      { id: businessUnitId },
      { read: list },
      options,
    )
  }

  auditLog(query?: AuditQuery, options?: CallOptions): Promise<Page<AuditEntry>> {
    return this.#endpoints.call('GET /mpki/api/v1/audit-log', {}, { query, read: object }, options)
  }

  auditCount(filter?: AuditFilter, options?: CallOptions): Promise<{ readonly count: number }> {
    return this.#endpoints.call(
      'GET /mpki/api/v1/audit-log/count',
      {},
      { query: filter, read: object },
      options,
    )
  }

  auditEntry(id: string, options?: CallOptions): Promise<AuditEntry> {
    return this.#endpoints.call('GET /mpki/api/v1/audit-log/:id', { id }, { read: object }, options)
  }
}
