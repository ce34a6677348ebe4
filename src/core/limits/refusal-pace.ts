/** Refusals are answered this far apart. */
const APART_MS = 1
/** Most refusals that wait: small beside the requests a loop takes in at once, which they are counted among. */
const MOST_WAITING = 32

/**
 * Answers requests over their limit one at a time, so that a caller who floods does not fill every turn of the event
 * loop: whoever else calls waits behind one refusal, not behind all his connections. Nobody waits for longer than
 * some tens of milliseconds, and a caller with few connections sends no faster than he is answered.
 */
export class RefusalPace {
  readonly #later: (run: () => void, milliseconds: number) => void
  readonly #waiting: (() => void)[] = []
  #resting = false

  /** @param later runs something once, after that time */
  constructor(later: (run: () => void, milliseconds: number) => void) {
    this.#later = later
  }

  /** Resolves when it is this refusal's turn; undefined: at once. When too many wait, the first is let go early. */
  turn(): Promise<void> | undefined {
    if (!this.#resting) {
      this.#rest()
      return undefined
    }
    if (this.#waiting.length >= MOST_WAITING) this.#waiting.shift()?.()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #rest(): void {
    this.#resting = true
    this.#later(() => {
      const next = this.#waiting.shift()
      if (next === undefined) {
        this.#resting = false
        return
      }
      next()
      this.#rest()
    }, APART_MS)
  }
}
