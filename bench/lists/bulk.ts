import { type RawBuilder, sql } from 'kysely'
import type { CollectionDefinition, CollectionItem } from '../../src/core/store/collection.ts'
import {
  COUNT_COLUMNS,
  countTable,
  facetValue,
  onCounted,
  runOf,
} from '../../src/store/collections/counts.ts'
import { columnsOf, valuesOf } from '../../src/store/collections/item-row.ts'
import type { ItemValues } from '../../src/store/collections/item-values.ts'
import { setNumber } from '../../src/store/collections/numbers.ts'
import { termInsertion } from '../../src/store/collections/terms.ts'
import { type Dialect, postgresDialect, sqliteDialect } from '../../src/store/dialect.ts'
import type { StoreLocation } from '../../src/store/open.ts'
import { openPatientConnection } from '../../src/store/postgres/migration-session.ts'
import { SqliteConnection } from '../../src/store/sqlite/connection.ts'
import { BoundStatement } from '../../src/store/statement.ts'

/** Items of one statement: the values stay below what either engine takes. */
const ROWS = 250
/** Statements of one transaction. */
const STATEMENTS = 40

/** A connection that fills a store, past the programs that write one item at a time. */
export interface Filler {
  readonly dialect: Dialect
  run(step: BoundStatement): unknown
  execute(text: string): unknown
  /** After a commit: keeps the log of what was written short. */
  settle(): unknown
  close(): unknown
}

export async function openFiller(location: StoreLocation): Promise<Filler> {
  if ('sqlitePath' in location) {
    const connection = new SqliteConnection(location.sqlitePath, 'writer')
    return {
      dialect: sqliteDialect(),
      run: (step) => connection.run(step),
      execute: (text) => connection.execute(text),
      settle: () => connection.execute('PRAGMA wal_checkpoint(TRUNCATE)'),
      close: () => connection.close(),
    }
  }
  const connection = await openPatientConnection(location.url)
  return {
    dialect: postgresDialect(),
    run: (step) => connection.run(step),
    execute: (text) => connection.execute(text),
    settle() {},
    close: () => connection.close(),
  }
}

/** Stores items with what is counted and looked for of them, in transactions of ten thousand. */
export async function fillCollection<Item extends CollectionItem, Column extends string>(
  filler: Filler,
  definition: CollectionDefinition<Item, Column>,
  items: Iterable<Item>,
): Promise<void> {
  const counts = new Map<string, CountRow>()
  let page: ItemValues[] = []
  let statements = 0
  await filler.execute('BEGIN')
  const flush = async () => {
    if (page.length === 0) return
    await insertPage(filler, definition, page)
    page = []
    statements += 1
    if (statements % STATEMENTS !== 0) return
    await filler.execute('COMMIT')
    await filler.settle()
    await filler.execute('BEGIN')
  }
  let last = 0
  for (const item of items) {
    const values = valuesOf(definition, item)
    count(counts, definition.counted ?? [], values)
    last = Math.max(last, item.id)
    if (page.push(values) === ROWS) await flush()
  }
  await flush()
  if (definition.counted !== undefined) await insertCounts(filler, definition.name, [...counts.values()])
  await run(filler, setNumber(filler.dialect, definition.name, last))
  await filler.execute('COMMIT')
  await filler.settle()
}

async function insertPage<Item extends CollectionItem, Column extends string>(
  filler: Filler,
  definition: CollectionDefinition<Item, Column>,
  page: readonly ItemValues[],
): Promise<void> {
  const columns = columnsOf(definition)
  const rows = page.map((values) => sql`(${sql.join(columns.map((column) => sql.val(values[column])))})`)
  await run(
    filler,
    sql`insert into ${sql.table(definition.name)} (${sql.join(columns.map((column) => sql.ref(column)))})
        values ${sql.join(rows)}`,
  )
  if (definition.terms === undefined) return
  await run(filler, termInsertion(filler.dialect, definition.name, page, definition.scattered))
}

type CountRow = [account: number, facet: string, value: string, run: number, writer: number, items: number]

function count(counts: Map<string, CountRow>, counted: readonly string[], values: ItemValues): void {
  for (const [facet, value] of [['', ''], ...counted.map((column) => [column, facetValue(values[column])])]) {
    const row: CountRow = [values.account_id, facet ?? '', value ?? '', runOf(values.id), 0, 1]
    const key = JSON.stringify(row.slice(0, 4))
    const known = counts.get(key)
    if (known === undefined) counts.set(key, row)
    else known[5] += 1
  }
}

async function insertCounts(filler: Filler, name: string, rows: readonly CountRow[]): Promise<void> {
  for (let first = 0; first < rows.length; first += ROWS) {
    const values = rows.slice(first, first + ROWS).map((row) => sql`(${sql.join(row)})`)
    await run(
      filler,
      sql`insert into ${sql.table(countTable(name))} (${sql.join(COUNT_COLUMNS.map((column) => sql.ref(column)))})
          values ${sql.join(values)} ${onCounted(name)}`,
    )
  }
}

async function run(filler: Filler, query: RawBuilder<unknown>): Promise<void> {
  const { sql: text, parameters } = query.compile(filler.dialect.db)
  await filler.run(new BoundStatement({ text, name: '', kind: 'changes', writes: true }, parameters))
}
