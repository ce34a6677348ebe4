import type { CallOptions, Perform } from '../call.ts'
import type {
  CertificateOwner,
  CertificateOwnerQuery,
  CertificateOwnerRequest,
  CertificateOwnerUpdate,
  OwnerAssignment,
  Page,
} from '../contract/index.ts'
import { EndpointCaller } from '../endpoint.ts'
import { nothing, object } from '../reading.ts'

/** To whom certificates of Trust Lifecycle Manager belong. */
export class CertificateOwners {
  readonly #endpoints: EndpointCaller

  constructor(perform: Perform) {
    this.#endpoints = new EndpointCaller(perform)
  }

  list(query: CertificateOwnerQuery, options?: CallOptions): Promise<Page<CertificateOwner>> {
    return this.#endpoints.call('GET /mpki/api/v1/certificate-owners', {}, { query, read: object }, options)
  }

  create(request: CertificateOwnerRequest, options?: CallOptions): Promise<CertificateOwner> {
    return this.#endpoints.call(
      'POST /mpki/api/v1/certificate-owners',
      {},
      { body: request, read: object },
      options,
    )
  }

  details(id: string, options?: CallOptions): Promise<CertificateOwner> {
    return this.#endpoints.call('GET /mpki/api/v1/certificate-owners/:id', { id }, { read: object }, options)
  }

  update(id: string, update: CertificateOwnerUpdate, options?: CallOptions): Promise<void> {
    return this.#endpoints.call(
      'PUT /mpki/api/v1/certificate-owners/:id',
      { id },
      { body: update, read: nothing },
      options,
    )
  }

  delete(id: string, options?: CallOptions): Promise<void> {
    return this.#endpoints.call(
      'DELETE /mpki/api/v1/certificate-owners/:id',
      { id },
      { read: nothing },
      options,
    )
  }

  /** Puts owners in the place of those that certificates had. */
  assign(assignment: OwnerAssignment, options?: CallOptions): Promise<void> {
    return this.#endpoints.call(
      'POST /mpki/api/v1/certificate-owners/assign',
      {},
      { body: assignment, read: nothing },
      options,
    )
  }
}
