import type { Instant } from './brand.ts'
import { TOLERATED_STEP_MS } from './signing-gate.ts'

/**
 * Does a claim on a piece of work still keep others away? It ends by itself, for whoever took it may have died. One
 * that would last longer than it was given for was taken while the clock ran ahead, and has ended.
 * @param givenForMs how long claims of this kind last
 */
export function isClaimInForce(until: Instant, now: Instant, givenForMs: number): boolean {
  return now < until && until <= now + givenForMs + TOLERATED_STEP_MS
}
