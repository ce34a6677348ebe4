import type { AccountId, Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'

/** One call in so many tidies up; each then removes more than came since. */
const tidyEvery = 32
const tidied = 1_000

/**
 * Uses up a value that an account's caller may use once. Exact when the same value comes twice at the same moment,
 * to whichever process.
 *
 * @param until how long it is remembered; what carries it must not be accepted later than that
 * @returns false when it was used before
 */
export function spendNonce(
  { clock, random, store }: Pick<Engine, 'clock' | 'random' | 'store'>,
  account: AccountId,
  nonce: string,
  until: Instant,
): Promise<boolean> {
  const spender = random.bytes(16)
  return store.write(function* (transaction) {
    const now = clock.now()
    if ((spender[0] ?? 0) % tidyEvery === 0) yield* transaction.runtime.dropEndedLeases(now, tidied)
    // A lease that nobody gives back: the first to take it has spent the value.
    const holder = Buffer.from(spender).toString('hex')
    return yield* transaction.runtime.takeLease(`nonce:${account}:${nonce}`, holder, now, until)
  })
}
