import { AccountManager } from './apis/account-manager.ts'
import { PrivateCa } from './apis/private-ca.ts'
import { TrustLifecycle } from './apis/trust-lifecycle.ts'
import { type CallOptions, type Perform, performOver } from './call.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Listener } from './events.ts'
import { completeRetryPolicy, type RetryPolicy } from './retry-policy.ts'
import { fetchTransport, type Transport } from './transport.ts'

export interface ClientOptions {
  /** Such as `https://ca.example`; plain HTTP is for this machine alone. */
  readonly baseUrl: string
  /** Token of a service user or a user; leave it out where the transport presents a client certificate. */
  readonly apiKey?: string
  /** `X-DC-AccountId` of every call; the key's primary account unless given. */
  readonly accountId?: string
  /** Of messages; the server's choice unless given. */
  readonly language?: 'en' | 'ja'
  readonly retry?: Partial<RetryPolicy>
  /**
   * The server recognises a repeated POST by its `Idempotency-Key`, as Chancery does; true unless given. With false,
   * a POST whose outcome is unknown is not repeated, and fails with `retryable` false: look before asking again.
   */
  readonly honoursIdempotencyKeys?: boolean
  /** For logs and measurements. */
  readonly onEvent?: Listener
  /** `fetch` of the platform unless given. */
  readonly transport?: Transport
  /** Time of the platform unless given. */
  readonly clock?: Clock
  /** `Math.random` unless given. */
  readonly random?: () => number
}

/** The three APIs behind one address and one key. It keeps nothing between calls and needs no closing. */
export class ChanceryClient {
  readonly trustLifecycle: TrustLifecycle
  readonly privateCa: PrivateCa
  readonly accountManager: AccountManager
  readonly #perform: Perform

  /** @throws {TypeError | RangeError} for options that cannot work; the text never holds the key */
  constructor(options: ClientOptions) {
    const clock = options.clock ?? systemClock
    this.#perform = performOver({
      baseUrl: checkedBaseUrl(options.baseUrl),
      transport: options.transport ?? fetchTransport(),
      headers: {
        ...(options.apiKey !== undefined && { 'x-api-key': checkedApiKey(options.apiKey) }),
        ...(options.accountId !== undefined && { 'x-dc-accountid': options.accountId }),
        ...(options.language !== undefined && { 'accept-language': options.language }),
      },
      secrets: options.apiKey === undefined ? [] : [options.apiKey],
      retry: completeRetryPolicy(options.retry ?? {}),
      honoursIdempotencyKeys: options.honoursIdempotencyKeys ?? true,
      listener: options.onEvent,
      clock,
      random: options.random ?? Math.random,
    })
    this.trustLifecycle = new TrustLifecycle(this.#perform, clock)
    this.privateCa = new PrivateCa(this.#perform)
    this.accountManager = new AccountManager(this.#perform)
  }

  /**
   * A call that has no method here, with the same retries. A POST is repeated with one idempotency key.
   *
   * @param path from the root, parameters encoded
   * @returns the JSON object of the answer, its text where it is no JSON, nothing where it is empty
   */
  request(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: `/${string}`,
    content: { readonly query?: object; readonly body?: unknown } = {},
    options?: CallOptions,
  ): Promise<unknown> {
    return this.#perform({ method, path, query: content.query, body: content.body, read: anything }, options)
  }
}

function anything(body: string): unknown {
  if (body === '') return undefined
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

function checkedBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) throw new TypeError(`baseUrl "${text}" is not an address`)
  const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) {
    throw new TypeError(`baseUrl "${text}" must be https: the API key goes with every request`)
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new TypeError('baseUrl must have no user, query or fragment')
  }
  return url.origin + url.pathname.replace(/\/+$/, '')
}

/** Platforms quote a header value that they refuse; this does not. */
function checkedApiKey(apiKey: string): string {
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new TypeError('apiKey must be printable ASCII without blanks: is it set, and without a line break?')
  }
  return apiKey
}
