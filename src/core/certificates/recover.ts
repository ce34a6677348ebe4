import { systemCaller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import type { CertificateRecord } from './certificate.ts'

/** Longer than any request lives: what is still reserved then was left by a crash. */
export const ABANDONED_AFTER_MS = 2 * 60_000

const ROWS_A_ROUND = 100

/**
 * Closes reservations that nobody is working on any more. Whether they were signed is unknown, so they are never
 * signed again, answered as revoked and listed on the CRL until their planned end.
 * @returns how many were closed
 */
export function recoverReservations(parts: Parts): Promise<number> {
  return closeAll(parts, ({ certificates }, now) =>
    certificates.openReservations(now - ABANDONED_AFTER_MS, ROWS_A_ROUND),
  )
}

/**
 * The same for those of later than `at`: a clock made them that ran ahead, so that they would not be old for as long.
 * @returns how many were closed
 */
export function recoverReservationsAfter(parts: Parts, at: Instant): Promise<number> {
  return closeAll(parts, ({ certificates }) => certificates.openReservationsAfter(at, ROWS_A_ROUND))
}

type Parts = Pick<Engine, 'clock' | 'store'>
type Picking = (transaction: Transaction, now: Instant) => Program<readonly CertificateRecord[]>

async function closeAll(parts: Parts, pick: Picking): Promise<number> {
  for (let closed = 0; ; ) {
    const round = await closeRound(parts, pick)
    closed += round.closed
    if (round.found < ROWS_A_ROUND) return closed
  }
}

function closeRound(
  { clock, store }: Parts,
  pick: Picking,
): Promise<{ readonly found: number; readonly closed: number }> {
  return store.write(function* (transaction) {
    const now = clock.now()
    const open = yield* pick(transaction, now)
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
