import { Fault } from '../../core/faults.ts'

/** What a request of an API asks for, in order of what is refused last. */
export type Work = 'revocation' | 'issuance' | 'listing'

/** Share of the room up to which each class is admitted: what is left above it is kept for the classes before it. */
const shares: { readonly [Class in Work]: number } = { revocation: 1, issuance: 0.8, listing: 0.6 }
const retryAfterMs = 2_000
/**
 * Requests of one connection at once at most: answers of a connection go out in order, so that a caller who sends many
 * without waiting would hold room with those that are answered as well.
 */
const MOST_OF_CONNECTION = 8

/**
 * Bounds how many requests of the APIs a request loop works on at once, over all its listeners, so that beyond capacity
 * some are refused early and the others are answered in time. Status services are not counted: they are never refused.
 */
export class WorkLimit {
  readonly #maximum: number
  readonly #ofConnection = new WeakMap<object, number>()
  #inFlight = 0

  /** @param maximum requests at once */
  constructor(maximum: number) {
    this.#maximum = maximum
  }

  /**
   * Takes a request in; whoever does calls `leave` when it is answered or given up.
   * @param connection what it came by
   * @throws Fault overloaded
   */
  enter(work: Work, connection: object): void {
    const others = this.#ofConnection.get(connection) ?? 0
    if (others >= MOST_OF_CONNECTION || this.#inFlight >= this.#maximum * shares[work]) {
      throw new Fault('overloaded', { retryAfterMs })
    }
    this.#ofConnection.set(connection, others + 1)
    this.#inFlight += 1
  }

  leave(connection: object): void {
    this.#ofConnection.set(connection, (this.#ofConnection.get(connection) ?? 1) - 1)
    this.#inFlight -= 1
  }
}

/** Where a face says nothing else: reading is listing, and what names revocation is that. */
export function usualWork(method: string, path: string): Work {
  if (path.includes('/revoke')) return 'revocation'
  return method === 'GET' || method === 'HEAD' ? 'listing' : 'issuance'
}
