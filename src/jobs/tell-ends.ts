import type { Engine } from '../core/engine.ts'
import { tellCredentialEnds } from '../core/service-users/tell-ends.ts'
import { underLease } from './lease.ts'
import type { Job } from './schedule.ts'

const everyMs = 10 * 60_000
const holdMs = 10 * 60_000

/** Tells people in time that credentials of theirs end. */
export function tellEndsJob(engine: Engine, holder: string): Job {
  return {
    name: 'credential-ends',
    everyMs,
    async run(signal) {
      await underLease(engine, 'credential-ends', holder, holdMs, async () => {
        const told = await tellCredentialEnds(engine, signal)
        if (told > 0) engine.log.info({ told }, 'owners were told that credentials of theirs end')
      })
    },
  }
}
