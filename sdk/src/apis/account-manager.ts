import type { CallOptions, Perform } from '../call.ts'
import type {
  Account,
  ApiToken,
  ApiTokenAnswer,
  ApiTokenRequest,
  ApiTokenUpdate,
  AuditEntry,
  AuditFilter,
  AuditQuery,
  ClientCertificate,
  ClientCertificateAnswer,
  ClientCertificateRequest,
  LimitState,
  Locale,
  Organization,
  Page,
  PageQuery,
  Role,
  RoleQuery,
  ServiceUserAnswer,
  ServiceUserRequest,
  ServiceUserUpdate,
  User,
  UserDetails,
  UserQuery,
} from '../contract/index.ts'
import { EndpointCaller } from '../endpoint.ts'
import { list, nothing, object } from '../reading.ts'

/** Account Manager, below `/account/api`. */
export class AccountManager {
  readonly #endpoints: EndpointCaller

  constructor(perform: Perform) {
    this.#endpoints = new EndpointCaller(perform)
  }

  accounts(query?: PageQuery, options?: CallOptions): Promise<Account[]> {
    return this.#endpoints.call('GET /account/api/v1/account', {}, { query, read: list }, options)
  }

  account(id: string, options?: CallOptions): Promise<Account> {
    return this.#endpoints.call('GET /account/api/v1/account/:id', { id }, { read: object }, options)
  }

  organizations(query?: PageQuery, options?: CallOptions): Promise<Organization[]> {
    return this.#endpoints.call('GET /account/api/v1/organization', {}, { query, read: list }, options)
  }

  organization(id: string, options?: CallOptions): Promise<Organization> {
    return this.#endpoints.call('GET /account/api/v1/organization/:id', { id }, { read: object }, options)
  }

  users(query?: UserQuery, options?: CallOptions): Promise<User[]> {
    return this.#endpoints.call('GET /account/api/v1/user', {}, { query, read: list }, options)
  }

  /** @param id `me` for the caller */
  user(id: string, options?: CallOptions): Promise<UserDetails> {
    return this.#endpoints.call('GET /account/api/v1/user/:id', { id }, { read: object }, options)
  }

  /** The answer holds the token, this once: where it was lost, the same `idempotencyKey` gives it again. */
  createServiceUser(request: ServiceUserRequest, options?: CallOptions): Promise<ServiceUserAnswer> {
    return this.#endpoints.call('POST /account/api/v1/user', {}, { body: request, read: object }, options)
  }

  updateServiceUser(id: string, update: ServiceUserUpdate, options?: CallOptions): Promise<void> {
    return this.#endpoints.call(
      'PUT /account/api/v1/user/:id',
      { id },
      { body: update, read: nothing },
      options,
    )
  }

  /** Its tokens end with it. */
  deleteServiceUser(id: string, options?: CallOptions): Promise<void> {
    return this.#endpoints.call('DELETE /account/api/v1/user/:id', { id }, { read: nothing }, options)
  }

  tokens(userId: string, options?: CallOptions): Promise<ApiToken[]> {
    return this.#endpoints.call(
      'GET /account/api/v1/api-access-token',
      {},
      { query: { user_id: userId }, read: list },
      options,
    )
  }

  createToken(request: ApiTokenRequest, options?: CallOptions): Promise<ApiTokenAnswer> {
    return this.#endpoints.call(
      'POST /account/api/v1/api-access-token',
      {},
      { body: request, read: object },
      options,
    )
  }

  token(id: string, options?: CallOptions): Promise<ApiToken> {
    return this.#endpoints.call('GET /account/api/v1/api-access-token/:id', { id }, { read: object }, options)
  }

  updateToken(id: string, update: ApiTokenUpdate, options?: CallOptions): Promise<void> {
    return this.#endpoints.call(
      'PUT /account/api/v1/api-access-token/:id',
      { id },
      { body: update, read: nothing },
      options,
    )
  }

  deleteToken(id: string, options?: CallOptions): Promise<void> {
    return this.#endpoints.call(
      'DELETE /account/api/v1/api-access-token/:id',
      { id },
      { read: nothing },
      options,
    )
  }

  clientCertificates(userId: string, options?: CallOptions): Promise<ClientCertificate[]> {
    return this.#endpoints.call(
      'GET /account/api/v1/client-auth-certificate',
      {},
      { query: { user_id: userId }, read: list },
      options,
    )
  }

  createClientCertificate(
    request: ClientCertificateRequest,
    options?: CallOptions,
  ): Promise<ClientCertificateAnswer> {
    return this.#endpoints.call(
      'POST /account/api/v1/client-auth-certificate',
      {},
      { body: request, read: object },
      options,
    )
  }

  clientCertificate(id: string, options?: CallOptions): Promise<ClientCertificate> {
    return this.#endpoints.call(
      'GET /account/api/v1/client-auth-certificate/:id',
      { id },
      { read: object },
      options,
    )
  }

  enableClientCertificate(id: string, enabled: boolean, options?: CallOptions): Promise<void> {
    return this.#endpoints.call(
      'PUT /account/api/v1/client-auth-certificate/:id/enable',
      { id },
      { body: { enabled }, read: nothing },
      options,
    )
  }

  revokeClientCertificate(id: string, options?: CallOptions): Promise<void> {
    return this.#endpoints.call(
      'DELETE /account/api/v1/client-auth-certificate/:id',
      { id },
      { read: nothing },
      options,
    )
  }

  roles(applicationCode?: RoleQuery['application_code'], options?: CallOptions): Promise<Role[]> {
    return this.#endpoints.call(
      'GET /account/api/v1/role',
      {},
      { query: applicationCode === undefined ? {} : { application_code: applicationCode }, read: list },
      options,
    )
  }

  locales(options?: CallOptions): Promise<Locale[]> {
    return this.#endpoints.call('GET /account/api/v1/locale', {}, { read: list }, options)
  }

  /** How much the credential has left; asking is not counted. */
  limits(options?: CallOptions): Promise<LimitState[]> {
    return this.#endpoints.call('GET /account/api/v1/limit', {}, { read: list }, options)
  }

  auditLog(query?: AuditQuery, options?: CallOptions): Promise<Page<AuditEntry>> {
    return this.#endpoints.call('GET /account/api/v1/audit-log', {}, { query, read: object }, options)
  }

  auditCount(filter?: AuditFilter, options?: CallOptions): Promise<{ readonly count: number }> {
    return this.#endpoints.call(
      'GET /account/api/v1/audit-log/count',
      {},
      { query: filter, read: object },
      options,
    )
  }

  auditEntry(id: string, options?: CallOptions): Promise<AuditEntry> {
    return this.#endpoints.call('GET /account/api/v1/audit-log/:id', { id }, { read: object }, options)
  }
}
