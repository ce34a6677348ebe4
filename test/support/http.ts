import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { connect } from 'node:net'

export interface HttpOptions {
  /** GET unless given, POST when there is a body. */
  readonly method?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: Uint8Array | string
  /** Trusted roots for https, PEM. The server's certificate is not checked without them. */
  readonly ca?: string | Buffer
  /** Name in the TLS handshake and to check the certificate against; the URL's host unless given. */
  readonly servername?: string
  /** Client certificate and key, PEM. */
  readonly cert?: string | Buffer
  readonly key?: string | Buffer
  /** Sent as is, without the normalising of `new URL`: for doubled slashes and the like. */
  readonly path?: string
  /** An answer later than this is an error; two minutes unless given. */
  readonly timeoutMs?: number
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly text: string
  /** The body read as JSON. Throws SyntaxError when it is none. */
  json(): unknown
}

/** One request over a connection of its own, closed afterwards. Any status is an answer. */
export function httpRequest(url: string | URL, options: HttpOptions = {}): Promise<HttpAnswer> {
  const { body, ca, cert, key, path, servername, timeoutMs = 120_000 } = options
  const target = new URL(url)
  const send = target.protocol === 'https:' ? tlsRequest : plainRequest
  return new Promise((resolve, reject) => {
    const request = send(target, {
      method: options.method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        connection: 'close',
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
        ...options.headers,
      },
      agent: false,
      rejectUnauthorized: ca !== undefined,
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(path === undefined ? {} : { path }),
      ...(servername === undefined ? {} : { servername }),
    })
    const timer = setTimeout(() => request.destroy(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs)
    request.on('close', () => clearTimeout(timer))
    request.on('error', reject)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const whole = Buffer.concat(chunks)
        const text = whole.toString()
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: whole,
          text,
          json: () => JSON.parse(text),
        })
      })
    })
    request.end(body)
  })
}

/**
 * Sends bytes as they are over a plain connection and collects what comes back until the server closes it or
 * the time is over. For requests that no client library would send.
 */
export function exchangeRaw(
  url: string | URL,
  bytes: Uint8Array | string,
  { timeoutMs = 60_000 }: { readonly timeoutMs?: number } = {},
): Promise<{ readonly answer: string; readonly closed: boolean }> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    const finish = (closed: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ answer: Buffer.concat(chunks).toString('latin1'), closed })
    }
    const timer = setTimeout(() => finish(false), timeoutMs)
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    // A reset is a way of closing.
    socket.on('error', () => finish(true))
    socket.on('close', () => finish(true))
  })
}
