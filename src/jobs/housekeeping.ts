import { dropIdleSessions } from '../core/accounts/session-use.ts'
import { systemCaller } from '../core/audit/caller.ts'
import { markChains } from '../core/audit/mark-chains.ts'
import { recoverReservations } from '../core/certificates/recover.ts'
import type { Engine } from '../core/engine.ts'
import { forgetOldFailures } from '../core/limits/failed-attempts.ts'
import { REMEMBERED_MS } from '../core/limits/once.ts'
import { isLaterMark, readSigningMark, signingMarkText } from '../core/signing-mark.ts'
import type { OcspService } from '../core/status/answer-ocsp.ts'
import type { Job } from './schedule.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const SESSIONS_A_ROUND = 1_000
const REQUESTS_A_ROUND = 1_000

/** Closes what a crash left reserved. */
export function recoveryJob(engine: Engine): Job {
  return {
    name: 'recovery',
    everyMs: MINUTE_MS / 2,
    async run() {
      const closed = await recoverReservations(engine)
      if (closed > 0) engine.log.warn({ closed }, 'certificates left unfinished by a crash were closed')
    },
  }
}

/** Drops sessions that nobody used for as long as they live. */
export function idleSessionsJob(engine: Engine): Job {
  return {
    name: 'sessions',
    everyMs: 5 * MINUTE_MS,
    async run(signal) {
      while (!signal.aborted) {
        if ((await dropIdleSessions(engine, SESSIONS_A_ROUND)) < SESSIONS_A_ROUND) return
      }
    },
  }
}

/** Forgets addresses that failed to log in long ago. */
export function oldFailuresJob(engine: Engine): Job {
  return {
    name: 'failed-attempts',
    everyMs: 5 * MINUTE_MS,
    async run(signal) {
      while (!signal.aborted && (await forgetOldFailures(engine))) {
        // A round at a time.
      }
    },
  }
}

/** Drops requests whose idempotency keys are not remembered any more. */
export function oldRequestsJob(engine: Engine): Job {
  return {
    name: 'requests',
    everyMs: 5 * MINUTE_MS,
    async run(signal) {
      const before = engine.clock.now() - REMEMBERED_MS
      while (!signal.aborted) {
        const removed = await engine.store.write((transaction) =>
          transaction.idempotency.removeOlder(before, REQUESTS_A_ROUND),
        )
        if (removed < REQUESTS_A_ROUND) return
      }
    },
  }
}

/** Tells the audit log how many OCSP answers were given: single ones would drown it. */
export function ocspCountsJob(engine: Engine, ocsp: OcspService): Job {
  return {
    name: 'ocsp-counts',
    everyMs: MINUTE_MS,
    async run() {
      const counts = ocsp.takeCounts()
      if (counts.size === 0) return
      await engine.store.write(function* (transaction) {
        transaction.record({
          action: 'ocsp.answered',
          at: engine.clock.now(),
          actor: systemCaller.actor,
          accountId: null,
          object: 'ocsp',
          requestId: null,
          detail: Object.fromEntries(counts),
        })
      })
    },
  }
}

/**
 * Keeps the latest signing time in the store once a minute, for the next process to compare its clock with, and learns
 * of others': at once when one accepted that the clock was put back.
 */
export function signingClockJob(engine: Engine): Job {
  const { clock, log, signingGate, store } = engine
  let epoch = -1
  let rounds = 0
  return {
    name: 'signing-clock',
    everyMs: SECOND_MS,
    async run() {
      // Where the clock is behind, whoever is asked to confirm that has to find the mark.
      const isBehind = signingGate.refusal(clock.now()) === 'clock'
      const isTime = rounds++ % (MINUTE_MS / SECOND_MS) === 0 || isBehind
      const current = store.configurationEpoch()
      if (!isTime && current === epoch) return
      const known = signingGate.mark()
      const stored = readSigningMark(await store.read((view) => view.runtime.setting('last-signing')))
      signingGate.learn(stored)
      epoch = current
      if (stored.steps > known.steps) {
        log.warn({ before: known.at, now: stored.at }, 'the clock was put back, as an operator confirmed')
      }
      if (!isTime || !isLaterMark(signingGate.mark(), stored)) return
      await store.write(function* ({ runtime }) {
        // Another process may have told of later ones, or an operator accepted a step, since it was read.
        signingGate.learn(readSigningMark(yield* runtime.holdSetting('last-signing')))
        yield* runtime.setSetting('last-signing', signingMarkText(signingGate.mark()))
      })
    },
  }
}

/** Marks the audit chains outside the database, so that rows cut off at their end are missed. */
export function auditMarksJob(engine: Engine): Job {
  return {
    name: 'audit-marks',
    everyMs: MINUTE_MS,
    run: () => markChains(engine),
  }
}
