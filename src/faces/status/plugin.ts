import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify'
import { authorityId } from '../../core/brand.ts'
import type { Clock } from '../../core/environment.ts'
import { isFault } from '../../core/faults.ts'
import { retryAfterSeconds } from '../../core/limits/retry-after.ts'
import { tellFailure } from '../../core/limits/tell-failure.ts'
import type { OcspAnswer, OcspService } from '../../core/status/answer-ocsp.ts'
import type { Store } from '../../core/store/store.ts'
import { parseCertificate } from '../../pki/certificate.ts'
import { isPkiError } from '../../pki/errors.ts'
import { decodeOcspGetPath } from '../../pki/ocsp-get-path.ts'
import { encodeOcspError } from '../../pki/ocsp-response.ts'
import { type Cacheable, sendCacheable } from './conditional.ts'
import { createCrlCache } from './crl-cache.ts'

/** What the status services are built from. */
export interface StatusFaceParts {
  readonly store: Store
  readonly ocsp: OcspService
  readonly clock: Clock
  /** How long caches may keep a CRL or an OCSP answer, in seconds: a revocation is hidden that long at most. */
  readonly maxAgeSeconds: number
}

const OCSP_RESPONSE = 'application/ocsp-response'
const OCSP_BODY_LIMIT = 16 * 1024

/** `/ocsp/{ca}`, `/crl/{ca}.crl` and `/aia/{ca}.crt`: unauthenticated, over plain HTTP, cacheable. */
export function statusFace(parts: StatusFaceParts): FastifyPluginCallback {
  const crls = createCrlCache(parts.store)
  return (server: FastifyInstance, _options, done) => {
    // Whatever type is declared, the octets decide: clients exist that declare none.
    server.removeAllContentTypeParsers()
    server.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: OCSP_BODY_LIMIT },
      (_request, body, next) => next(null, body),
    )
    server.setErrorHandler(answerError)
    server.post('/ocsp/:ca', async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      return sendPosted(reply, await parts.ocsp.answer(body))
    })
    server.get<{ Params: { '*': string } }>('/ocsp/:ca/*', async (request, reply) =>
      sendGot(request, reply, parts, await answerPath(parts.ocsp, pathOf(request))),
    )
    server.get<{ Params: { file: string } }>('/crl/:file', async (request, reply) => {
      const found = crlName(request.params.file)
      const crl = found === undefined ? undefined : await crls.latest(authorityId(found.id), found.shard)
      if (crl === undefined) return notFound(reply)
      return sendCacheable(request, reply, {
        body: crl.der,
        mediaType: 'application/pkix-crl',
        etag: `${crl.number}`,
        lastModified: crl.thisUpdate,
        expires: crl.nextUpdate,
        maxAgeSeconds: maxAge(parts, crl.nextUpdate),
      })
    })
    server.get<{ Params: { file: string } }>('/aia/:file', async (request, reply) => {
      const id = numberBefore(request.params.file, '.crt')
      const authority =
        id === undefined
          ? undefined
          : await parts.store.read((view) => view.authorities.byId(authorityId(id)))
      if (authority === undefined || authority.status === 'pending') return notFound(reply)
      const body = authority.certificateDer
      return sendCacheable(request, reply, {
        body,
        mediaType: 'application/pkix-cert',
        etag: digest(body),
        // Of this certificate: a renewed CA is older than what it is served with.
        lastModified: parseCertificate(body).notBefore,
        expires: authority.notAfter,
        maxAgeSeconds: maxAge(parts, authority.notAfter),
      })
    })
    done()
  }
}

/** What follows `/ocsp/{ca}/` as it stands in the request line: the router would decode it. */
function pathOf(request: FastifyRequest): string {
  const target = request.raw.url ?? ''
  const path = target.split('?', 1)[0] ?? ''
  const start = path.indexOf('/', path.indexOf('/ocsp/') + '/ocsp/'.length)
  return path.slice(start + 1)
}

function answerPath(ocsp: OcspService, path: string): Promise<OcspAnswer> | OcspAnswer {
  try {
    return ocsp.answer(decodeOcspGetPath(path))
  } catch (error) {
    if (!isPkiError(error)) throw error
    return { der: encodeOcspError('malformedRequest'), cacheable: undefined, outcome: 'malformedRequest' }
  }
}

/** RFC 6960 appendix A.2: an OCSP error is an answer of HTTP like any other. */
function sendPosted(reply: FastifyReply, { der }: OcspAnswer): FastifyReply {
  return reply.type(OCSP_RESPONSE).send(Buffer.from(der.buffer, der.byteOffset, der.length))
}

/** RFC 5019 section 6: GETs are what caches keep. */
function sendGot(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: StatusFaceParts,
  answer: OcspAnswer,
): FastifyReply {
  const { der, cacheable } = answer
  if (cacheable === undefined) {
    reply.header('Cache-Control', 'no-store')
    return sendPosted(reply, answer)
  }
  const content: Cacheable = {
    body: der,
    mediaType: OCSP_RESPONSE,
    etag: digest(der),
    lastModified: cacheable.thisUpdate,
    expires: cacheable.nextUpdate,
    maxAgeSeconds: maxAge(parts, cacheable.nextUpdate),
  }
  return sendCacheable(request, reply, content)
}

/** A store that cannot be read is no statement about a certificate. Bodies that are too large are malformed. */
function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : 500
  const isCallers = typeof status === 'number' && status >= 400 && status < 500
  if (!isCallers) tellFailure(request.log, error, {}, 'a status request failed')
  if (isFault(error, 'store_busy')) {
    reply.header('Retry-After', retryAfterSeconds(error.detail.retryAfterMs))
  }
  if (request.url.startsWith('/ocsp/')) {
    const der = encodeOcspError(isCallers ? 'malformedRequest' : 'tryLater')
    return reply
      .code(isCallers ? status : 503)
      .type(OCSP_RESPONSE)
      .send(Buffer.from(der))
  }
  return reply
    .code(isCallers ? status : 503)
    .type('text/plain')
    .send(isCallers ? 'bad request\n' : 'try later\n')
}

function notFound(reply: FastifyReply): FastifyReply {
  return reply.code(404).type('text/plain').send('not found\n')
}

function maxAge(parts: StatusFaceParts, end: number): number {
  const left = Math.floor((end - parts.clock.now()) / 1_000)
  return Math.max(0, Math.min(parts.maxAgeSeconds, left))
}

/** `12.crl` is the one CRL of CA 12, `12-3.crl` its shard 3. */
function crlName(file: string): { readonly id: number; readonly shard: number } | undefined {
  const whole = numberBefore(file, '.crl')
  if (whole !== undefined) return { id: whole, shard: 0 }
  const dash = file.indexOf('-')
  const id = dash < 0 ? undefined : numberBefore(file.slice(0, dash), '')
  const shard = dash < 0 ? undefined : numberBefore(file.slice(dash + 1), '.crl')
  return id === undefined || shard === undefined ? undefined : { id, shard }
}

/** Above every id and shard that a store holds. */
const NUMBERS_END = 2 ** 31

/** The decimal number that stands before a suffix and is all there is; undefined otherwise. */
function numberBefore(text: string, suffix: string): number | undefined {
  if (!text.endsWith(suffix)) return undefined
  const digits = text.slice(0, text.length - suffix.length)
  if (digits.length === 0 || digits.length > 10 || digits.startsWith('0')) {
    return digits === '0' ? 0 : undefined
  }
  for (const digit of digits) if (digit < '0' || digit > '9') return undefined
  const number = Number(digits)
  return number < NUMBERS_END ? number : undefined
}

function digest(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('base64url').slice(0, 22)
}
