import { type RawBuilder, sql } from 'kysely'
import type { CollectionDefinition, CollectionItem } from '../../core/store/collection.ts'
import type { Program } from '../../core/store/program.ts'
import type { Dialect } from '../dialect.ts'
import type { Given } from '../slots.ts'
import { type BoundStatement, RowsLater, statementsOf } from '../statement.ts'
import { type Counts, countsOf } from './counts.ts'
import { columnsOf } from './item-row.ts'
import type { ItemValues } from './item-values.ts'
import { compilable, listOf } from './raw.ts'
import { type TermIndex, termColumns, termIndex, termTable } from './terms.ts'

/** What the rows of a collection have beside them. */
export interface RowParts {
  readonly counts: Counts | undefined
  readonly terms: TermIndex | undefined
}

/** What keeps that up, as the definition has it. */
export function rowParts<Item extends CollectionItem, Column extends string>(
  dialect: Dialect,
  { name, counted, terms, scattered }: CollectionDefinition<Item, Column>,
): RowParts {
  return {
    counts: counted && countsOf(dialect, name, counted),
    terms: terms && termIndex(dialect, name, scattered),
  }
}

/**
 * Stores a row with its terms, and counts it: false when a unique column stands against it. Where one statement can
 * store both, it takes one round trip.
 */
export function insertion<Item extends CollectionItem, Column extends string>(
  dialect: Dialect,
  definition: CollectionDefinition<Item, Column>,
  { counts, terms }: RowParts,
): (values: ItemValues) => Program<boolean> {
  const { db, changedRow, change } = statementsOf(dialect.db)
  const columns = columnsOf(definition)
  const row = (given: Given<ItemValues>) =>
    sql`insert into ${sql.table(definition.name)} (${listOf(columns)})
        values (${sql.join(columns.map((column) => given[column]))}) on conflict do nothing`
  if (!dialect.capabilities.writesInWith || terms === undefined) {
    const store = change((given: Given<ItemValues>) => compilable(db, row(given)))
    return function* insert(values) {
      if ((yield* store.run(values)) === 0) return false
      if (terms !== undefined) yield* terms.add(values)
      if (counts !== undefined) yield* counts.add(values)
      return true
    }
  }
  const { id, entry } = termColumns(dialect)
  const store = changedRow((given: Given<ItemValues & { entry: unknown }>) =>
    compilable<{ id: number }>(
      db,
      sql`with stored as (${row(given)} returning id),
            indexed as (insert into ${sql.table(termTable(definition.name))} (${id}, ${entry})
              select id, ${given.entry}::integer[] from stored)
          select id from stored`,
    ),
  )
  return function* insert(values) {
    if ((yield* store.first({ ...values, entry: terms.entryOf(values) })) === undefined) return false
    if (counts !== undefined) yield* counts.add(values)
    return true
  }
}

/**
 * The steps of the same for a row that nothing can stand against: its id was drawn, and it has no unique value.
 * @returns steps that give nothing, see `RowsLater`
 */
export function laterInsertion<Item extends CollectionItem, Column extends string>(
  dialect: Dialect,
  definition: CollectionDefinition<Item, Column>,
  { counts, terms }: RowParts,
): (values: ItemValues) => readonly BoundStatement[] {
  const columns = columnsOf(definition)
  const rows = rowsLater(
    dialect,
    definition.name,
    columns.map((column) => sql.ref(column)),
  )
  const { id, entry } = termColumns(dialect)
  const entries = terms && rowsLater(dialect, termTable(definition.name), [id, entry])
  return (values) => {
    const steps = [rows.bind(columns.map((column) => values[column]))]
    if (entries !== undefined) steps.push(entries.bind([values.id, terms?.entryOf(values)]))
    if (counts !== undefined) steps.push(...counts.additions(values))
    return steps
  }
}

function rowsLater({ db }: Dialect, table: string, columns: readonly RawBuilder<unknown>[]): RowsLater {
  const row = sql`(${sql.join(columns.map(() => sql`${null}`))})`
  return new RowsLater((count) =>
    compilable(
      db,
      sql`insert into ${sql.table(table)} (${sql.join(columns)})
          values ${sql.join(Array.from({ length: count }, () => row))}`,
    ),
  )
}
