import type { AccountRecord } from '../../core/accounts/account.ts'
import type { AccountId, Instant } from '../../core/brand.ts'
import type { Engine } from '../../core/engine.ts'
import { Fault } from '../../core/faults.ts'
import { windowsFor } from '../../core/limits/limits.ts'
import type { RateWindow } from '../../core/store/admissions.ts'
import type { Program } from '../../core/store/program.ts'
import type { Transaction, View } from '../../core/store/store.ts'

/** What is counted: CAs, or certificates made and reissued. */
export type Created = 'authorities' | 'certificates'

/**
 * Refuses early, before keys are made, what the exact check would refuse anyway.
 * @throws Fault rate_exceeded
 */
export async function refuseEarly(engine: Engine, created: Created, account: AccountRecord): Promise<void> {
  for (const window of windowsOf(engine, created, account)) {
    await engine.store.read((view) => refuseExceeding(view, window, created, account.id, engine.clock.now()))
  }
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
  created: Created,
  account: AccountRecord,
): (transaction: Transaction) => Program<void> {
  const windows = windowsOf(engine, created, account)
  return function* (transaction) {
    if (windows.length === 0) return
    yield* transaction.accounts.hold(account.id)
    for (const window of windows) {
      yield* refuseExceeding(transaction, window, created, account.id, engine.clock.now())
    }
  }
}

function windowsOf({ settings }: Engine, created: Created, account: AccountRecord): readonly RateWindow[] {
  const limit = `tinycert.${created}` as const
  return windowsFor(limit, settings.limits[limit], account, undefined)
}

function* refuseExceeding(
  view: View,
  { limit, windowMs }: RateWindow,
  created: Created,
  account: AccountId,
  now: Instant,
): Program<void> {
  const used = yield* countSince(view, created, account, now - windowMs + 1)
  if (used < limit) return
  // What lies more than a window ahead was created while the clock ran ahead, and would count until it is there again.
  const ahead = yield* countSince(view, created, account, now + windowMs)
  if (used - ahead < limit) return
  // The shortest wait after which enough of them lie outside the window.
  let shortest = 1
  let longest = windowMs
  while (shortest < longest) {
    const wait = Math.floor((shortest + longest) / 2)
    const left = yield* countSince(view, created, account, now + wait - windowMs + 1)
    if (left - ahead < limit) longest = wait
    else shortest = wait + 1
  }
  throw new Fault('rate_exceeded', { limit, windowMs, retryAfterMs: shortest })
}

/** The window is open at its far end: what was created `windowMs` ago to the millisecond has left it. */
function countSince(view: View, created: Created, account: AccountId, since: Instant): Program<number> {
  return view[created].countCreatedSince(account, 'tinycert', since)
}
