import type { IncomingMessage } from 'node:http'
import { RequestRefusal } from './request-refusal.ts'

/** Bounds on the head of a request; body and time are bounded by the listener itself. */
export interface HeadLimits {
  readonly urlBytes: number
  readonly headerCount: number
  readonly headerBytes: number
}

/** What Node's parser may read before our own, exact check: the longest target and the largest fields together. */
export function parserHeadBytes({ urlBytes, headerBytes }: HeadLimits): number {
  return urlBytes + headerBytes + 64
}

/**
 * The refusal of a request by its head, or undefined. HTTP/1.1 needs a Host (RFC 9112 section 3.2). Bodies in a content coding are refused because nothing
 * here inflates what a stranger sends.
 */
export function headRefusal(request: IncomingMessage, limits: HeadLimits): RequestRefusal | undefined {
  const { rawHeaders } = request
  if (request.headers.host === undefined && request.httpVersion !== '1.0') {
    return new RequestRefusal('host_missing', 'an HTTP/1.1 request needs the field Host')
  }
  if ((request.url ?? '').length > limits.urlBytes) {
    return new RequestRefusal('target_too_long', `the request target is longer than ${limits.urlBytes} bytes`)
  }
  if (rawHeaders.length > 2 * limits.headerCount) {
    return new RequestRefusal('too_many_headers', `more than ${limits.headerCount} header fields`)
  }
  let bytes = 0
  for (const part of rawHeaders) bytes += part.length + 2
  if (bytes > limits.headerBytes) {
    return new RequestRefusal('headers_too_large', `header fields of more than ${limits.headerBytes} bytes`)
  }
  const coding = request.headers['content-encoding']
  if (coding !== undefined && coding.toLowerCase() !== 'identity') {
    return new RequestRefusal(
      'content_encoding_refused',
      'request bodies are read without content coding only',
    )
  }
  return undefined
}
