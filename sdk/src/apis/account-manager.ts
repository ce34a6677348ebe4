import type { CallOptions, Perform } from '../call.ts'
import type {
  Account,
  AccountAuditQuery,
  ApiToken,
  ApiTokenAnswer,
  ApiTokenRequest,
  ApiTokenUpdate,
  AuditEntry,
  ClientCertificateAnswer,
  ClientCertificateRequest,
  Page,
  PageQuery,
  Role,
  ServiceUserAnswer,
  ServiceUserRequest,
  User,
} from '../contract/index.ts'
import { path } from '../path.ts'
import { list, nothing, object } from '../reading.ts'

const base = '/account/api/v1'

/** Account Manager, below `/account/api`. */
export class AccountManager {
  readonly #perform: Perform

  constructor(perform: Perform) {
    this.#perform = perform
  }

  accounts(query?: PageQuery, options?: CallOptions): Promise<Account[]> {
    return this.#perform({ method: 'GET', path: `${base}/account`, query, read: list<Account> }, options)
  }

  account(id: string, options?: CallOptions): Promise<Account> {
    return this.#perform({ method: 'GET', path: base + path`/account/${id}`, read: object<Account> }, options)
  }

  users(
    query?: PageQuery & { readonly user_type?: 'standard' | 'service' },
    options?: CallOptions,
  ): Promise<User[]> {
    return this.#perform({ method: 'GET', path: `${base}/user`, query, read: list<User> }, options)
  }

  /** @param id `me` for the caller */
  user(id: string, options?: CallOptions): Promise<User> {
    return this.#perform({ method: 'GET', path: base + path`/user/${id}`, read: object<User> }, options)
  }

  /** The answer holds the token, this once: where it was lost, the same `idempotencyKey` gives it again. */
  createServiceUser(request: ServiceUserRequest, options?: CallOptions): Promise<ServiceUserAnswer> {
    return this.#perform(
      { method: 'POST', path: `${base}/user`, body: request, read: object<ServiceUserAnswer> },
      options,
    )
  }

  tokens(userId: string, options?: CallOptions): Promise<ApiToken[]> {
    return this.#perform(
      { method: 'GET', path: `${base}/api-access-token`, query: { user_id: userId }, read: list<ApiToken> },
      options,
    )
  }

  createToken(request: ApiTokenRequest, options?: CallOptions): Promise<ApiTokenAnswer> {
    return this.#perform(
      { method: 'POST', path: `${base}/api-access-token`, body: request, read: object<ApiTokenAnswer> },
      options,
    )
  }

  token(id: string, options?: CallOptions): Promise<ApiToken> {
    return this.#perform(
      { method: 'GET', path: base + path`/api-access-token/${id}`, read: object<ApiToken> },
      options,
    )
  }

  updateToken(id: string, update: ApiTokenUpdate, options?: CallOptions): Promise<void> {
    return this.#perform(
      { method: 'PUT', path: base + path`/api-access-token/${id}`, body: update, read: nothing },
      options,
    )
  }

  deleteToken(id: string, options?: CallOptions): Promise<void> {
    return this.#perform(
      { method: 'DELETE', path: base + path`/api-access-token/${id}`, read: nothing },
      options,
    )
  }

  createClientCertificate(
    request: ClientCertificateRequest,
    options?: CallOptions,
  ): Promise<ClientCertificateAnswer> {
    return this.#perform(
      {
        method: 'POST',
        path: `${base}/client-auth-certificate`,
        body: request,
        read: object<ClientCertificateAnswer>,
      },
      options,
    )
  }

  enableClientCertificate(id: string, enabled: boolean, options?: CallOptions): Promise<void> {
    return this.#perform(
      {
        method: 'PUT',
        path: base + path`/client-auth-certificate/${id}/enable`,
        body: { enabled },
        read: nothing,
      },
      options,
    )
  }

  /** @param applicationCode such as `account_manager` */
  roles(applicationCode: string, options?: CallOptions): Promise<Role[]> {
    return this.#perform(
      {
        method: 'GET',
        path: `${base}/role`,
        query: { application_code: applicationCode },
        read: list<Role>,
      },
      options,
    )
  }

  auditLog(query?: AccountAuditQuery, options?: CallOptions): Promise<Page<AuditEntry>> {
    return this.#perform(
      { method: 'GET', path: `${base}/audit-log`, query, read: object<Page<AuditEntry>> },
      options,
    )
  }
}
