import { type RawBuilder, sql } from 'kysely'
import type { Program } from '../../core/store/program.ts'
import type { Dialect } from '../dialect.ts'
import type { Given } from '../slots.ts'
import { type Numbering, statementsOf } from '../statement.ts'
import { allTogether } from '../together.ts'
import { compilable } from './raw.ts'

/** What the ids of a collection are drawn from: a sequence, or a row of the counters. */
function sourceOf(collection: string): string {
  return `${collection}_number`
}

/** Makes the source, before anything was drawn. */
export function makeNumbers({ capabilities }: Dialect, collection: string): RawBuilder<unknown> {
  const source = sourceOf(collection)
  return capabilities.sequences
    ? sql`create sequence ${sql.id(source)} as integer`
    : sql`insert into counter (name, value) values (${sql.lit(source)}, 0)`
}

/** Draws the next number of a collection. */
export function numberDrawing(dialect: Dialect, collection: string): () => Program<number> {
  const { db, changedRow } = statementsOf(dialect.db)
  if (dialect.capabilities.sequences) {
    const draw = changedRow((_none: Given<object>) =>
      compilable<{ value: number }>(db, sql`select ${next(collection)} as value`),
    )
    return function* nextNumber() {
      const drawn = yield* draw.first({})
      if (drawn === undefined) throw new Error(`the store has no numbers for ${collection}`)
      return drawn.value
    }
  }
  const numbering = counterDrawing(dialect, collection)
  return () => numbering.next()
}

function counterDrawing(dialect: Dialect, collection: string): Numbering {
  const { db, numbering } = statementsOf(dialect.db)
  const source = sql.lit(sourceOf(collection))
  return numbering(
    () => compilable(db, sql`select value from counter where name = ${source}`),
    ({ value }) => compilable(db, sql`update counter set value = ${value} where name = ${source}`),
  )
}

/**
 * Draws the next number of each of several collections, so many times at most: a set of numbers for each time. Once is
 * all where drawing costs no round trip.
 */
export type NumbersDrawing = (times: number) => Program<readonly (readonly number[])[]>

export function numbersDrawing(dialect: Dialect, collections: readonly string[]): NumbersDrawing {
  if (!dialect.capabilities.sequences) {
    const steps = collections.map((each) => counterDrawing(dialect, each).step)
    return function* nextNumbers() {
      return [(yield* allTogether(steps)).map(Number)]
    }
  }
  const { db, changedRows } = statementsOf(dialect.db)
  const draw = changedRows(({ times }: Given<{ times: number }>) =>
    compilable<Readonly<Record<string, number>>>(
      db,
      sql`select ${sql.join(collections.map((each) => sql`${next(each)} as ${sql.ref(each)}`))}
          from generate_series(1, cast(${times} as integer))`,
    ),
  )
  return function* nextNumbers(times) {
    const drawn = yield* draw.all({ times })
    return drawn.map((row) =>
      collections.map((each) => {
        const number = row[each]
        if (number === undefined) throw new Error(`the store has no numbers for ${each}`)
        return number
      }),
    )
  }
}

const next = (collection: string) => sql`nextval(${sql.lit(`"${sourceOf(collection)}"`)})`

/** The number drawn last, 0 before the first: a row with `value`. */
export function lastNumber({ capabilities }: Dialect, collection: string): RawBuilder<unknown> {
  const source = sourceOf(collection)
  return capabilities.sequences
    ? sql`select case when is_called then last_value else 0 end as value from ${sql.table(source)}`
    : sql`select value from counter where name = ${sql.lit(source)}`
}

/** Makes `last` the number drawn last. */
export function setNumber({ capabilities }: Dialect, collection: string, last: number): RawBuilder<unknown> {
  const source = sourceOf(collection)
  return capabilities.sequences
    ? sql`select setval(${sql.lit(`"${source}"`)}, cast(${last} as bigint) + 1, false)`
    : sql`insert into counter (name, value) values (${sql.lit(source)}, ${last})
          on conflict (name) do update set value = excluded.value`
}
