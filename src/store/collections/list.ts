import { type RawBuilder, sql } from 'kysely'
import type {
  CollectionDefinition,
  CollectionItem,
  CollectionQuery,
  CollectionReads,
} from '../../core/store/collection.ts'
import type { Dialect } from '../dialect.ts'
import { adHocRow, adHocRows } from '../statement.ts'
import { conditionSql } from './conditions.ts'
import { MAXIMUM_PAGE } from './item-reads.ts'
import { type ItemRow, itemReader } from './item-row.ts'
import { compilable } from './raw.ts'

/**
 * Lists. The statements are built for each query: what callers may combine is without end, so nothing of it is kept,
 * and the engine plans them for the values at hand.
 */
export function listProgram<Item extends CollectionItem, Column extends string>(
  dialect: Dialect,
  definition: CollectionDefinition<Item, Column>,
): CollectionReads<Item, Column>['list'] {
  const { db } = dialect
  const read = itemReader(definition)
  const table = sql.table(definition.name)
  return function* list(query) {
    const offset = Math.max(0, Math.trunc(query.offset))
    const limit = Math.min(MAXIMUM_PAGE, Math.max(0, Math.trunc(query.limit)))
    const where = whereSql(dialect, definition, query)
    if (where === undefined) return { items: [], total: 0 }
    const order = orderSql(dialect, query)
    // The ids of a page are found in an index; only then its documents are read.
    const rows = yield* adHocRows(
      compilable<ItemRow>(
        db,
        sql`select item.id, item.account_id, item.document
            from (select item.id from ${table} as item where ${where}
                  order by ${order} limit ${limit} offset ${offset}) as page
            join ${table} as item on item.id = page.id order by ${order}`,
      ),
    )
    const items = rows.map(read)
    if (items.length > 0 && items.length < limit) return { items, total: offset + items.length }
    const counted = yield* adHocRow(
      compilable<{ total: number }>(db, sql`select count(*) as total from ${table} where ${where}`),
    )
    return { items, total: counted?.total ?? 0 }
  }
}

function whereSql<Item extends CollectionItem, Column extends string>(
  dialect: Dialect,
  definition: CollectionDefinition<Item, Column>,
  query: CollectionQuery<Column>,
): RawBuilder<boolean> | undefined {
  const parts: RawBuilder<boolean>[] = [sql`account_id = ${query.accountId}`]
  for (const condition of query.where) {
    const part = conditionSql(dialect, definition.columns, condition)
    if (part === undefined) return undefined
    parts.push(part)
  }
  return sql`${sql.join(parts, sql` and `)}`
}

/** The first word on a column counts; the id decides between equals, in the direction of the last column. */
function orderSql<Column extends string>(
  dialect: Dialect,
  { sort = [] }: CollectionQuery<Column>,
): RawBuilder<unknown> {
  const columns = new Map<string, boolean>()
  for (const { column, descending } of sort) {
    if (!columns.has(column)) columns.set(column, descending)
    if (column === 'id') break
  }
  if (!columns.has('id')) columns.set('id', [...columns.values()].at(-1) ?? false)
  const { absentFirst, absentLast } = dialect.types
  return sql.join(
    [...columns].map(([column, descending]) =>
      descending
        ? sql`${sql.ref(`item.${column}`)} desc ${sql.raw(absentLast)}`
        : sql`${sql.ref(`item.${column}`)} asc ${sql.raw(absentFirst)}`,
    ),
  )
}
