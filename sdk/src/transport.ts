/** One HTTP request. The headers hold the API key. */
export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
}

export interface TransportResponse {
  readonly status: number
  /** @param name in lower case */
  header(name: string): string | null
  /** Rejects when the connection breaks before the whole body is there. */
  text(): Promise<string>
}

/**
 * Carries one request, without repeating it and without following redirects: those would take the API key to an
 * address that nobody chose.
 *
 * @throws {NotSentError} when the server cannot have seen the request; anything else leaves that open
 */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>

/** The connection was never made: name unknown, refused, TLS not agreed on. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError'
}

/** The part of `fetch` that is used, so that a wrapper around it fits as well. */
export type Fetch = (
  url: string,
  init: {
    method: string
    headers: Record<string, string>
    body?: string
    signal: AbortSignal
    redirect: 'manual'
    cache: 'no-store'
    credentials: 'omit'
  },
) => Promise<Pick<Response, 'status' | 'text'> & { readonly headers: Pick<Headers, 'get'> }>

/**
 * The transport of every platform that has `fetch`. Bring another `fetch` to set what the platform keeps outside it:
 * a client certificate, a proxy, a trusted root.
 */
export function fetchTransport(fetch: Fetch = (url, init) => globalThis.fetch(url, init)): Transport {
  return async ({ method, url, headers, body, signal }) => {
    try {
      const response = await fetch(url, {
        method,
        headers: { ...headers },
        ...(body !== undefined && { body }),
        signal,
        redirect: 'manual',
        cache: 'no-store',
        credentials: 'omit',
      })
      return {
        status: response.status,
        header: (name) => response.headers.get(name),
        text: () => response.text(),
      }
    } catch (error) {
      if (neverConnected(error)) throw new NotSentError('the connection could not be made', { cause: error })
      throw error
    }
  }
}

/** Codes of Node.js, Bun and Deno's Node layer for a connection that was not made, certificate checks included. */
const connectFailures =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused|ERR_TLS_.*|CERT_.*|ERR_SSL_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*)$/

/** The platforms put the code on the error itself, on its cause, or on each error of a bundle (one per address). */
function neverConnected(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 3) return false
  if ('code' in error && typeof error.code === 'string' && connectFailures.test(error.code)) return true
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.every((each) => neverConnected(each, depth + 1))
  }
  return neverConnected(error.cause, depth + 1)
}
