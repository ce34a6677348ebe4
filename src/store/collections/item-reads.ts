import { sql } from 'kysely'
import type { CollectionDefinition, CollectionItem, CollectionReads } from '../../core/store/collection.ts'
import type { Dialect } from '../dialect.ts'
import { atMost, type Given } from '../slots.ts'
import { adHocRows, type Rows, statementsOf } from '../statement.ts'
import { comparable, operand } from './conditions.ts'
import { itemReader } from './item-row.ts'
import type { ItemRow } from './item-values.ts'
import { compilable } from './raw.ts'
import { keyCandidates } from './terms.ts'

/** Ids that are looked up at once at most, and rows of one page. */
export const MAXIMUM_PAGE = 1_000

type ColumnProbe = { readonly account: number; readonly value: unknown; readonly limit: number }
type ColumnChoice = { readonly account: number; readonly values: unknown; readonly limit: number }
type ColumnRange = {
  readonly from: unknown
  readonly to: unknown
  readonly after: number
  readonly limit: number
}

export function itemReads<Item extends CollectionItem, Column extends string>(
  dialect: Dialect,
  definition: CollectionDefinition<Item, Column>,
): Omit<CollectionReads<Item, Column>, 'list'> {
  const { db, row, rows } = statementsOf(dialect.db, 'rows')
  const read = itemReader(definition)
  const table = sql.table(definition.name)
  const selected = sql`select id, account_id, document from ${table}`

  const byId = row(({ account, id }: Given<{ account: number; id: number }>) =>
    compilable<ItemRow>(db, sql`${selected} where id = ${id} and account_id = ${account}`),
  )
  const anyById = row(({ id }: Given<{ id: number }>) =>
    compilable<ItemRow>(db, sql`${selected} where id = ${id}`),
  )
  const byIds = rows(({ account, ids }: Given<{ account: number; ids: unknown }>) =>
    compilable<ItemRow>(
      db,
      dialect.capabilities.arrays
        ? sql`${selected} where id = any(${ids}::integer[]) and account_id = ${account} order by id`
        : sql`${selected} where id in (select value from json_each(${ids})) and +account_id = ${account}
              order by id`,
    ),
  )

  const probes = new Map<Column, Rows<ColumnProbe, ItemRow>>()
  const probe = (column: Column) =>
    rows(({ account, value, limit }: Given<ColumnProbe>) =>
      compilable<ItemRow>(
        db,
        sql`${selected} where account_id = ${account} and ${sql.ref(column)} = ${operand(definition.columns[column], value)}
            order by id limit ${atMost(limit)}`,
      ),
    )
  /** Of a scattered column: built for each run, as the engines take what is looked for in forms of their own. */
  const scattered = (column: Column, account: number, values: readonly string[], limit: number) =>
    adHocRows(
      compilable<ItemRow>(
        db,
        sql`select id, account_id, document from ${table} as item
            where id in ${keyCandidates(dialect, definition.name, account, values)}
              and ${dialect.unindexed(sql.ref('account_id'))} = ${account} and ${sql.ref(column)} in (${sql.join(values)})
            order by id limit ${limit}`,
      ),
    )
  const choices = new Map<Column, Rows<ColumnChoice, ItemRow>>()
  const choice = (column: Column) =>
    rows(({ account, values, limit }: Given<ColumnChoice>) => {
      const reference = sql.ref(column)
      const isText = definition.columns[column] === 'text'
      const wanted = dialect.capabilities.arrays
        ? sql`${reference} = any(${values}::${sql.raw(isText ? 'text' : 'bigint')}[])`
        : sql`${reference} in (select value from json_each(${values}))`
      return compilable<ItemRow>(
        db,
        sql`${selected} where account_id = ${account} and ${wanted} order by id limit ${atMost(limit)}`,
      )
    })
  const isScattered = (column: Column) => definition.scattered?.includes(column) === true
  const ranges = new Map<string, Rows<ColumnRange, ItemRow>>()
  const range = (column: Column) =>
    rows(({ from, to, after, limit }: Given<ColumnRange>) =>
      compilable<ItemRow>(
        db,
        sql`${selected} where ${sql.ref(column)} between ${operand(definition.columns[column], from)}
              and ${operand(definition.columns[column], to)} and id > ${after}
            order by id limit ${atMost(limit)}`,
      ),
    )

  return {
    *byId(account, id) {
      if (!isItemId(id)) return undefined
      const found = yield* byId.first({ account, id })
      return found === undefined ? undefined : read(found)
    },
    *anyById(id) {
      if (!isItemId(id)) return undefined
      const found = yield* anyById.first({ id })
      return found === undefined ? undefined : read(found)
    },
    *byIds(account, ids) {
      if (ids.length > MAXIMUM_PAGE) throw new RangeError(`more than ${MAXIMUM_PAGE} ids at once`)
      const known = ids.filter(isItemId)
      if (known.length === 0) return []
      const list = dialect.capabilities.arrays ? known : JSON.stringify(known)
      return (yield* byIds.all({ account, ids: list })).map(read)
    },
    *withValue(account, column, value, limit) {
      const wanted = comparable(definition.columns[column], value)
      if (wanted === undefined) return []
      if (isScattered(column)) return (yield* scattered(column, account, [String(wanted)], limit)).map(read)
      const statement = probes.get(column) ?? probe(column)
      probes.set(column, statement)
      return (yield* statement.all({ account, value: wanted, limit })).map(read)
    },
    *withAny(account, column, values, limit) {
      const wanted = values.flatMap((value) => comparable(definition.columns[column], value) ?? [])
      if (wanted.length === 0) return []
      if (isScattered(column)) return (yield* scattered(column, account, wanted.map(String), limit)).map(read)
      const statement = choices.get(column) ?? choice(column)
      choices.set(column, statement)
      const list = dialect.capabilities.arrays ? wanted : JSON.stringify(wanted)
      return (yield* statement.all({ account, values: list, limit })).map(read)
    },
    *anyBetween(column, from, to, after, limit) {
      const statement = ranges.get(column) ?? range(column)
      ranges.set(column, statement)
      return (yield* statement.all({ from, to, after, limit })).map(read)
    },
  }
}

/** Can there be an item of this id? Others are not asked for: the engine may not take them. */
function isItemId(id: number): boolean {
  return Number.isInteger(id) && id > 0 && id < 2 ** 31
}
