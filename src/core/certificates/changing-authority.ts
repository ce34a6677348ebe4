import type { AuthorityRecord } from '../authorities/authority.ts'
import { Fault } from '../faults.ts'

/** Each attempt but the first needs another change of the CA between its checks and its reservation. */
const MOST_ATTEMPTS = 3

/** Raised in the transaction of a reservation when the CA is not what the checks before it looked at. */
class AuthorityChanged extends Error {}

/**
 * Does the checks of an issuance anew when an operator changes the CA at that moment.
 * @throws Fault store_busy when it changes again and again; what `attempt` throws
 */
export async function whileAuthorityChanges<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let count = 1; count <= MOST_ATTEMPTS; count++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof AuthorityChanged)) throw error
    }
  }
  throw new Fault('store_busy', { retryAfterMs: 1_000 })
}

/**
 * Compares what requests are checked against. Grants are read from one column, so their members keep their order.
 * @throws Fault authority_not_active; what makes `whileAuthorityChanges` start again
 */
export function requireUnchanged(known: AuthorityRecord, current: AuthorityRecord | undefined): void {
  if (current?.status !== 'active') throw new Fault('authority_not_active', {})
  const isSame =
    current.notAfter === known.notAfter &&
    current.profile === known.profile &&
    JSON.stringify(current.grants) === JSON.stringify(known.grants)
  if (!isSame) throw new AuthorityChanged()
}
