import { systemCaller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'

/** Longer than any request lives: what is still reserved then was left by a crash. */
export const ABANDONED_AFTER_MS = 2 * 60_000

const ROWS_A_ROUND = 100

/**
 * Closes reservations that nobody is working on any more. Whether they were signed is unknown, so they are never
 * signed again, answered as revoked and listed on the CRL until their planned end.
 * @returns how many were closed
 */
export async function recoverReservations(engine: Engine): Promise<number> {
  for (let closed = 0; ; ) {
    const round = await recoverRound(engine)
    closed += round.closed
    if (round.found < ROWS_A_ROUND) return closed
  }
}

function recoverRound(engine: Engine): Promise<{ readonly found: number; readonly closed: number }> {
  return engine.store.write(function* (transaction) {
    const now = engine.clock.now()
    const open = yield* transaction.certificates.openReservations(now - ABANDONED_AFTER_MS, ROWS_A_ROUND)
    let closed = 0
    for (const record of open) {
      // Its owner may have completed it between the two statements.
      if (!(yield* transaction.certificates.end(record.id, 'closed'))) continue
      yield* transaction.status.markCrlDue(record.authorityId)
      transaction.record({
        action: 'certificate.closed',
        at: now,
        actor: systemCaller.actor,
        accountId: record.accountId,
        object: `certificate:${record.id}`,
        requestId: null,
        detail: { reason: 'abandoned', reservedAt: record.createdAt },
      })
      closed++
    }
    return { found: open.length, closed }
  })
}
