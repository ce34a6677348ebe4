import { sql } from 'kysely'
import type { CollectionDefinition, CollectionItem, CollectionWrites } from '../../core/store/collection.ts'
import type { Dialect } from '../dialect.ts'
import { type Given, statementsOf } from '../statement.ts'
import { type ItemRow, itemReader } from './item-row.ts'
import { compilable } from './raw.ts'
import { uniqueGuard } from './unique.ts'

type Values = Readonly<Record<string, unknown>>

export function itemWrites<Item extends CollectionItem, Column extends string>(
  dialect: Dialect,
  definition: CollectionDefinition<Item, Column>,
): CollectionWrites<Item> {
  const { db, row, changedRow, change } = statementsOf(dialect.db)
  const read = itemReader(definition)
  const guard = uniqueGuard(dialect, definition)
  const table = sql.table(definition.name)
  const columns = [
    'account_id',
    ...Object.keys(definition.columns),
    ...(definition.terms === undefined ? [] : ['terms']),
    'document',
  ]

  const nextId = changedRow((_none: Given<object>) =>
    compilable<{ value: number }>(
      db,
      dialect.capabilities.sequences
        ? sql`select nextval(${sql.lit(`"${definition.name}_number"`)}) as value`
        : sql`update counter set value = value + 1 where name = ${sql.lit(`${definition.name}_number`)}
            returning value`,
    ),
  )
  const hold = row(({ account, id }: Given<{ account: number; id: number }>) =>
    compilable<ItemRow>(
      db,
      sql`select id, account_id, document from ${table} where id = ${id} and account_id = ${account}
          ${dialect.capabilities.rowLocks ? sql`for update` : sql``}`,
    ),
  )
  const insert = change((given: Given<Values>) =>
    compilable(
      db,
      sql`insert into ${table} (${sql.join(['id', ...columns].map((column) => sql.ref(column)))})
          values (${sql.join(['id', ...columns].map((column) => given[column]))}) on conflict do nothing`,
    ),
  )
  const replace = change((given: Given<Values>) =>
    compilable(
      db,
      sql`update ${table} set ${sql.join(
        columns.slice(1).map((column) => sql`${sql.ref(column)} = ${given[column]}`),
      )}
          where id = ${given.id} and account_id = ${given.account_id} and ${guard.free(given)}`,
    ),
  )
  const remove = change(({ account, id }: Given<{ account: number; id: number }>) =>
    compilable(db, sql`delete from ${table} where id = ${id} and account_id = ${account}`),
  )

  const rowOf = (item: Item): Values => ({
    ...definition.values(item),
    ...(definition.terms !== undefined && { terms: termsText(definition.terms(item)) }),
    id: item.id,
    account_id: item.accountId,
    document: JSON.stringify(item),
  })

  return {
    *nextId() {
      const drawn = yield* nextId.first({})
      if (drawn === undefined) throw new Error(`the store has no numbers for ${definition.name}`)
      return drawn.value
    },
    *insert(item) {
      const values = rowOf(item)
      yield* guard.hold(values)
      return (yield* insert.run(values)) === 1
    },
    *hold(account, id) {
      const found = yield* hold.first({ account, id })
      return found === undefined ? undefined : read(found)
    },
    *replace(item) {
      const values = rowOf(item)
      yield* guard.hold(values)
      return (yield* replace.run(values)) === 1
    },
    *remove(account, id) {
      return (yield* remove.run({ account, id })) === 1
    },
  }
}

/** Terms as they stand in their column: each between line ends, so that a whole one is told from a part. */
export function termsText(terms: readonly string[]): string {
  return terms.length === 0 ? '' : `\n${terms.join('\n')}\n`
}
