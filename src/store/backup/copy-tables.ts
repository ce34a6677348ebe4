import { type RawBuilder, sql } from 'kysely'
import { COUNT_KEY, countTable } from '../collections/counts.ts'
import type { ItemValues } from '../collections/item-values.ts'
import { lastNumber, setNumber } from '../collections/numbers.ts'
import type { CollectionTable } from '../collections/table.ts'
import { termInsertion } from '../collections/terms.ts'
import type { Dialect } from '../dialect.ts'
import { collectionTables } from '../migrations/index.ts'
import type { Schema } from '../schema.ts'
import { BoundStatement } from '../statement.ts'

/** Every table with the columns of its primary key, those that others refer to first. */
const TABLES: { readonly [Table in Exclude<keyof Schema, 'schema_migration'>]: readonly string[] } = {
  counter: ['name'],
  setting: ['name'],
  lease: ['name'],
  chain: ['id'],
  event: ['chain_id', 'sequence'],
  anchor: ['chain_id'],
  account: ['id'],
  session: ['token_digest'],
  api_key: ['public_id'],
  private_key: ['id'],
  authority: ['id'],
  authority_certificate: ['authority_id', 'serial_number'],
  responder: ['authority_id'],
  certificate: ['id'],
  certificate_body: ['certificate_id'],
  open_reservation: ['certificate_id'],
  ended_reservation: ['certificate_id'],
  issuance: ['certificate_id'],
  supersession: ['certificate_id'],
  status: ['authority_id', 'certificate_id'],
  crl_schedule: ['authority_id'],
  crl: ['authority_id', 'shard'],
  blocked_key: ['spki_digest'],
  idempotency: ['account_id', 'key_digest'],
}

/** Rows of one read; values of one insertion stay below what either engine takes. */
const ROWS_A_PAGE = 250

/** An engine with a transaction open: on the source a snapshot, on the target one that takes all rows. */
export interface CopySide {
  readonly dialect: Dialect
  run(step: BoundStatement): unknown
}

type Row = Readonly<Record<string, unknown>>

/** Copies every row of every table into a store of the same schema that was just made. */
export async function copyTables(source: CopySide, target: CopySide): Promise<void> {
  for (const [table, key] of Object.entries(TABLES)) await copyTable(source, target, table, key)
  for (const collection of collectionTables) await copyCollection(source, target, collection)
}

async function copyTable(
  source: CopySide,
  target: CopySide,
  table: string,
  key: readonly string[],
  copied?: (page: readonly Row[]) => Promise<void>,
): Promise<void> {
  await run(target, sql`delete from ${sql.table(table)}`, 'changes')
  let last: Row | undefined
  do {
    const page = (await run(source, pageQuery(table, key, last), 'rows')) as readonly Row[]
    if (page.length > 0) {
      await run(target, insertion(table, page), 'changes')
      await copied?.(page)
    }
    last = page.length < ROWS_A_PAGE ? undefined : page.at(-1)
  } while (last !== undefined)
}

/** The index of terms is made anew: engines keep it in forms of their own. */
async function copyCollection(
  source: CopySide,
  target: CopySide,
  { name, counted, searched, scattered }: CollectionTable<string>,
): Promise<void> {
  await copyTable(source, target, name, ['id'], async (page) => {
    // The rows of a collection have the columns of every item.
    const rows = page as readonly ItemValues[]
    if (searched) await run(target, termInsertion(target.dialect, name, rows, scattered), 'changes')
  })
  if (counted) await copyTable(source, target, countTable(name), COUNT_KEY)
  const [drawn] = (await run(source, lastNumber(source.dialect, name), 'rows')) as readonly Row[]
  await run(target, setNumber(target.dialect, name, Number(drawn?.value ?? 0)), 'changes')
}

function pageQuery(table: string, key: readonly string[], last: Row | undefined): RawBuilder<unknown> {
  const columns = sql.join(key.map((column) => sql.ref(column)))
  const from =
    last === undefined
      ? sql``
      : sql`where (${columns}) > (${sql.join(key.map((column) => sql.val(last[column])))})`
  return sql`select * from ${sql.table(table)} ${from} order by ${columns} limit ${sql.lit(ROWS_A_PAGE)}`
}

function insertion(table: string, page: readonly Row[]): RawBuilder<unknown> {
  const columns = Object.keys(page[0] ?? {})
  const rows = page.map((row) => sql`(${sql.join(columns.map((column) => sql.val(row[column])))})`)
  return sql`insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})
             values ${sql.join(rows)}`
}

function run(side: CopySide, query: RawBuilder<unknown>, kind: 'rows' | 'changes'): unknown {
  const { sql: text, parameters } = query.compile(side.dialect.db)
  return side.run(new BoundStatement({ text, name: '', kind, writes: kind === 'changes' }, parameters))
}
