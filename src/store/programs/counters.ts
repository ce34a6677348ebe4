import type { Program } from '../../core/store/program.ts'
import type { CounterTable } from '../schema.ts'
import type { Given } from '../slots.ts'
import type { Statements } from '../statement.ts'

/** Named numbers that only grow. */
export interface Counters {
  value(name: CounterTable['name']): Program<number>
  /** Adds one and gives the new value; no two transactions get the same. */
  next(name: CounterTable['name']): Program<number>
}

export function counterPrograms({ row, changedRow, db }: Statements): Counters {
  const read = row(({ name }: Given<{ name: CounterTable['name'] }>) =>
    db.selectFrom('counter').select('value').where('name', '=', name),
  )
  const grow = changedRow(({ name }: Given<{ name: CounterTable['name'] }>) =>
    db
      .updateTable('counter')
      .set(({ eb }) => ({ value: eb('value', '+', 1) }))
      .where('name', '=', name)
      .returning('value'),
  )
  return {
    *value(name) {
      return (yield* read.first({ name }))?.value ?? 0
    },
    *next(name) {
      const row = yield* grow.first({ name })
      if (row === undefined) throw new Error(`the store has no counter ${name}`)
      return row.value
    },
  }
}
