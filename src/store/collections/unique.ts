import { hash } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { CollectionDefinition, CollectionItem } from '../../core/store/collection.ts'
import type { Program } from '../../core/store/program.ts'
import type { Dialect } from '../dialect.ts'
import type { Given } from '../slots.ts'
import { statementsOf } from '../statement.ts'
import { compilable } from './raw.ts'

type Values = Readonly<Record<string, unknown>>
type Unique = Pick<CollectionDefinition<never, string>, 'unique'>

export interface UniqueGuard {
  /** Keeps other transactions from storing these unique values until this one ends, where writers run side by side. */
  hold(values: Values): Program<void>
  /** No other row has one of the given unique values. */
  free(given: Given<Values>): RawBuilder<boolean>
}

/**
 * Lets a replacement be refused before a unique index has to: where a refused statement spoils the transaction, and
 * with it the other programs in it, that must not be how a taken name is found out. Two transactions that store
 * one value come one after the other, so what the condition sees is how it stays.
 */
export function uniqueGuard<Item extends CollectionItem, Column extends string>(
  dialect: Dialect,
  definition: CollectionDefinition<Item, Column>,
): UniqueGuard {
  const sets: readonly (readonly string[])[] = definition.unique ?? []
  const { db, rows } = statementsOf(dialect.db)
  const table = sql.table(definition.name)
  const lock = rows(({ keys }: Given<{ keys: unknown }>) =>
    compilable<object>(db, sql`select pg_advisory_xact_lock(key) from unnest(${keys}::bigint[]) as key`),
  )
  return {
    *hold(values) {
      if (!dialect.capabilities.rowLocks || sets.length === 0) return
      const keys = uniqueValues(definition, values).map((each, place) =>
        lockKey(JSON.stringify([definition.name, place, ...each])),
      )
      // In one order everywhere, so that two of them never wait for each other.
      if (keys.length > 0) yield* lock.all({ keys: keys.toSorted() })
    },
    free(given) {
      if (sets.length === 0) return sql`true`
      const taken = sets.map((set) =>
        sql.join(
          set.map((column) => sql`other.${sql.ref(column)} = ${given[column]}`),
          sql` and `,
        ),
      )
      return sql`not exists (select 1 from ${table} as other
                             where other.id <> ${given.id} and (${sql.join(taken, sql` or `)}))`
    },
  }
}

/** Does an item have a value that no other item may have? */
export function hasUniqueValue({ unique = [] }: Unique, values: Values): boolean {
  return unique.some((set) => set.every((column) => values[column] !== null))
}

function uniqueValues({ unique = [] }: Unique, values: Values): readonly (readonly unknown[])[] {
  return unique.map((set) => set.map((column) => values[column])).filter((each) => !each.includes(null))
}

/** A number for a value, as the engine's locks are named; two values of one number wait needlessly. */
function lockKey(value: string): string {
  return hash('sha256', value, 'buffer').readBigInt64BE(0).toString()
}
