import { DatabaseSync } from 'node:sqlite'
import Fastify, { type FastifyInstance, type InjectOptions, type LightMyRequestResponse } from 'fastify'
import type { AccountSettings } from '../../../src/core/accounts/account.ts'
import { createAccount } from '../../../src/core/accounts/create-account.ts'
import type { AccountId } from '../../../src/core/brand.ts'
import type { EngineSettings } from '../../../src/core/engine.ts'
import type { RateWindow } from '../../../src/core/store/admissions.ts'
import { tinycert } from '../../../src/faces/tinycert/plugin.ts'
import type { Created } from '../../../src/faces/tinycert/rate-limit.ts'
import { PkijsPkcs12Builder } from '../../../src/keys/pkcs12.ts'
import { openEngine, type TestEngine } from '../../support/engine.ts'
import { testCaller } from '../../support/installation.ts'
import { testRandom } from '../../support/sealer.ts'
import { type Scope, temporaryFolder } from '../../support/tmp.ts'
import { type Credentials, member, type Parameters, query, sign } from './client.ts'

/** How fast one account may create. Undefined: as fast as it likes. */
export type CreationRates = { readonly [What in Created]: RateWindow | undefined }

export interface ServiceOptions {
  readonly rates?: CreationRates
  readonly settings?: Partial<EngineSettings>
}

/** What the face answered. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
  json(): unknown
}

/** The face over a real engine on SQLite, in this process, on a clock that stands still until it is moved. */
export class TestService {
  readonly engine: TestEngine
  readonly #app: FastifyInstance

  private constructor(engine: TestEngine, app: FastifyInstance) {
    this.engine = engine
    this.#app = app
  }

  static async start(scope: Scope, options: ServiceOptions = {}): Promise<TestService> {
    const { rates, settings } = options
    const folder = temporaryFolder(scope, 'tinycert')
    const engine = await openEngine({ folder, ...(settings === undefined ? {} : { settings }) })
    scope.after(() => engine.close())
    const limited = rates === undefined ? engine : withCreationRates(engine, rates)
    return new TestService(limited, await mount(scope, limited))
  }

  /** The face once more on the same engine, with other figures. */
  async withRates(scope: Scope, rates: CreationRates): Promise<TestService> {
    const engine = withCreationRates(this.engine, rates)
    return new TestService(engine, await mount(scope, engine))
  }

  /** Moves the clock. */
  advance(ms: number): void {
    this.engine.clock.time += ms
  }

  /** Edits one row of the database behind the program's back. */
  edit(sql: string, id: number): void {
    const database = new DatabaseSync(this.engine.installation.databaseFile, {
      enableForeignKeyConstraints: false,
      timeout: 5_000,
    })
    try {
      const { changes } = database.prepare(sql).run(id)
      if (Number(changes) !== 1) throw new Error(`${changes} rows instead of one: ${sql}`)
    } finally {
      database.close()
    }
  }

  /** A new account with RSA replaced by the faster P-256 unless settings say otherwise. */
  async createAccount(email: string, settings: AccountSettings = { tinycertKey: 'p-256' }): Promise<Tenant> {
    const passphrase = `passphrase of ${email}`
    const { account, tinycertKey } = await createAccount(
      this.engine,
      { email, passphrase, settings },
      testCaller,
    )
    return new Tenant(this, account.id, { email, passphrase, apiKey: tinycertKey })
  }

  /** An account with a session. */
  async connected(email: string, settings?: AccountSettings): Promise<Tenant> {
    const tenant = await this.createAccount(email, settings)
    await tenant.connect()
    return tenant
  }

  /** A request to any address. */
  inject(options: InjectOptions): Promise<LightMyRequestResponse> {
    return this.#app.inject(options)
  }

  /** Sends a body as it is. */
  async send(
    endpoint: string,
    body: string | Buffer,
    headers: Readonly<Record<string, string>> = {},
    method: 'POST' | 'GET' | 'PUT' | 'DELETE' | 'OPTIONS' | 'HEAD' | 'PATCH' = 'POST',
  ): Promise<Answer> {
    const response = await this.#app.inject({
      method,
      url: `/api/v1/${endpoint}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      payload: body,
    })
    const { statusCode, payload } = response
    return { status: statusCode, headers: response.headers, text: payload, json: () => JSON.parse(payload) }
  }
}

/** One account at the face. */
export class Tenant {
  readonly service: TestService
  readonly id: AccountId
  readonly credentials: Credentials
  token = ''

  constructor(service: TestService, id: AccountId, credentials: Credentials) {
    this.service = service
    this.id = id
    this.credentials = credentials
  }

  /** The same account and session at another mount of the face. */
  at(service: TestService): Tenant {
    const tenant = new Tenant(service, this.id, this.credentials)
    tenant.token = this.token
    return tenant
  }

  async connect(): Promise<string> {
    const { email, passphrase } = this.credentials
    const answer = await this.signed('connect', query({ email, passphrase }))
    const token = member(answer.json(), 'token')
    if (answer.status !== 200 || typeof token !== 'string') throw new Error(answer.text)
    this.token = token
    return token
  }

  /** Signs a body and sends it. */
  signed(endpoint: string, text: string, headers?: Readonly<Record<string, string>>): Promise<Answer> {
    return this.service.send(endpoint, sign(text, this.credentials.apiKey), headers)
  }

  /** A signed call in the session. */
  call(
    endpoint: string,
    parameters: Parameters = {},
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    return this.signed(endpoint, query({ token: this.token, ...parameters }), headers)
  }

  /** A call that has to succeed. */
  async expect(endpoint: string, parameters: Parameters = {}): Promise<unknown> {
    const answer = await this.call(endpoint, parameters)
    if (answer.status !== 200) throw new Error(`${endpoint}: ${answer.status} ${answer.text}`)
    return answer.json()
  }

  async createAuthority(parameters: Parameters = {}): Promise<string> {
    return idOf(
      await this.expect('ca/new', { C: 'NL', O: 'Example B.V.', hash_method: 'sha256', ...parameters }),
      'ca_id',
    )
  }

  async createCertificate(authority: string, parameters: Parameters = {}): Promise<string> {
    return idOf(
      await this.expect('cert/new', {
        ca_id: authority,
        C: 'NL',
        CN: 'www.example.test',
        O: 'Example B.V.',
        ...parameters,
      }),
      'cert_id',
    )
  }

  async reissue(certificate: string): Promise<string> {
    return idOf(await this.expect('cert/reissue', { cert_id: certificate }), 'cert_id')
  }
}

/** An identifier in an answer, as text to be sent again. */
export function idOf(document: unknown, name: 'ca_id' | 'cert_id'): string {
  const id = member(document, name)
  if (typeof id !== 'number' || !Number.isInteger(id))
    throw new Error(`no ${name} in ${JSON.stringify(document)}`)
  return String(id)
}

/** The code of an error answer. */
export function codeOf(answer: Answer): unknown {
  return member(answer.json(), 'code')
}

function withCreationRates(engine: TestEngine, { authorities, certificates }: CreationRates): TestEngine {
  const windows = (rate: RateWindow | undefined) => (rate === undefined ? [] : [rate])
  const limits = {
    ...engine.settings.limits,
    'tinycert.authorities': windows(authorities),
    'tinycert.certificates': windows(certificates),
  }
  return { ...engine, settings: { ...engine.settings, limits } }
}

async function mount(scope: Scope, engine: TestEngine): Promise<FastifyInstance> {
  const { loginThrottle } = engine.installation
  const app = Fastify({ bodyLimit: 64 * 1024 })
  await app.register(tinycert(engine, { pkcs12: new PkijsPkcs12Builder(testRandom), loginThrottle }), {
    prefix: '/api/v1',
  })
  await app.ready()
  scope.after(() => app.close())
  return app
}
