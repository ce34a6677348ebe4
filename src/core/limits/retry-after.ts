/** `Retry-After` (RFC 9110 section 10.2.3): whole seconds; rounded up, so that nobody comes back too early. */
export function retryAfterSeconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1_000))
}
