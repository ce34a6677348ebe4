import type { FastifyReply, FastifyRequest } from 'fastify'

/** Longest body beyond the limit that is taken in all the same, unread. */
const furthestTaken = 16 * 1024 * 1024

/**
 * Keeps the connection of a body that was refused as too large. Fastify closes it, which to a client that is still
 * sending is a reset in the place of its answer; what has an end near enough is let in and forgotten as it comes.
 */
export function takeLargeBody(request: FastifyRequest, reply: FastifyReply): void {
  if (reply.statusCode !== 413) return
  const announced = Number(request.headers['content-length'] ?? Number.NaN)
  if (announced <= furthestTaken) reply.removeHeader('connection')
}
