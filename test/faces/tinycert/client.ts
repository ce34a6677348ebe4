import { createHmac } from 'node:crypto'
import { type HttpAnswer, httpRequest } from '../../support/http.ts'

/** Parameters by flat name, such as `SANs[0][DNS]`. */
export type Parameters = Readonly<Record<string, string>>

/** What `chancery account create --json` prints, as far as this API needs it. */
export interface Credentials {
  readonly email: string
  readonly passphrase: string
  readonly apiKey: string
}

/** As `http_build_query` of PHP writes a text: the encoding that TinyCert documents. */
export function encode(text: string): string {
  const escaped = encodeURIComponent(text).replace(/[!'()*~]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  })
  return escaped.replaceAll('%20', '+')
}

/** `name=value` pairs in order of name, nothing signed yet. */
export function query(parameters: Parameters): string {
  return Object.entries(parameters)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&')
}

/** 64 lower-case hex digits. */
export function digestOf(text: string, apiKey: string): string {
  return createHmac('sha256', apiKey).update(text).digest('hex')
}

/** Appends the digest to a body that may be written in any way. */
export function sign(text: string, apiKey: string): string {
  return `${text}&digest=${digestOf(text, apiKey)}`
}

/** How one call departs from the ordinary. */
export interface CallOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Signs with another key. */
  readonly apiKey?: string
}

/** A client of one account. The base address ends in `/api/v1`. */
export class TinycertClient {
  readonly #base: string
  readonly #credentials: Credentials
  readonly #ca: string | undefined
  token = ''

  constructor(base: string, credentials: Credentials, ca?: string) {
    this.#base = base
    this.#credentials = credentials
    this.#ca = ca
  }

  /** Opens a session and remembers its token. Throws when it is refused. */
  async connect(): Promise<string> {
    const { email, passphrase } = this.#credentials
    const answer = await this.send('connect', query({ email, passphrase }))
    const token = member(answer.json(), 'token')
    if (answer.status !== 200 || typeof token !== 'string') throw new Error(`not connected: ${answer.text}`)
    this.token = token
    return token
  }

  /** A signed call in the session. */
  call(endpoint: string, parameters: Parameters = {}, options: CallOptions = {}): Promise<HttpAnswer> {
    return this.send(endpoint, query({ token: this.token, ...parameters }), options)
  }

  /** A call that has to succeed; its answer read as JSON. */
  async expect(endpoint: string, parameters: Parameters = {}): Promise<unknown> {
    const answer = await this.call(endpoint, parameters)
    if (answer.status !== 200) throw new Error(`${endpoint}: ${answer.status} ${answer.text}`)
    return answer.json()
  }

  /** A call that has to give a new identifier. */
  async expectId(endpoint: string, parameters: Parameters): Promise<number> {
    const answer = await this.expect(endpoint, parameters)
    const id = member(answer, 'ca_id') ?? member(answer, 'cert_id')
    if (typeof id !== 'number') throw new Error(`${endpoint} gave no identifier`)
    return id
  }

  /** Signs a body and sends it. */
  send(endpoint: string, text: string, options: CallOptions = {}): Promise<HttpAnswer> {
    return this.sendRaw(endpoint, sign(text, options.apiKey ?? this.#credentials.apiKey), options)
  }

  /** Sends a body as it is. */
  sendRaw(endpoint: string, body: string | Uint8Array, options: CallOptions = {}): Promise<HttpAnswer> {
    const method = options.method ?? 'POST'
    return httpRequest(`${this.#base}/${endpoint}`, {
      method,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...options.headers },
      ...(method === 'GET' || method === 'HEAD' ? {} : { body }),
      ...(this.#ca === undefined ? {} : { ca: this.#ca }),
    })
  }
}

/** A member of a JSON document; undefined where there is none. */
export function member(document: unknown, name: string): unknown {
  if (typeof document !== 'object' || document === null) return undefined
  return Object.getOwnPropertyDescriptor(document, name)?.value
}

/** The credentials in the JSON that `account create` printed. */
export function credentialsOf(printed: string): Credentials {
  const document: unknown = JSON.parse(printed)
  const [email, passphrase, apiKey] = ['email', 'passphrase', 'tinycert_api_key'].map((name) =>
    member(document, name),
  )
  if (typeof email !== 'string' || typeof passphrase !== 'string' || typeof apiKey !== 'string') {
    throw new Error(`no credentials in ${printed}`)
  }
  return { email, passphrase, apiKey }
}
