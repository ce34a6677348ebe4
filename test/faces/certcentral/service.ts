import Fastify, { type FastifyInstance, type InjectOptions, type LightMyRequestResponse } from 'fastify'
import type { ApiKeyRestriction, ApiKeyRole } from '../../../src/core/accounts/account.ts'
import { insertApiKey } from '../../../src/core/accounts/api-key-create.ts'
import type { AccountId } from '../../../src/core/brand.ts'
import type { EngineSettings } from '../../../src/core/engine.ts'
import { type AccountPolicy, accountPolicies, loadPolicy } from '../../../src/core/identity/account-policy.ts'
import type { Container } from '../../../src/core/identity/container.ts'
import { createTenant } from '../../../src/core/identity/create-tenant.ts'
import { type User, users } from '../../../src/core/identity/user.ts'
import type { Outside } from '../../../src/core/validation/outside.ts'
import type { CertcentralOptions } from '../../../src/faces/certcentral/options.ts'
import { certcentral } from '../../../src/faces/certcentral/plugin.ts'
import type { Route } from '../../../src/faces/certcentral/route.ts'
import { parseJsonBody } from '../../../src/server/http/json-body.ts'
import { openEngine, type TestEngine } from '../../support/engine.ts'
import { testCaller } from '../../support/installation.ts'
import type { StoreKind } from '../../support/stores.ts'
import { type Scope, temporaryFolder } from '../../support/tmp.ts'

export interface ServiceOptions {
  /** Default: SQLite. */
  readonly kind?: StoreKind
  readonly settings?: Partial<EngineSettings>
  /** Without it there are no limits. */
  readonly rates?: CertcentralOptions['rates']
  /** What answers beyond this machine; default: nothing. */
  readonly outside?: Partial<Outside>
  /** Other routes than those of the face. */
  readonly routes?: readonly Route[]
}

/** What the face answered. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
  readonly bytes: Buffer
  /** The body as JSON; callers say what they expect of it. */
  // biome-ignore lint/suspicious/noExplicitAny: bodies are compared member by member
  json(): any
  /** Codes of an error answer, in their order; none for other answers. */
  codes(): readonly string[]
}

export interface CallOptions {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

const jsonLimits = { depth: 32, members: 1_000, elements: 10_000 }

/** The face over a real engine in this process, on a clock that stands still until it is moved. */
export class TestService {
  readonly engine: TestEngine
  readonly #app: FastifyInstance

  private constructor(engine: TestEngine, app: FastifyInstance) {
    this.engine = engine
    this.#app = app
  }

  static async start(scope: Scope, options: ServiceOptions = {}): Promise<TestService> {
    const { kind, settings, rates = [], routes, outside } = options
    const place = kind === undefined ? undefined : await kind.place(scope)
    const engine = await openEngine({
      folder: temporaryFolder(scope, 'certcentral'),
      ...(place === undefined ? {} : { location: place.location }),
      ...(settings === undefined ? {} : { settings }),
      ...(outside === undefined ? {} : { outside }),
    })
    scope.after(() => engine.close())
    const app = Fastify()
    scope.after(() => app.close())
    const parseJson = (body: Buffer) => parseJsonBody(body, jsonLimits)
    await app.register(certcentral(engine, { rates, parseJson }, routes), { prefix: '/services/v2' })
    return new TestService(engine, app)
  }

  /** Moves the clock. */
  advance(milliseconds: number): void {
    this.engine.clock.time += milliseconds
  }

  /** A new account with its hierarchy, its root container, and its administrator with a key. */
  async tenant(email = 'ada@example.test'): Promise<TestTenant> {
    const created = await createTenant(this.engine, { email, name: 'Example' }, testCaller)
    const { account, rootContainer, administrator, apiKey } = created
    return new TestTenant(this, account.id, rootContainer, administrator, apiKey)
  }

  /** Sends whatever it is told; the path is below `/services/v2`. */
  async send(request: InjectOptions & { readonly url: string }): Promise<Answer> {
    const answered: LightMyRequestResponse = await this.#app.inject({
      ...request,
      url: `/services/v2${request.url}`,
    })
    return {
      status: answered.statusCode,
      headers: answered.headers,
      text: answered.body,
      bytes: answered.rawPayload,
      json: () => JSON.parse(answered.body),
      codes: () => codesOf(answered),
    }
  }

  /** A request with a key, its body as JSON unless it is a text or octets. */
  call(key: string, method: string, url: string, { body, headers = {} }: CallOptions = {}): Promise<Answer> {
    const isWritten = typeof body === 'string' || body instanceof Uint8Array
    return this.send({
      method: method as 'GET',
      url,
      headers: {
        'x-dc-devkey': key,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: isWritten ? Buffer.from(body) : JSON.stringify(body) }),
    })
  }
}

/** An account of the service, seen as its administrator. */
export class TestTenant {
  readonly service: TestService
  readonly accountId: AccountId
  readonly rootContainer: Container
  readonly administrator: User
  readonly key: string

  constructor(
    service: TestService,
    accountId: AccountId,
    rootContainer: Container,
    administrator: User,
    key: string,
  ) {
    this.service = service
    this.accountId = accountId
    this.rootContainer = rootContainer
    this.administrator = administrator
    this.key = key
  }

  get(url: string, options?: CallOptions): Promise<Answer> {
    return this.service.call(this.key, 'GET', url, options)
  }

  post(url: string, body?: unknown, options: CallOptions = {}): Promise<Answer> {
    return this.service.call(this.key, 'POST', url, { ...options, body })
  }

  put(url: string, body?: unknown, options: CallOptions = {}): Promise<Answer> {
    return this.service.call(this.key, 'PUT', url, { ...options, body })
  }

  delete(url: string, options?: CallOptions): Promise<Answer> {
    return this.service.call(this.key, 'DELETE', url, options)
  }

  /** The same account with the key of another user, stored as it is told. */
  async as(
    role: ApiKeyRole,
    {
      restriction = null,
      containerId = this.rootContainer.id,
    }: { readonly restriction?: ApiKeyRestriction | null; readonly containerId?: number } = {},
  ): Promise<TestTenant> {
    const { accountId, service } = this
    const { engine } = service
    const { user, key } = await engine.store.write(function* (transaction) {
      const id = yield* transaction.collection(users).nextId()
      const made: User = {
        id,
        accountId,
        containerId,
        username: `${role}-${id}`,
        firstName: 'Given',
        lastName: role,
        email: `${role}-${id}@example.test`,
        jobTitle: '',
        telephone: '',
        role,
        status: 'active',
        isApiOnly: false,
        containerAssignments: [],
        createdAt: engine.clock.now(),
        lastLoginAt: null,
      }
      yield* transaction.collection(users).insert(made)
      const request = { accountId, userId: id, role: 'administrator', restriction, endDate: null } as const
      const { text } = yield* insertApiKey(transaction, engine, request, testCaller)
      return { user: made, key: text }
    })
    return new TestTenant(service, accountId, this.rootContainer, user, key)
  }

  /** Changes the account's policy behind the face's back. */
  async setPolicy(changes: Partial<AccountPolicy>): Promise<void> {
    const { accountId } = this
    await this.service.engine.store.write(function* (transaction) {
      const policy = yield* loadPolicy(transaction, accountId)
      yield* transaction.collection(accountPolicies).replace({ ...policy, ...changes })
    })
  }
}

function codesOf(answered: LightMyRequestResponse): readonly string[] {
  if (answered.headers['content-type'] !== 'application/json') return []
  const body: unknown = JSON.parse(answered.body)
  if (typeof body !== 'object' || body === null || !('errors' in body) || !Array.isArray(body.errors))
    return []
  return body.errors.map((error: { readonly code: string }) => error.code)
}
