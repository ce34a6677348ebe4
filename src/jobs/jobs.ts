import type { Engine } from '../core/engine.ts'
import type { OcspService } from '../core/status/answer-ocsp.ts'
import { deliverWebhooksJob } from './deliver-webhooks.ts'
import { followOrdersJob } from './follow-orders.ts'
import {
  auditMarksJob,
  idleSessionsJob,
  ocspCountsJob,
  oldFailuresJob,
  oldRequestsJob,
  recoveryJob,
  signingClockJob,
} from './housekeeping.ts'
import { pollValidationsJob } from './poll-validations.ts'
import { type FailingCrls, publishCrlsJob } from './publish-crls.ts'
import { renewRespondersJob } from './renew-responders.ts'
import { startSchedule } from './schedule.ts'
import { tellEndingsJob } from './tell-endings.ts'
import { tellEndsJob } from './tell-ends.ts'

/** The background work of one process; others on the same store share it by leases. */
export interface Jobs {
  /** Empty when all is well. */
  readonly failingCrls: FailingCrls
  stop(): Promise<void>
}

export function startJobs(engine: Engine, ocsp: OcspService): Jobs {
  const holder = Buffer.from(engine.random.bytes(16)).toString('hex')
  const crls = publishCrlsJob(engine, holder)
  const counts = ocspCountsJob(engine, ocsp)
  const schedule = startSchedule(
    [
      crls,
      renewRespondersJob(engine, holder),
      tellEndsJob(engine, holder),
      recoveryJob(engine),
      followOrdersJob(engine),
      pollValidationsJob(engine),
      idleSessionsJob(engine),
      oldRequestsJob(engine),
      oldFailuresJob(engine),
      counts,
      signingClockJob(engine),
      auditMarksJob(engine),
      deliverWebhooksJob(engine),
      tellEndingsJob(engine, holder),
    ],
    engine.log,
  )
  return {
    failingCrls: crls.failing,
    async stop() {
      await schedule.stop()
      // What was counted since the last run would be lost.
      await counts.run(new AbortController().signal)
    },
  }
}
