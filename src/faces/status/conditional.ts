import type { FastifyReply, FastifyRequest } from 'fastify'

/** A body with what caches need to know of it. Times in milliseconds since 1970. */
export interface Cacheable {
  readonly body: Uint8Array
  readonly mediaType: string
  /** Opaque, without quotes; the same for the same octets. */
  readonly etag: string
  readonly lastModified: number
  /** The body must not be used after it. */
  readonly expires: number
  readonly maxAgeSeconds: number
}

/** Answers a GET, with 304 where the caller has these octets already (RFC 9110 section 13.1). */
export function sendCacheable(
  request: FastifyRequest,
  reply: FastifyReply,
  content: Cacheable,
): FastifyReply {
  const etag = `"${content.etag}"`
  const lastModified = new Date(content.lastModified).toUTCString()
  reply
    .header('ETag', etag)
    .header('Last-Modified', lastModified)
    .header('Expires', new Date(content.expires).toUTCString())
    .header('Cache-Control', `public, no-transform, max-age=${content.maxAgeSeconds}`)
  if (isUnchanged(request, etag, content.lastModified)) return reply.code(304).send()
  const { buffer, byteOffset, length } = content.body
  return reply.type(content.mediaType).send(Buffer.from(buffer, byteOffset, length))
}

/** If-None-Match decides alone where it is given. */
function isUnchanged(request: FastifyRequest, etag: string, lastModified: number): boolean {
  const match = request.headers['if-none-match']
  if (match !== undefined) return match === '*' || match.split(',').some((each) => stripWeak(each) === etag)
  const since = request.headers['if-modified-since']
  if (since === undefined) return false
  return Math.floor(lastModified / 1_000) * 1_000 <= Date.parse(since)
}

function stripWeak(etag: string): string {
  const text = etag.trim()
  return text.startsWith('W/') ? text.slice(2) : text
}
