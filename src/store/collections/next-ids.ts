import type { Program } from '../../core/store/program.ts'
import type { Transaction } from '../../core/store/store.ts'
import type { Dialect } from '../dialect.ts'
import { type NumbersDrawing, numbersDrawing } from './numbers.ts'

type Sets = readonly (readonly number[])[]

/** Draws sets of ids, one of each of the collections named. */
export type IdDrawing = (names: readonly string[], times: number) => Program<Sets>

export function idDrawing(dialect: Dialect): IdDrawing {
  const drawings = new Map<string, NumbersDrawing>()

  return (names, times) => {
    const key = names.join(' ')
    const drawing = drawings.get(key) ?? numbersDrawing(dialect, names)
    drawings.set(key, drawing)
    return drawing(times)
  }
}

/**
 * Ids for the programs of one transaction after the other. A transaction draws at once what the latest ones took, and
 * again as many as it took when that was too little: a few statements for many orders, where each is a round trip.
 * What is left over is lost.
 */
export class DrawnIds {
  readonly #draw: IdDrawing
  /** By the names of the collections: sets that were drawn and not taken. */
  #left = new Map<string, (readonly number[])[]>()
  #taken = new Map<string, number>()
  /** What a transaction is likely to take: of the latest ones, the older the less. */
  readonly #likely = new Map<string, number>()

  constructor(draw: IdDrawing) {
    this.#draw = draw
  }

  /** A transaction begins. Nothing of the one before it stays: ids are in the order of time. */
  begin(): void {
    for (const key of this.#likely.keys()) {
      const taken = this.#taken.get(key) ?? 0
      this.#likely.set(key, Math.max(taken, (this.#likely.get(key) ?? 0) >> 1))
    }
    this.#left = new Map()
    this.#taken = new Map()
  }

  get next(): Transaction['nextIds'] {
    return (definitions) => this.#next(definitions.map(({ name }) => name))
  }

  *#next(names: readonly string[]): Program<readonly number[]> {
    const key = names.join(' ')
    const taken = (this.#taken.get(key) ?? 0) + 1
    this.#taken.set(key, taken)
    let left = this.#left.get(key)
    if (left === undefined || left.length === 0) {
      const likely = this.#likely.get(key) ?? 0
      this.#likely.set(key, Math.max(likely, taken))
      left = [...(yield* this.#draw(names, taken === 1 ? Math.max(1, likely) : taken - 1))]
      this.#left.set(key, left)
    }
    const set = left.shift()
    if (set === undefined) throw new TypeError('fewer ids were drawn than asked for')
    return set
  }
}
