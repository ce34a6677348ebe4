import type { Instant } from './brand.ts'
import { Fault, type FaultDetails } from './faults.ts'

type Reason = FaultDetails['signing_refused']['reason']

/** How far a clock may step back, or two machines may differ, before signing stops. */
const TOLERATED_STEP_MS = 5 * 60_000

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
  /** Refuses from now on, for the first reason given. */
  shut(reason: Reason): void
  /** Admits again what was shut for this reason. */
  reopen(reason: Reason): void
  /** Why it is shut, or undefined. */
  shutFor(): Reason | undefined
  /** The latest time anything was signed at, by this process or one before it. */
  lastSigning(): Instant
  /** Learns of a later signing by another process. */
  learn(at: Instant): void
}

/** @param lastSigning as the store remembers it; 0 when nothing was ever signed */
export function createSigningGate(lastSigning: Instant): SigningGate {
  let last = lastSigning
  const reasons = new Set<Reason>()
  return {
    admit(now) {
      for (const reason of reasons) throw new Fault('signing_refused', { reason })
      if (now < last - TOLERATED_STEP_MS) throw new Fault('signing_refused', { reason: 'clock' })
      if (now > last) last = now
    },
    shut: (reason) => void reasons.add(reason),
    reopen: (reason) => void reasons.delete(reason),
    shutFor: () => [...reasons][0],
    lastSigning: () => last,
    learn(at) {
      if (at > last) last = at
    },
  }
}
