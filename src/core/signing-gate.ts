import type { Instant } from './brand.ts'
import { Fault, type FaultDetails } from './faults.ts'
import { isLaterMark, type SigningMark } from './signing-mark.ts'

type Reason = FaultDetails['signing_refused']['reason']

/** How far a clock may step back, or two machines may differ, before signing stops. */
export const TOLERATED_STEP_MS = 5 * 60_000

/**
 * Stands before every signature of a CA: the wall clock is an input, and a store that was put back from an old copy
 * must not sign. A store that cannot write needs no word here: a signature needs its reservation.
 */
export interface SigningGate {
  /**
   * @param now the time that goes into what is signed
   * @throws Fault signing_refused
   */
  admit(now: Instant): void
  /** Why nothing would be signed at this time, or undefined. */
  refusal(now: Instant): Reason | undefined
  /** Refuses from now on, for the first reason given. */
  shut(reason: Reason): void
  /** Admits again what was shut for this reason. */
  reopen(reason: Reason): void
  /** Why it is shut, or undefined. */
  shutFor(): Reason | undefined
  /** The latest time anything was signed at, by this process or one before it. */
  lastSigning(): Instant
  /** The same with the steps back that operators accepted, for other processes. */
  mark(): SigningMark
  /** Learns what other processes signed last, or that an operator accepted a step back. */
  learn(mark: SigningMark): void
}

/** @param lastSigning 0 when nothing was ever signed */
export function createSigningGate(lastSigning: Instant): SigningGate {
  let { at: last, steps }: SigningMark = { at: lastSigning, steps: 0 }
  const reasons = new Set<Reason>()
  const refusal = (now: Instant): Reason | undefined => {
    for (const reason of reasons) return reason
    return now < last - TOLERATED_STEP_MS ? 'clock' : undefined
  }
  return {
    admit(now) {
      const reason = refusal(now)
      if (reason !== undefined) throw new Fault('signing_refused', { reason })
      if (now > last) last = now
    },
    refusal,
    shut: (reason) => void reasons.add(reason),
    reopen: (reason) => void reasons.delete(reason),
    shutFor: () => [...reasons][0],
    lastSigning: () => last,
    mark: () => ({ at: last, steps }),
    learn(mark) {
      if (isLaterMark(mark, { at: last, steps })) ({ at: last, steps } = mark)
    },
  }
}
