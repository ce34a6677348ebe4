import { Fault } from './faults.ts'

/** Several faults of one step, in the order in which they are told: whoever asked can mend all of them at once. */
export class Faults extends Error {
  readonly faults: readonly [Fault, Fault, ...Fault[]]

  constructor(faults: readonly [Fault, Fault, ...Fault[]]) {
    super(faults.map(({ code }) => code).join(', '))
    this.name = 'Faults'
    this.faults = faults
  }
}

/** The checks of one step: each is made whatever the others find. */
export class Step {
  readonly #faults: Fault[] = []

  /** Makes a check, and keeps the fault it raises. @returns what it gives, or undefined */
  check<Result>(check: () => Result): Result | undefined {
    try {
      return check()
    } catch (error) {
      this.#keep(error)
      return undefined
    }
  }

  /** The same of what takes time. */
  async checkLater<Result>(check: () => Result | Promise<Result>): Promise<Result | undefined> {
    try {
      return await check()
    } catch (error) {
      this.#keep(error)
      return undefined
    }
  }

  /** Whether nothing was found wrong so far. */
  get isSound(): boolean {
    return this.#faults.length === 0
  }

  /** Ends the step. @throws Fault, or Faults when there are several */
  end(): void {
    const [first, second, ...others] = this.#faults
    if (first === undefined) return
    throw second === undefined ? first : new Faults([first, second, ...others])
  }

  #keep(error: unknown): void {
    if (error instanceof Faults) this.#faults.push(...error.faults)
    else if (error instanceof Fault) this.#faults.push(error)
    else throw error
  }
}
