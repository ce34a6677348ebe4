import type { AuthorityId, Instant } from '../core/brand.ts'
import type { Engine } from '../core/engine.ts'
import { publishCrl } from '../core/status/publish-crl.ts'
import { underLease } from './lease.ts'
import type { Job } from './schedule.ts'

/** CRLs that could not be made, and since when: an alarm until they can. */
export type FailingCrls = ReadonlyMap<AuthorityId, Instant>

const TICK_MS = 1_000
const CAS_A_ROUND = 50
/** Longer than the largest CRL takes. */
const HOLD_MS = 10 * 60_000
const RETRY_MS = 30_000

/**
 * Publishes CRLs that are due: at once for a CA that has none, otherwise at most once in `crlDelayMs`, so that many
 * revocations share one.
 */
export function publishCrlsJob(engine: Engine, holder: string): Job & { readonly failing: FailingCrls } {
  const failing = new Map<AuthorityId, Instant>()
  const failedAt = new Map<AuthorityId, Instant>()
  let epoch = -1
  let lastRound = 0

  async function publish(id: AuthorityId): Promise<void> {
    try {
      await underLease(engine, `crl:${id}`, holder, HOLD_MS, async () => {
        await publishCrl(engine, id)
      })
      failing.delete(id)
      failedAt.delete(id)
    } catch (cause) {
      const now = engine.clock.now()
      if (!failing.has(id)) failing.set(id, now)
      failedAt.set(id, now)
      engine.log.error({ authority: id, cause }, 'a CRL could not be published; the one before stays')
    }
  }

  return {
    name: 'crl',
    everyMs: TICK_MS,
    failing,
    async run(signal) {
      const now = engine.clock.now()
      const changed = engine.store.configurationEpoch() !== epoch
      if (!changed && Math.abs(now - lastRound) < engine.settings.crlDelayMs) return
      epoch = engine.store.configurationEpoch()
      lastRound = now
      const due = await engine.store.read((view) =>
        view.status.crlsDue(now + engine.settings.crlRenewBeforeMs, CAS_A_ROUND + failedAt.size),
      )
      for (const id of due) {
        if (signal.aborted) return
        // The clock may have been put back since.
        if (Math.abs(now - (failedAt.get(id) ?? 0)) >= RETRY_MS) await publish(id)
      }
      // More are waiting than one round takes.
      if (due.length >= CAS_A_ROUND) lastRound = 0
    },
  }
}
