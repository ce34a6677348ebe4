import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * Answers `Expect: 100-continue` with 100 (RFC 9110 section 10.1.1), so that callers who wait for it, as .NET and
 * older curl do with every request for a certificate, lose no time and keep their connection. To be called when
 * the head of a request has passed all checks: a refusal comes instead of the 100.
 */
export function askForBody({ raw }: FastifyRequest, reply: FastifyReply): void {
  const { expect } = raw.headers
  if (expect === undefined || raw.httpVersion !== '1.1' || !/^100-continue$/i.test(expect)) return
  const isAnnounced =
    raw.headers['transfer-encoding'] !== undefined || Number(raw.headers['content-length'] ?? 0) > 0
  if (isAnnounced) reply.raw.writeContinue()
}
