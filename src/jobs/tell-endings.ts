import type { Engine } from '../core/engine.ts'
import { dropOldDeliveries } from '../core/webhooks/drop-old-deliveries.ts'
import { tellEndings } from '../core/webhooks/endings.ts'
import { underLease } from './lease.ts'
import type { Job } from './schedule.ts'

const HOUR_MS = 60 * 60_000

/** Tells webhooks of validations that end, and forgets what they were told long ago. */
export function tellEndingsJob(engine: Engine, holder: string): Job {
  return {
    name: 'endings',
    everyMs: HOUR_MS,
    async run(signal) {
      await underLease(engine, 'endings', holder, HOUR_MS, async () => {
        await tellEndings(engine, signal)
        await dropOldDeliveries(engine, signal)
      })
    },
  }
}
