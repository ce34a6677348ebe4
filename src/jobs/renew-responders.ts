import type { AuthorityId, Instant } from '../core/brand.ts'
import type { Engine } from '../core/engine.ts'
import { RESPONDER_RENEWED_BEFORE_MS, renewResponder } from '../core/status/renew-responder.ts'
import { underLease } from './lease.ts'
import type { Job } from './schedule.ts'

const TICK_MS = 1_000
const CAS_A_ROUND = 50
const HOLD_MS = 60_000

/** Gives every CA an OCSP signer, and a new one in time. */
export function renewRespondersJob(engine: Engine, holder: string): Job {
  return {
    name: 'responder',
    everyMs: TICK_MS,
    async run(signal) {
      const now = engine.clock.now()
      const before = now + RESPONDER_RENEWED_BEFORE_MS
      const due = await engine.store.read((view) =>
        view.authorities.withoutResponderAt(now, before, CAS_A_ROUND),
      )
      for (const id of due) {
        if (signal.aborted) return
        try {
          await underLease(engine, `responder:${id}`, holder, HOLD_MS, async () => {
            // Another process may have made it and given the lease back since the list was read.
            if (await isDue(engine, id, before)) await renewResponder(engine, id)
          })
        } catch (cause) {
          engine.log.error({ authority: id, cause }, 'an OCSP signer could not be made')
        }
      }
    },
  }
}

async function isDue(engine: Engine, id: AuthorityId, before: Instant): Promise<boolean> {
  const { responder, authority } = await engine.store.read(function* (view) {
    return {
      responder: yield* view.authorities.responder(id),
      authority: yield* view.authorities.byId(id),
    }
  })
  return responder === undefined || responder.notAfter < Math.min(before, authority?.notAfter ?? 0)
}
