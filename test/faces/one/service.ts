import Fastify, { type FastifyInstance, type InjectOptions, type LightMyRequestResponse } from 'fastify'
import type { ApiKeyRestriction, ApiKeyRole } from '../../../src/core/accounts/account.ts'
import { insertApiKey } from '../../../src/core/accounts/api-key-create.ts'
import type { AccountId } from '../../../src/core/brand.ts'
import type { EngineSettings } from '../../../src/core/engine.ts'
import type { Log } from '../../../src/core/environment.ts'
import { createTenant, type Tenant } from '../../../src/core/identity/create-tenant.ts'
import { type User, users } from '../../../src/core/identity/user.ts'
import { type IdKind, uuidOf } from '../../../src/faces/one/ids.ts'
import type { OneOptions } from '../../../src/faces/one/options.ts'
import { one } from '../../../src/faces/one/plugin.ts'
import type { Route } from '../../../src/faces/one/route.ts'
import { PkijsPkcs12Builder } from '../../../src/keys/pkcs12.ts'
import { parseJsonBody } from '../../../src/server/http/json-body.ts'
import { routedTarget } from '../../../src/server/http/request-target.ts'
import { openEngine, type TestEngine, type TestEngineOptions } from '../../support/engine.ts'
import { testCaller } from '../../support/installation.ts'
import { testRandom } from '../../support/sealer.ts'
import type { StoreKind } from '../../support/stores.ts'
import { type Scope, temporaryFolder } from '../../support/tmp.ts'

export interface ServiceOptions extends Partial<Pick<OneOptions, 'rates' | 'errorShape'>> {
  /** Default: SQLite. */
  readonly kind?: StoreKind
  readonly settings?: Partial<EngineSettings>
  readonly outside?: TestEngineOptions['outside']
  readonly log?: Log
  readonly stopAt?: TestEngineOptions['stopAt']
  /** Other routes than those of the face. */
  readonly routes?: readonly Route[]
  readonly bodyLimit?: number
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
  /** Machine code of the first error; undefined for other answers. */
  readonly code: string | undefined
  /** Member or parameter that the first error names. */
  readonly field: string | undefined
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
    const { kind, settings, outside, log, stopAt, routes, rates = [], bodyLimit = 65_536 } = options
    const place = kind === undefined ? undefined : await kind.place(scope)
    const engine = await openEngine({
      folder: temporaryFolder(scope, 'one'),
      ...(place === undefined ? {} : { location: place.location }),
      ...(settings === undefined ? {} : { settings }),
      ...(outside === undefined ? {} : { outside }),
      ...(log === undefined ? {} : { log }),
      ...(stopAt === undefined ? {} : { stopAt }),
    })
    scope.after(() => engine.close())
    // As the program's own listeners route.
    const app = Fastify({
      bodyLimit,
      rewriteUrl: (request) => routedTarget(request.url ?? '/'),
      routerOptions: { maxParamLength: 8_192 },
    })
    scope.after(() => app.close())
    const face = one(
      engine,
      {
        rates,
        errorShape: options.errorShape ?? 'list',
        pkcs12: new PkijsPkcs12Builder(testRandom),
        parseJson: (body) => parseJsonBody(body, jsonLimits),
      },
      routes,
    )
    await app.register(face)
    return new TestService(engine, app)
  }

  /** Moves the clock. */
  advance(milliseconds: number): void {
    this.engine.clock.time += milliseconds
  }

  /** A new account with its hierarchy, and its administrator with a key. */
  async tenant(email = 'ada@example.test'): Promise<TestTenant> {
    const made = await createTenant(this.engine, { email, name: 'Harbour' }, testCaller)
    return new TestTenant(this, made, made.administrator, made.apiKey)
  }

  async send(request: InjectOptions & { readonly url: string }): Promise<Answer> {
    const answered: LightMyRequestResponse = await this.#app.inject(request)
    const error = firstError(answered)
    return {
      status: answered.statusCode,
      headers: answered.headers,
      text: answered.body,
      bytes: answered.rawPayload,
      json: () => JSON.parse(answered.body),
      code: error?.code,
      field: error?.field,
    }
  }

  /** A request with a key, its body as JSON unless it is a text or octets. */
  call(key: string, method: string, url: string, { body, headers = {} }: CallOptions = {}): Promise<Answer> {
    const isWritten = typeof body === 'string' || body instanceof Uint8Array
    return this.send({
      method: method as 'GET',
      url,
      headers: {
        'x-api-key': key,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: isWritten ? Buffer.from(body) : JSON.stringify(body) }),
    })
  }
}

/** An account of the service, seen as one of its users. */
export class TestTenant {
  readonly service: TestService
  readonly made: Tenant
  readonly user: User
  readonly key: string

  constructor(service: TestService, made: Tenant, user: User, key: string) {
    this.service = service
    this.made = made
    this.user = user
    this.key = key
  }

  get accountId(): AccountId {
    return this.made.account.id
  }

  /** The account as the APIs name it. */
  get accountUuid(): string {
    return uuidOf('account', this.accountId)
  }

  id(kind: IdKind, id: number): string {
    return uuidOf(kind, id)
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

  /** The same user with another key. */
  with(key: string): TestTenant {
    return new TestTenant(this.service, this.made, this.user, key)
  }

  /** The same account with the key of a person of a role, stored as it is told. */
  async as(
    role: ApiKeyRole,
    restriction: ApiKeyRestriction | null = null,
    containerId: number = this.made.rootContainer.id,
  ): Promise<TestTenant> {
    const { accountId, service, made } = this
    const { engine } = service
    const { user, key } = await engine.store.write(function* (transaction) {
      const id = yield* transaction.collection(users).nextId()
      const person: User = {
        ...made.administrator,
        id,
        username: `${role}-${id}`,
        role,
        containerId,
        createdAt: engine.clock.now(),
      }
      yield* transaction.collection(users).insert(person)
      const request = { accountId, userId: id, role: 'administrator', restriction, endDate: null } as const
      const { text } = yield* insertApiKey(transaction, engine, request, testCaller)
      return { user: person, key: text }
    })
    return new TestTenant(service, made, user, key)
  }

  /** A certificate profile for devices, with methods of its own. @returns its id */
  async postProfile(more: object): Promise<string> {
    const [unit] = (await this.get('/mpki/api/v1/business-unit')).json().items
    const answer = await this.post('/mpki/api/v1/profile', {
      account_id: this.accountUuid,
      business_unit_id: unit.id,
      name: 'Devices',
      template_id: this.id('template', 3),
      ica: { id: this.id('authority', this.made.authorities.issuing.id) },
      renewal_window_days: 30,
      seat_id_mapping: 'common_name',
      ...more,
    })
    if (answer.status !== 201) throw new Error(answer.text)
    return answer.json().id
  }

  /** A service user with roles, seen through its first token. */
  async program(name: string, roles: readonly string[], more: object = {}): Promise<TestTenant> {
    const answer = await this.post('/account/api/v1/user', {
      user_type: 'service',
      friendly_name: name,
      roles: roles.map((role_code) => ({ role_code })),
      ...more,
    })
    if (answer.status !== 201) throw new Error(answer.text)
    return this.with(answer.json().token.value)
  }
}

function firstError(answered: LightMyRequestResponse): { code: string; field?: string } | undefined {
  if (answered.statusCode < 400 || !String(answered.headers['content-type']).startsWith('application/json')) {
    return undefined
  }
  // The answer to HEAD.
  if (answered.body === '') return undefined
  const body: unknown = JSON.parse(answered.body)
  if (typeof body !== 'object' || body === null || !('errors' in body) || !Array.isArray(body.errors)) {
    return undefined
  }
  return body.errors[0]
}
