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
 * Ids for the programs of one transaction after the other. Programs come in kinds, so that a transaction draws at once
 * what the one before it took: one statement for many orders where each is a round trip. What is left over is lost.
 */
export class DrawnIds {
  readonly #draw: IdDrawing
  /** By the names of the collections: sets that were drawn and not taken. */
  #left = new Map<string, (readonly number[])[]>()
  #taken = new Map<string, number>()
  #takenBefore = new Map<string, number>()

  constructor(draw: IdDrawing) {
    this.#draw = draw
  }

  /** A transaction begins. Nothing of the one before it stays: ids are in the order of time. */
  begin(): void {
    this.#left = new Map()
    this.#takenBefore = this.#taken
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
      const times = Math.max(1, (this.#takenBefore.get(key) ?? 0) - taken + 1)
      left = [...(yield* this.#draw(names, times))]
      this.#left.set(key, left)
    }
    const set = left.shift()
    if (set === undefined) throw new TypeError('fewer ids were drawn than asked for')
    return set
  }
}
