import type { AccountId, Instant } from '../../core/brand.ts'
import type { Engine } from '../../core/engine.ts'
import { Fault } from '../../core/faults.ts'
import type { Program } from '../../core/store/program.ts'
import type { Transaction, View } from '../../core/store/store.ts'

/** At most `limit` in any stretch of `windowMs`. */
export interface CreationRate {
  readonly limit: number
  readonly windowMs: number
}

/** How fast one account may create. Undefined: as fast as it likes. */
export interface CreationRates {
  readonly authorities: CreationRate | undefined
  readonly certificates: CreationRate | undefined
}

export type Created = keyof CreationRates

/**
 * Refuses early, before keys are made, what the exact check would refuse anyway.
 * @throws Fault rate_exceeded
 */
export async function refuseEarly(
  engine: Engine,
  rates: CreationRates,
  created: Created,
  account: AccountId,
): Promise<void> {
  const rate = rates[created]
  if (rate === undefined) return
  await engine.store.read((view) => refuseExceeding(view, rate, created, account, engine.clock.now()))
}

/**
 * The exact check, to run in the transaction that reserves what is created: the account is held, so calls at
 * the same moment, on whichever process, are counted one after the other. What was reserved and came to nothing
 * does not count.
 *
 * @throws Fault rate_exceeded
 */
export function exactly(
  engine: Engine,
  rates: CreationRates,
  created: Created,
  account: AccountId,
): (transaction: Transaction) => Program<void> {
  const rate = rates[created]
  return function* (transaction) {
    if (rate === undefined) return
    yield* transaction.accounts.hold(account)
    yield* refuseExceeding(transaction, rate, created, account, engine.clock.now())
  }
}

function* refuseExceeding(
  view: View,
  { limit, windowMs }: CreationRate,
  created: Created,
  account: AccountId,
  now: Instant,
): Program<void> {
  if ((yield* countSince(view, created, account, now - windowMs + 1)) < limit) return
  // The shortest wait after which enough of them lie outside the window.
  let shortest = 1
  let longest = windowMs
  while (shortest < longest) {
    const wait = Math.floor((shortest + longest) / 2)
    const left = yield* countSince(view, created, account, now + wait - windowMs + 1)
    if (left < limit) longest = wait
    else shortest = wait + 1
  }
  throw new Fault('rate_exceeded', { limit, windowMs, retryAfterMs: shortest })
}

/** The window is open at its far end: what was created `windowMs` ago to the millisecond has left it. */
function countSince(view: View, created: Created, account: AccountId, since: Instant): Program<number> {
  return view[created].countCreatedSince(account, 'tinycert', since)
}
