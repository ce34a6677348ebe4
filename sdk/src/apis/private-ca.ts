import type { CallOptions, Perform } from '../call.ts'
import type {
  CertificateAuthority,
  CertificateAuthorityRequest,
  CrlConfiguration,
  OcspResponderConfiguration,
  Page,
  PageQuery,
  PrivateCaCertificate,
  PrivateCaIssueAnswer,
  PrivateCaIssueRequest,
  PrivateCaListQuery,
  RevocationReason,
  Template,
} from '../contract/index.ts'
import { path } from '../path.ts'
import { nothing, object, text } from '../reading.ts'

const base = '/certificate-authority/api/v1'
const pem = 'application/x-pem-file'

/** Private CA, below `/certificate-authority/api`. */
export class PrivateCa {
  readonly #perform: Perform

  constructor(perform: Perform) {
    this.#perform = perform
  }

  /** Resolves when the service is up. */
  health(options?: CallOptions): Promise<void> {
    return this.#perform({ method: 'GET', path: `${base}/health`, read: nothing }, options)
  }

  issue(request: PrivateCaIssueRequest, options?: CallOptions): Promise<PrivateCaIssueAnswer> {
    return this.#perform(
      { method: 'POST', path: `${base}/certificate`, body: request, read: object<PrivateCaIssueAnswer> },
      options,
    )
  }

  /** @param idOrSerial as the other calls on one certificate take it */
  certificate(idOrSerial: string, options?: CallOptions): Promise<PrivateCaCertificate> {
    return this.#perform(
      {
        method: 'GET',
        path: base + path`/certificate/${idOrSerial}`,
        read: object<PrivateCaCertificate>,
      },
      options,
    )
  }

  /** The certificate in PEM. */
  downloadCertificate(idOrSerial: string, options?: CallOptions): Promise<string> {
    return this.#perform(
      { method: 'GET', path: base + path`/certificate/${idOrSerial}`, accept: pem, read: text },
      options,
    )
  }

  certificates(query?: PrivateCaListQuery, options?: CallOptions): Promise<Page<PrivateCaCertificate>> {
    return this.#perform(
      { method: 'GET', path: `${base}/certificate`, query, read: page<PrivateCaCertificate> },
      options,
    )
  }

  revoke(id: string, reason: RevocationReason, options?: CallOptions): Promise<void> {
    return this.#perform(
      {
        method: 'PUT',
        path: base + path`/certificate/${id}/revocation`,
        body: { revocation_reason: reason },
        read: nothing,
      },
      options,
    )
  }

  authorities(query?: PageQuery, options?: CallOptions): Promise<Page<CertificateAuthority>> {
    return this.#perform(
      { method: 'GET', path: `${base}/ca`, query, read: page<CertificateAuthority> },
      options,
    )
  }

  authority(id: string, options?: CallOptions): Promise<CertificateAuthority> {
    return this.#perform(
      { method: 'GET', path: base + path`/ca/${id}`, read: object<CertificateAuthority> },
      options,
    )
  }

  createAuthority(
    request: CertificateAuthorityRequest,
    options?: CallOptions,
  ): Promise<CertificateAuthority> {
    return this.#perform(
      { method: 'POST', path: `${base}/ca`, body: request, read: object<CertificateAuthority> },
      options,
    )
  }

  /** The CA certificate in PEM. */
  downloadAuthority(id: string, options?: CallOptions): Promise<string> {
    return this.#perform(
      { method: 'GET', path: base + path`/ca/${id}/download`, accept: pem, read: text },
      options,
    )
  }

  templates(query?: PageQuery, options?: CallOptions): Promise<Page<Template>> {
    return this.#perform({ method: 'GET', path: `${base}/template`, query, read: page<Template> }, options)
  }

  template(id: string, options?: CallOptions): Promise<Template> {
    return this.#perform(
      { method: 'GET', path: base + path`/template/${id}`, read: object<Template> },
      options,
    )
  }

  crlConfigurations(
    query?: PageQuery,
    options?: CallOptions,
  ): Promise<Page<CrlConfiguration & { readonly id: string }>> {
    return this.#perform(
      { method: 'GET', path: `${base}/crl`, query, read: page<CrlConfiguration & { readonly id: string }> },
      options,
    )
  }

  configureCrl(
    request: CrlConfiguration,
    options?: CallOptions,
  ): Promise<CrlConfiguration & { readonly id: string }> {
    return this.#perform(
      {
        method: 'POST',
        path: `${base}/crl`,
        body: request,
        read: object<CrlConfiguration & { readonly id: string }>,
      },
      options,
    )
  }

  /** Signs and publishes a CRL now. */
  publishCrl(id: string, options?: CallOptions): Promise<void> {
    return this.#perform({ method: 'POST', path: base + path`/crl/${id}/publish`, read: nothing }, options)
  }

  configureOcspResponder(
    request: OcspResponderConfiguration,
    options?: CallOptions,
  ): Promise<OcspResponderConfiguration & { readonly id: string }> {
    return this.#perform(
      {
        method: 'POST',
        path: `${base}/ocsp-responder`,
        body: request,
        read: object<OcspResponderConfiguration & { readonly id: string }>,
      },
      options,
    )
  }
}

/** Lists of this API may be 204 when there is nothing. */
function page<Item>(body: string): Page<Item> {
  return body === '' ? { total: 0, offset: 0, limit: 0, items: [] } : object<Page<Item>>(body)
}
