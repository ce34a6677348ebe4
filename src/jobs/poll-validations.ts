import { lookAtDomains, lookAtOrders } from '../core/domains/look-again.ts'
import { sendDueMails } from '../core/domains/send-approvals.ts'
import type { Engine } from '../core/engine.ts'
import type { Job } from './schedule.ts'

const EVERY_MS = 5_000
const ITEMS_A_ROUND = 50

/**
 * Looks again for random values that were not published yet, sends approval mails that the mail server did not take,
 * and issues what has become ready. Checks that somebody asks for change nothing of its times.
 */
export function pollValidationsJob(engine: Engine): Job {
  return {
    name: 'validations',
    everyMs: EVERY_MS,
    async run(signal) {
      for (const round of [lookAtDomains, lookAtOrders, sendMails]) {
        while (!signal.aborted && (await round(engine, ITEMS_A_ROUND, signal)) === ITEMS_A_ROUND);
      }
    },
  }
}

async function sendMails(engine: Engine, limit: number): Promise<number> {
  return await sendDueMails(engine, engine.clock.now(), limit)
}
