import type { Transaction } from '../../core/store/store.ts'
import type { Dialect } from '../dialect.ts'
import { type Given, type Rows, statementsOf } from '../statement.ts'
import { nextNumbers } from './numbers.ts'
import { compilable } from './raw.ts'

type Drawing = Rows<object, { readonly place: number; readonly value: number }>

/** Draws ids for items of several collections in one statement. */
export function idDrawing(dialect: Dialect): Transaction['nextIds'] {
  const { db, changedRows } = statementsOf(dialect.db)
  const drawings = new Map<string, Drawing>()
  const drawingOf = (names: readonly string[]): Drawing => {
    const key = names.join(' ')
    const known = drawings.get(key)
    if (known !== undefined) return known
    const made: Drawing = changedRows((_none: Given<object>) => compilable(db, nextNumbers(dialect, names)))
    drawings.set(key, made)
    return made
  }

  return function* nextIds(definitions) {
    const names = definitions.map(({ name }) => name)
    const drawn = yield* drawingOf(names).all({})
    return names.map((name, place) => {
      const row = drawn.find((each) => each.place === place)
      if (row === undefined) throw new Error(`the store has no numbers for ${name}`)
      return row.value
    })
  }
}
