import type { Program } from '../../core/store/program.ts'
import type { Transaction } from '../../core/store/store.ts'
import type { Dialect } from '../dialect.ts'
import { type Given, type Row, statementsOf } from '../statement.ts'
import { nextNumber, nextNumbers } from './numbers.ts'
import { compilable } from './raw.ts'

type Drawing = Row<object, Readonly<Record<string, number>>>

/** Draws ids for items of several collections: in one round trip where each statement is one. */
export function idDrawing(dialect: Dialect): Transaction['nextIds'] {
  const { db, changedRow } = statementsOf(dialect.db)
  const drawings = new Map<string, Drawing>()
  const drawing = (key: string, query: () => Parameters<typeof compilable>[1]): Drawing => {
    const known = drawings.get(key)
    if (known !== undefined) return known
    const made: Drawing = changedRow((_none: Given<object>) => compilable(db, query()))
    drawings.set(key, made)
    return made
  }

  function* one(name: string): Program<number> {
    return drawn((yield* drawing(name, () => nextNumber(dialect, name)).first({}))?.value, name)
  }

  return function* nextIds(definitions) {
    const names = definitions.map(({ name }) => name)
    const ids: number[] = []
    if (!dialect.capabilities.sequences) {
      for (const name of names) ids.push(yield* one(name))
      return ids
    }
    const row = yield* drawing(names.join(' '), () => nextNumbers(names)).first({})
    return names.map((name, place) => drawn(row?.[place], name))
  }
}

function drawn(value: number | undefined, name: string): number {
  if (value === undefined) throw new Error(`the store has no numbers for ${name}`)
  return value
}
