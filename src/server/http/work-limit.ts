import { Fault } from '../../core/faults.ts'

/** What a request of an API asks for, in order of what is refused last. */
export type Work = 'revocation' | 'issuance' | 'listing'

/** Share of the room up to which each class is admitted: what is left above it is kept for the classes before it. */
const shares: { readonly [Class in Work]: number } = { revocation: 1, issuance: 0.8, listing: 0.6 }
const retryAfterMs = 2_000

/**
 * Bounds how many requests of the APIs a request loop works on at once, over all its listeners, so that beyond capacity
 * some are refused early and the others are answered in time. Status services are not counted: they are never refused.
 */
export class WorkLimit {
  readonly #maximum: number
  #inFlight = 0

  /** @param maximum requests at once */
  constructor(maximum: number) {
    this.#maximum = maximum
  }

  /**
   * Takes a request in; whoever does calls `leave` when it is answered or given up.
   * @throws Fault overloaded
   */
  enter(work: Work): void {
    if (this.#inFlight >= this.#maximum * shares[work]) throw new Fault('overloaded', { retryAfterMs })
    this.#inFlight += 1
  }

  leave(): void {
    this.#inFlight -= 1
  }
}

/** Where a face says nothing else: reading is listing, and what names revocation is that. */
export function usualWork(method: string, path: string): Work {
  if (path.includes('/revoke')) return 'revocation'
  return method === 'GET' || method === 'HEAD' ? 'listing' : 'issuance'
}
