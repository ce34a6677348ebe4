import { type IncomingMessage, request as startRequest } from 'node:http'
import {
  HttpFailure,
  type HttpNotifier,
  type HttpProbe,
  type HttpReply,
} from '../core/validation/outbound.ts'
import { type Dialled, type DialOptions, dial } from './guarded-dial.ts'

/** Most redirects that are followed from one URL (case D2). */
const mostRedirects = 10
/** RFC 9110 section 15.4: those that keep the method. 303 points at something else. */
const followedRedirects: ReadonlySet<number> = new Set([301, 302, 307, 308])
const mostHeaderBytes = 8_192

export interface GuardedHttpOptions extends Omit<DialOptions, 'dialMs'> {
  /** Ports besides 80 and 443. */
  readonly otherPorts?: readonly number[]
  /** Time for one connection. Default 5 s. */
  readonly dialMs?: number
  /** Time for one call with all its redirects. Default 10 s. */
  readonly totalMs?: number
  /** Longest body that is read. Default 2 KiB. */
  readonly bodyBytes?: number
}

interface Call {
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly followsRedirects: boolean
  readonly judgesCertificate: boolean
  readonly cutsLongBody: boolean
}

/**
 * The one way out to addresses that other people name. Proxies of the environment are not used: they would
 * resolve the name again.
 */
export class GuardedHttp implements HttpProbe, HttpNotifier {
  readonly #dial: DialOptions
  readonly #ports: ReadonlySet<number>
  readonly #totalMs: number
  readonly #bodyBytes: number

  constructor(options: GuardedHttpOptions) {
    this.#dial = { resolver: options.resolver, guard: options.guard, dialMs: options.dialMs ?? 5_000 }
    this.#ports = new Set([80, 443, ...(options.otherPorts ?? [])])
    this.#totalMs = options.totalMs ?? 10_000
    this.#bodyBytes = options.bodyBytes ?? 2_048
  }

  get(url: string): Promise<HttpReply> {
    return this.#call(url, {
      ...{ method: 'GET', headers: {} },
      ...{ followsRedirects: true, judgesCertificate: false, cutsLongBody: false },
    })
  }

  post(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string | Uint8Array,
  ): Promise<HttpReply> {
    return this.#call(url, {
      ...{ method: 'POST', headers, body },
      ...{ followsRedirects: false, judgesCertificate: true, cutsLongBody: true },
    })
  }

  async #call(first: string, call: Call): Promise<HttpReply> {
    const signal = AbortSignal.timeout(this.#totalMs)
    try {
      return await this.#follow(first, call, signal)
    } catch (error) {
      if (error instanceof HttpFailure) throw error
      if (signal.aborted) throw new HttpFailure('timeout', { cause: error })
      throw error
    }
  }

  async #follow(first: string, call: Call, signal: AbortSignal): Promise<HttpReply> {
    const addresses: string[] = []
    const seen = new Set<string>()
    let url = this.#checked(first, undefined)
    for (;;) {
      url.hash = ''
      if (seen.has(url.href)) throw new HttpFailure('redirect-loop')
      seen.add(url.href)
      const dialled = await dial(url, portOf(url), call.judgesCertificate, this.#dial, signal)
      addresses.push(dialled.address)
      try {
        const response = await respond(url, dialled, call, signal)
        const status = response.statusCode ?? 0
        if (status < 300 || status > 399) {
          const body = await this.#body(response, call.cutsLongBody, signal)
          return { status, body, addresses }
        }
        if (!call.followsRedirects || !followedRedirects.has(status))
          throw new HttpFailure('redirect-refused')
        // The first URL is no redirect.
        if (seen.size > mostRedirects) throw new HttpFailure('too-many-redirects')
        url = this.#checked(response.headers.location ?? '', url)
      } finally {
        dialled.socket.destroy()
      }
    }
  }

  /** A URL that may be called, of the first call or, with `base`, of a redirect. */
  #checked(text: string, base: URL | undefined): URL {
    const refused = base === undefined ? 'url' : 'redirect-refused'
    if (text === '' || !URL.canParse(text, base)) throw new HttpFailure(refused)
    const url = new URL(text, base)
    const isHttp = url.protocol === 'http:' || url.protocol === 'https:'
    const hasCredentials = url.username !== '' || url.password !== ''
    if (!isHttp || hasCredentials || !this.#ports.has(portOf(url))) throw new HttpFailure(refused)
    return url
  }

  /** Reads a body up to the limit, and not one part further (case D5). */
  async #body(response: IncomingMessage, cuts: boolean, signal: AbortSignal): Promise<Uint8Array> {
    if ((response.headers['content-encoding'] ?? 'identity') !== 'identity') {
      throw new HttpFailure('compressed')
    }
    const parts: Buffer[] = []
    let left = this.#bodyBytes
    try {
      for await (const part of response as AsyncIterable<Buffer>) {
        parts.push(part.subarray(0, left))
        left -= part.length
        if (left < 0 && cuts) break
        if (left < 0) throw new HttpFailure('too-large')
      }
    } catch (cause) {
      if (cause instanceof HttpFailure || signal.aborted) throw cause
      throw new HttpFailure('malformed', { cause })
    }
    return Buffer.concat(parts)
  }
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port)
  return protocol === 'https:' ? 443 : 80
}

function respond(
  url: URL,
  { socket }: Dialled,
  { method, headers, body }: Call,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = startRequest({
      // Without an agent no proxy and no connection of an earlier call come in between.
      createConnection: () => socket,
      ...{ method, path: `${url.pathname}${url.search}`, setHost: false, maxHeaderSize: mostHeaderBytes },
      headers: {
        ...headers,
        ...{ host: url.host, 'user-agent': 'Chancery', 'accept-encoding': 'identity', connection: 'close' },
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
      },
      signal,
    })
    request.on('response', resolve)
    // Errors of a request that was answered come out of its body as well.
    request.on('error', (cause) => {
      reject(signal.aborted ? signal.reason : new HttpFailure('malformed', { cause }))
    })
    request.end(body)
  })
}
