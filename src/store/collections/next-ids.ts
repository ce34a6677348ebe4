import type { Program } from '../../core/store/program.ts'
import type { Transaction } from '../../core/store/store.ts'
import type { Dialect } from '../dialect.ts'
import { numbersDrawing } from './numbers.ts'

/** Draws ids for items of several collections. */
export function idDrawing(dialect: Dialect): Transaction['nextIds'] {
  const drawings = new Map<string, () => Program<readonly number[]>>()

  return function* nextIds(definitions) {
    const names = definitions.map(({ name }) => name)
    const key = names.join(' ')
    const drawing = drawings.get(key) ?? numbersDrawing(dialect, names)
    drawings.set(key, drawing)
    return yield* drawing()
  }
}
