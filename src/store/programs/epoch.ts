import type { Program } from '../../core/store/program.ts'
import type { Given } from '../slots.ts'
import type { Statements } from '../statement.ts'
import { counterPrograms } from './counters.ts'

/** What every transaction looks at before it does anything. */
export interface Epoch {
  /** Grows with every change of accounts, authorities or keys. */
  readonly configuration: number
  /** Number of the last migration that ran on the database. */
  readonly schema: number
}

export interface EpochPrograms {
  read(): Program<Epoch>
  /** That of the configuration alone. */
  configuration(): Program<number>
  /** Marks the configuration as changed and gives the new epoch. */
  advance(): Program<number>
}

export function epochPrograms(make: Statements): EpochPrograms {
  const { db, row } = make
  const counters = counterPrograms(make)
  const read = row((_none: Given<object>) =>
    db
      .selectFrom('counter')
      .select((eb) => [
        'value as configuration',
        eb
          .selectFrom('schema_migration')
          .select((inner) => inner.fn.max('number').as('number'))
          .as('schema'),
      ])
      .where('name', '=', 'configuration'),
  )
  const readConfiguration = row((_none: Given<object>) =>
    db.selectFrom('counter').select('value').where('name', '=', 'configuration'),
  )
  return {
    *configuration() {
      return (yield* readConfiguration.first({}))?.value ?? 0
    },
    *read() {
      const found = yield* read.first({})
      return { configuration: found?.configuration ?? 0, schema: found?.schema ?? 0 }
    },
    advance: () => counters.next('configuration'),
  }
}
