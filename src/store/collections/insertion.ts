import { sql } from 'kysely'
import type { CollectionDefinition, CollectionItem } from '../../core/store/collection.ts'
import type { Program } from '../../core/store/program.ts'
import type { Dialect } from '../dialect.ts'
import { type Given, statementsOf } from '../statement.ts'
import { COUNT_COLUMNS, type Counts, countTable, onCounted } from './counts.ts'
import { columnsOf, type ItemValues } from './item-row.ts'
import { compilable } from './raw.ts'
import { type TermIndex, termColumns, termEntry, termTable } from './terms.ts'

type Insertion = (values: ItemValues) => Program<boolean>

type Bound = ItemValues & { readonly entry: unknown }

/**
 * Stores a row with its counts and terms: false when a unique column stands against it. Where one statement can do
 * it all, it takes one round trip.
 */
export function insertion<Item extends CollectionItem, Column extends string>(
  dialect: Dialect,
  definition: CollectionDefinition<Item, Column>,
  parts: { readonly counts: Counts | undefined; readonly terms: TermIndex | undefined },
): Insertion {
  const { db, change, changedRow } = statementsOf(dialect.db)
  const { name } = definition
  const { counts, terms } = parts
  const columns = columnsOf(definition)
  const list = (names: readonly string[]) => sql.join(names.map((column) => sql.ref(column)))
  const storing = (given: Given<ItemValues>) => sql`
    insert into ${sql.table(name)} (${list(columns)})
    values (${sql.join(columns.map((column) => given[column]))}) on conflict do nothing`
  const entryOf = (values: ItemValues) => termEntry(dialect, values.account_id, String(values.terms))

  if (!dialect.capabilities.writesInWith) {
    const store = change((given: Given<ItemValues>) => compilable(db, storing(given)))
    return function* insert(values) {
      if ((yield* store.run(values)) === 0) return false
      if (counts !== undefined) yield* counts.add(values)
      if (terms !== undefined) yield* terms.add(values.id, entryOf(values))
      return true
    }
  }

  const storeAll = changedRow((given: Given<Bound>) => {
    const count =
      counts &&
      sql`,
      counted as (
        insert into ${sql.table(countTable(name))} (${list(COUNT_COLUMNS)})
        select each.* from stored, (values ${counts.rowsOf(given, 1)}) as each ${onCounted(name)})`
    const { id, entry } = termColumns(dialect)
    const index =
      terms &&
      sql`,
      indexed as (
        insert into ${sql.table(termTable(name))} (${id}, ${entry})
        select stored.id, ${given.entry}::integer[] from stored)`
    return compilable<{ id: number }>(
      db,
      sql`with stored as (${storing(given)} returning id)${count ?? sql``}${index ?? sql``} select id from stored`,
    )
  })
  return function* insert(values) {
    const entry = terms === undefined ? undefined : entryOf(values)
    const bound = counts === undefined ? values : counts.bound(values)
    return (yield* storeAll.first({ ...bound, entry })) !== undefined
  }
}
