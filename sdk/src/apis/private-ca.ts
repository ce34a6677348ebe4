import type { CallOptions, Perform } from '../call.ts'
import type {
  CertificateAuthority,
  CertificateAuthorityRequest,
  CrlConfiguration,
  CrlRequest,
  KeyPair,
  OcspResponderConfiguration,
  OcspResponderRequest,
  Page,
  PageQuery,
  PrivateCaCertificate,
  PrivateCaCertificateSummary,
  PrivateCaIssueAnswer,
  PrivateCaIssueRequest,
  PrivateCaListQuery,
  PrivateCaRevocation,
  RecertifyRequest,
  Template,
} from '../contract/index.ts'
import { EndpointCaller } from '../endpoint.ts'
import { nothing, object, text } from '../reading.ts'

const pem = 'application/x-pem-file'

/** Private CA, below `/certificate-authority/api`. */
export class PrivateCa {
  readonly #endpoints: EndpointCaller

  constructor(perform: Perform) {
    this.#endpoints = new EndpointCaller(perform)
  }

  /** Resolves when the service is up. */
  health(options?: CallOptions): Promise<{ readonly status: string }> {
    return this.#endpoints.call('GET /certificate-authority/api/v1/health', {}, { read: object }, options)
  }

  issue(request: PrivateCaIssueRequest, options?: CallOptions): Promise<PrivateCaIssueAnswer> {
    return this.#endpoints.call(
      'POST /certificate-authority/api/v1/certificate',
      {},
      { body: request, read: object },
      options,
    )
  }

  /** @param idOrSerial as the other calls on one certificate take it */
  certificate(idOrSerial: string, options?: CallOptions): Promise<PrivateCaCertificate> {
    return this.#endpoints.call(
      'GET /certificate-authority/api/v1/certificate/:id',
      { id: idOrSerial },
      { read: object },
      options,
    )
  }

  /** The certificate in PEM. */
  downloadCertificate(idOrSerial: string, options?: CallOptions): Promise<string> {
    return this.#endpoints.file(
      'GET /certificate-authority/api/v1/certificate/:id',
      { id: idOrSerial },
      pem,
      options,
    )
  }

  certificates(
    query?: PrivateCaListQuery,
    options?: CallOptions,
  ): Promise<Page<PrivateCaCertificateSummary>> {
    return this.#endpoints.call(
      'GET /certificate-authority/api/v1/certificate',
      {},
      { query, read: page },
      options,
    )
  }

  revoke(idOrSerial: string, revocation: PrivateCaRevocation, options?: CallOptions): Promise<void> {
    return this.#endpoints.call(
      'PUT /certificate-authority/api/v1/certificate/:id/revocation',
      { id: idOrSerial },
      { body: revocation, read: nothing },
      options,
    )
  }

  authorities(query?: PageQuery, options?: CallOptions): Promise<Page<CertificateAuthority>> {
    return this.#endpoints.call('GET /certificate-authority/api/v1/ca', {}, { query, read: page }, options)
  }

  authority(id: string, options?: CallOptions): Promise<CertificateAuthority> {
    return this.#endpoints.call('GET /certificate-authority/api/v1/ca/:id', { id }, { read: object }, options)
  }

  createAuthority(
    request: CertificateAuthorityRequest,
    options?: CallOptions,
  ): Promise<CertificateAuthority> {
    return this.#endpoints.call(
      'POST /certificate-authority/api/v1/ca',
      {},
      { body: request, read: object },
      options,
    )
  }

  /** A new certificate for the CA. */
  recertifyAuthority(
    id: string,
    request: RecertifyRequest,
    options?: CallOptions,
  ): Promise<CertificateAuthority> {
    return this.#endpoints.call(
      'POST /certificate-authority/api/v1/ca/:id/recertify',
      { id },
      { body: request, read: object },
      options,
    )
  }

  /** The CA certificate in PEM. */
  downloadAuthority(id: string, options?: CallOptions): Promise<string> {
    return this.#endpoints.call(
      'GET /certificate-authority/api/v1/ca/:id/download',
      { id },
      { read: text },
      options,
    )
  }

  keyPairs(query?: PageQuery, options?: CallOptions): Promise<Page<KeyPair>> {
    return this.#endpoints.call(
      'GET /certificate-authority/api/v1/key-pair',
      {},
      { query, read: page },
      options,
    )
  }

  keyPair(id: string, options?: CallOptions): Promise<KeyPair> {
    return this.#endpoints.call(
      'GET /certificate-authority/api/v1/key-pair/:id',
      { id },
      { read: object },
      options,
    )
  }

  templates(query?: PageQuery, options?: CallOptions): Promise<Page<Template>> {
    return this.#endpoints.call(
      'GET /certificate-authority/api/v1/template',
      {},
      { query, read: page },
      options,
    )
  }

  template(id: string, options?: CallOptions): Promise<Template> {
    return this.#endpoints.call(
      'GET /certificate-authority/api/v1/template/:id',
      { id },
      { read: object },
      options,
    )
  }

  crlConfigurations(query?: PageQuery, options?: CallOptions): Promise<Page<CrlConfiguration>> {
    return this.#endpoints.call('GET /certificate-authority/api/v1/crl', {}, { query, read: page }, options)
  }

  crlConfiguration(id: string, options?: CallOptions): Promise<CrlConfiguration> {
    return this.#endpoints.call(
      'GET /certificate-authority/api/v1/crl/:id',
      { id },
      { read: object },
      options,
    )
  }

  configureCrl(request: CrlRequest, options?: CallOptions): Promise<CrlConfiguration> {
    return this.#endpoints.call(
      'POST /certificate-authority/api/v1/crl',
      {},
      { body: request, read: object },
      options,
    )
  }

  /** Signs and publishes a CRL now. */
  publishCrl(id: string, options?: CallOptions): Promise<void> {
    return this.#endpoints.call(
      'POST /certificate-authority/api/v1/crl/:id/publish',
      { id },
      { read: nothing },
      options,
    )
  }

  ocspResponders(query?: PageQuery, options?: CallOptions): Promise<Page<OcspResponderConfiguration>> {
    return this.#endpoints.call(
      'GET /certificate-authority/api/v1/ocsp-responder',
      {},
      { query, read: page },
      options,
    )
  }

  ocspResponder(id: string, options?: CallOptions): Promise<OcspResponderConfiguration> {
    return this.#endpoints.call(
      'GET /certificate-authority/api/v1/ocsp-responder/:id',
      { id },
      { read: object },
      options,
    )
  }

  configureOcspResponder(
    request: OcspResponderRequest,
    options?: CallOptions,
  ): Promise<OcspResponderConfiguration> {
    return this.#endpoints.call(
      'POST /certificate-authority/api/v1/ocsp-responder',
      {},
      { body: request, read: object },
      options,
    )
  }
}

/** Lists of this API may be 204 when there is nothing. */
function page<Item>(body: string): Page<Item> {
  return body === ''
    ? { total: 0, offset: 0, limit: 0, has_more: false, items: [] }
    : object<Page<Item>>(body)
}
