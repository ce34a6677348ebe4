/**
 * Lets requests in one at a time, and callers by turns: between two requests of a caller with many connections the
 * event loop sees whoever else calls, who then comes next. A caller who is alone waits for nobody.
 */
export class FairTurns {
  readonly #soon: (run: () => void) => void
  /** What waits, by caller, in the order in which it is the callers' turn. */
  readonly #waiting = new Map<string, (() => void)[]>()
  #isTaken = false

  /** @param soon runs something when the event loop has looked for what came in meanwhile */
  constructor(soon: (run: () => void) => void) {
    this.#soon = soon
  }

  /**
   * Resolves when it is this request's turn; undefined: at once.
   * @param caller names who calls
   */
  next(caller: string): Promise<void> | undefined {
    if (!this.#isTaken) {
      this.#isTaken = true
      this.#soon(this.#pass)
      return undefined
    }
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(caller)
      if (waiting === undefined) this.#waiting.set(caller, [resolve])
      else waiting.push(resolve)
    })
  }

  readonly #pass = (): void => {
    const [first] = this.#waiting
    if (first === undefined) {
      this.#isTaken = false
      return
    }
    const [caller, waiting] = first
    this.#waiting.delete(caller)
    waiting.shift()?.()
    if (waiting.length > 0) this.#waiting.set(caller, waiting)
    this.#soon(this.#pass)
  }
}
