import { type RawBuilder, sql } from 'kysely'
import type { CollectionQuery } from '../../core/store/collection.ts'
import type { Dialect } from '../dialect.ts'

/** The order of a list: columns, the id last, so that no two rows are equal. */
export type Order = readonly { readonly column: string; readonly descending: boolean }[]

/** The first word on a column counts; the id decides between equals, in the direction of the last column. */
export function orderOf<Column extends string>({ sort = [] }: Pick<CollectionQuery<Column>, 'sort'>): Order {
  const order: { column: string; descending: boolean }[] = []
  for (const { column, descending } of sort) {
    if (!order.some((each) => each.column === column)) order.push({ column, descending })
    if (column === 'id') return order
  }
  return [...order, { column: 'id', descending: order.at(-1)?.descending ?? false }]
}

export function reversed(order: Order): Order {
  return order.map(({ column, descending }) => ({ column, descending: !descending }))
}

/**
 * Over the table `item`.
 * @param fromIndex false: rows are found first and put in order then, although an index has the order of their ids
 */
export function orderSql(dialect: Dialect, order: Order, fromIndex = true): RawBuilder<unknown> {
  const { absentFirst, absentLast } = dialect.types
  return sql.join(
    order.map(({ column, descending }) => {
      const reference = sql.ref(`item.${column}`)
      // Ids are never absent, and their index is not to be told otherwise.
      if (column === 'id') {
        const id = fromIndex ? reference : dialect.unindexed(reference)
        return descending ? sql`${id} desc` : id
      }
      return descending
        ? sql`${reference} desc ${sql.raw(absentLast)}`
        : sql`${reference} asc ${sql.raw(absentFirst)}`
    }),
  )
}
