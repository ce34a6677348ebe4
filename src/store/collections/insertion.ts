import { type RawBuilder, sql } from 'kysely'
import type { CollectionDefinition, CollectionItem } from '../../core/store/collection.ts'
import type { Program } from '../../core/store/program.ts'
import type { Dialect } from '../dialect.ts'
import { type Given, slots } from '../slots.ts'
import { statementsOf } from '../statement.ts'
import type { Counts } from './counts.ts'
import { columnsOf } from './item-row.ts'
import type { ItemValues } from './item-values.ts'
import { compilable, listOf } from './raw.ts'
import { type TermIndex, termColumns, termTable } from './terms.ts'

type Bound = Readonly<Record<string, unknown>>

/** What rows of a collection are stored by. */
export interface Stored {
  readonly definition: Pick<CollectionDefinition<never, string>, 'name'> & {
    readonly columns: object
    readonly terms?: unknown
  }
  readonly counts: Counts | undefined
  readonly terms: TermIndex | undefined
}

/**
 * Stores a row with its terms, and counts it: false when a unique column stands against it. Where one statement can
 * store both, it takes one round trip.
 */
export function insertion<Item extends CollectionItem, Column extends string>(
  dialect: Dialect,
  definition: CollectionDefinition<Item, Column>,
  parts: Pick<Stored, 'counts' | 'terms'>,
): (values: ItemValues) => Program<boolean> {
  const stored: Stored = { definition, ...parts }
  if (dialect.capabilities.writesInWith) {
    const store = joinedInsertion(dialect, [stored])
    return (values) => store([values])
  }
  const { db, change } = statementsOf(dialect.db)
  const { counts, terms } = parts
  const store = change((given: Given<ItemValues>) => {
    const columns = columnsOf(definition)
    return compilable(
      db,
      sql`insert into ${sql.table(definition.name)} (${listOf(columns)})
          values (${sql.join(columns.map((column) => given[column]))}) on conflict do nothing`,
    )
  })
  return function* insert(values) {
    if ((yield* store.run(values)) === 0) return false
    if (counts !== undefined) yield* counts.add(values)
    if (terms !== undefined) yield* terms.add(values)
    return true
  }
}

/**
 * Stores a row of each collection with their terms, in one statement, and counts them: false when a unique column stands
 * against one, and nothing is stored when it is the first.
 */
export function joinedInsertion(
  dialect: Dialect,
  collections: readonly Stored[],
): (rows: readonly ItemValues[]) => Program<boolean> {
  const { db, changedRow } = statementsOf(dialect.db)
  const store = changedRow((_rows: Given<readonly Bound[]>) =>
    compilable<{ id: number }>(
      db,
      sql`with ${sql.join(
        collections.flatMap((stored, place) => partsOf(dialect, stored, place)),
      )} select stored_0.id from ${sql.join(collections.map((_, place) => sql.ref(`stored_${place}`)))}`,
    ),
  )
  return function* insert(rows) {
    const bound = collections.map(({ terms }, place): Bound => {
      const values = rows[place]
      if (values === undefined) throw new RangeError('a row of each collection is stored')
      return terms === undefined ? values : { ...values, entry: terms.entryOf(values) }
    })
    if ((yield* store.first(bound)) === undefined) return false
    for (const [place, { counts }] of collections.entries()) {
      const values = rows[place]
      if (counts !== undefined && values !== undefined) yield* counts.add(values)
    }
    return true
  }
}

/** What stores the row of one collection; each but the first only when the first is stored. */
function partsOf(
  dialect: Dialect,
  { definition, terms }: Stored,
  place: number,
): readonly RawBuilder<unknown>[] {
  const { name } = definition
  const columns = columnsOf(definition)
  const given = slots<ItemValues & { entry: unknown }>(place)
  const values = sql.join(columns.map((column) => given[column]))
  const stored = sql.ref(`stored_${place}`)
  const parts = [
    sql`${stored} as (
      insert into ${sql.table(name)} (${listOf(columns)})
      ${place === 0 ? sql`values (${values})` : sql`select ${values} from stored_0`}
      on conflict do nothing returning id)`,
  ]
  if (terms !== undefined) {
    const { id, entry } = termColumns(dialect)
    parts.push(sql`${sql.ref(`indexed_${place}`)} as (
      insert into ${sql.table(termTable(name))} (${id}, ${entry})
      select id, ${given.entry}::integer[] from ${stored})`)
  }
  return parts
}
