import type { FastifyReply } from 'fastify'

/** Where nobody knows better. */
const usualSeconds = '5'

/**
 * The one place that decides how `Retry-After` is written (RFC 9110 section 10.2.3). Faces say it in whole seconds;
 * every 429 and 503 has one, also where its maker said nothing.
 *
 * @param now the time that a date counts from
 */
export function writeRetryAfter(reply: FastifyReply, form: 'seconds' | 'date', now: number): void {
  const given = reply.getHeader('retry-after')
  const isRefusal = reply.statusCode === 429 || reply.statusCode === 503
  if (given === undefined && !isRefusal) return
  const text = given === undefined ? usualSeconds : String(given)
  const isSeconds = /^[0-9]{1,9}$/.test(text)
  reply.header('retry-after', form === 'date' && isSeconds ? dateAfter(Number(text), now) : text)
}

/** Rounded up, so that nobody comes back too early. */
function dateAfter(seconds: number, now: number): string {
  return new Date((Math.ceil(now / 1_000) + seconds) * 1_000).toUTCString()
}
