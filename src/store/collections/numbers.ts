import { type RawBuilder, sql } from 'kysely'
import type { Dialect } from '../dialect.ts'

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

/** Draws the next number: a row with `value`. */
export function nextNumber({ capabilities }: Dialect, collection: string): RawBuilder<unknown> {
  const source = sourceOf(collection)
  return capabilities.sequences
    ? sql`select nextval(${sql.lit(`"${source}"`)}) as value`
    : sql`update counter set value = value + 1 where name = ${sql.lit(source)} returning value`
}

/** Draws the next number of each: a row for each, with its `place` and `value`, in any order. */
export function nextNumbers({ capabilities }: Dialect, collections: readonly string[]): RawBuilder<unknown> {
  if (capabilities.sequences) {
    const drawn = collections.map(
      (each, place) =>
        sql`select ${sql.lit(place)} as place, nextval(${sql.lit(`"${sourceOf(each)}"`)}) as value`,
    )
    return sql.join(drawn, sql` union all `)
  }
  const sources = collections.map((each) => sql.lit(sourceOf(each)))
  const places = sources.map((source, place) => sql`when ${source} then ${sql.lit(place)}`)
  return sql`update counter set value = value + 1 where name in (${sql.join(sources)})
             returning case name ${sql.join(places, sql` `)} end as place, value`
}

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
