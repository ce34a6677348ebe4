import type { Caller } from './audit/caller.ts'
import type { Instant } from './brand.ts'
import { ABANDONED_AFTER_MS, recoverReservationsAfter } from './certificates/recover.ts'
import type { Engine } from './engine.ts'
import { Fault } from './faults.ts'
import { TOLERATED_STEP_MS } from './signing-gate.ts'
import { readSigningMark, type SigningMark, signingMarkText } from './signing-mark.ts'
import { crlsAhead, giveUpCrls } from './status/given-up-crls.ts'
import type { Program } from './store/program.ts'
import type { View } from './store/store.ts'
import { wakeLate } from './wake-late.ts'

/** Longer than the work of any lease that is left to end by itself. */
const LONGEST_LEASE_MS = 10 * 60_000

/** What a clock left behind that ran ahead and was put back. */
export interface ClockStep {
  readonly now: Instant
  /** The latest time anything was signed at; 0: never. */
  readonly lastSigning: Instant
  /** Whether that is so far ahead that nothing is signed. */
  readonly isBehind: boolean
  /** Reservations of a later time than now: their certificates are not valid yet, and end later than they should. */
  readonly certificates: number
  /** CAs with a CRL whose thisUpdate is later. */
  readonly crls: number
  /** OCSP signers that are not valid yet. */
  readonly responders: number
}

type Parts = Pick<Engine, 'clock' | 'store' | 'signingGate'>

/** Compares the clock with what was signed. */
export async function findClockStep({ clock, store }: Pick<Parts, 'clock' | 'store'>): Promise<ClockStep> {
  return await store.read(function* (view) {
    const mark = readSigningMark(yield* view.runtime.setting('last-signing'))
    return yield* compare(view, mark, clock.now())
  })
}

/**
 * Signs again although something was signed later than now: an operator knows that the clock was ahead then and is
 * right now. Reservations that it left open are closed and what the background put off is made due first, and may be so
 * again; the rest is one transaction, so that whoever is killed has to confirm anew or has done it all: signing goes on
 * from the present time, CRLs become due, and OCSP signers and leases that begin or end too late are dropped. Numbers of
 * CRLs rise all the same, certificates stay as they are, and no event changes: this one tells where the times of the log
 * fall.
 *
 * @param presentTime as another clock tells it: whoever takes a clock that is behind for right would sign backdated
 * @returns what had been found; nothing was done when the clock is not behind
 * @throws Fault parameter_invalid (`confirm`) when the clock shows another time
 */
export async function acceptClockStep(
  { clock, store, signingGate }: Parts,
  presentTime: Instant,
  caller: Caller,
): Promise<ClockStep> {
  const found = await findClockStep({ clock, store })
  if (!found.isBehind) return found
  if (Math.abs(presentTime - found.now) > TOLERATED_STEP_MS) {
    throw new Fault('parameter_invalid', {
      parameter: 'confirm',
      reason: `the clock of this machine shows ${new Date(found.now).toISOString()}; set it right first`,
    })
  }
  await recoverReservationsAfter({ clock, store }, found.now + ABANDONED_AFTER_MS)
  await wakeLate(store, found.now)
  const { step, accepted } = await store.write(function* (transaction) {
    const now = clock.now()
    const mark = readSigningMark(yield* transaction.runtime.holdSetting('last-signing'))
    const step = yield* compare(transaction, mark, now)
    if (!step.isBehind) return { step, accepted: mark }
    const accepted: SigningMark = { at: now, steps: mark.steps + 1 }
    yield* transaction.runtime.setSetting('last-signing', signingMarkText(accepted))
    yield* giveUpCrls(transaction, yield* transaction.status.crlsAfter(now))
    yield* transaction.status.markCrlsDueAfter(now)
    yield* transaction.authorities.removeRespondersAfter(now)
    const leases = yield* transaction.runtime.dropLeasesAfter(now + LONGEST_LEASE_MS)
    transaction.configurationChanged()
    transaction.record({
      action: 'clock.step-accepted',
      at: now,
      actor: caller.actor,
      accountId: null,
      object: 'clock',
      requestId: caller.requestId,
      detail: {
        lastSigning: step.lastSigning,
        certificates: step.certificates,
        crls: step.crls,
        responders: step.responders,
        leases,
      },
    })
    return { step, accepted }
  })
  signingGate.learn(accepted)
  return step
}

function* compare(
  view: Pick<View, 'authorities' | 'certificates' | 'runtime' | 'status'>,
  mark: SigningMark,
  now: Instant,
): Program<ClockStep> {
  const crls = yield* view.status.crlsAfter(now)
  // Marks are stored once a minute: whoever signed a CRL may not have lived to tell when.
  const ahead = yield* crlsAhead(view, crls, now)
  const lastSigning = ahead.reduce((latest, { thisUpdate }) => Math.max(latest, thisUpdate), mark.at)
  return {
    now,
    lastSigning,
    isBehind: now < lastSigning - TOLERATED_STEP_MS,
    certificates: yield* view.certificates.countReservedAfter(now),
    crls: new Set(crls.map(({ authorityId }) => authorityId)).size,
    responders: yield* view.authorities.countRespondersAfter(now),
  }
}
