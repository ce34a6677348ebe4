import { sql } from 'kysely'
import type { CollectionDefinition, CollectionItem, CollectionWrites } from '../../core/store/collection.ts'
import type { Dialect } from '../dialect.ts'
import type { Given } from '../slots.ts'
import { statementsOf } from '../statement.ts'
import { insertion, rowParts } from './insertion.ts'
import { columnsOf, itemReader, valuesOf } from './item-row.ts'
import type { ItemRow, ItemValues } from './item-values.ts'
import { numberDrawing } from './numbers.ts'
import { compilable } from './raw.ts'
import { uniqueGuard } from './unique.ts'

export function itemWrites<Item extends CollectionItem, Column extends string>(
  dialect: Dialect,
  definition: CollectionDefinition<Item, Column>,
): CollectionWrites<Item> {
  const { db, row, change } = statementsOf(dialect.db, 'rows')
  const { rowLocks } = dialect.capabilities
  const read = itemReader(definition)
  const guard = uniqueGuard(dialect, definition)
  const table = sql.table(definition.name)
  const { counts, terms } = rowParts(dialect, definition)
  const forUpdate = rowLocks ? sql`for update` : sql``

  const hold = row(({ account, id }: Given<{ account: number; id: number }>) =>
    compilable<ItemRow>(
      db,
      sql`select id, account_id, document from ${table} where id = ${id} and account_id = ${account} ${forUpdate}`,
    ),
  )
  // What the counts and terms of a row are known from.
  const beside = columnsOf(definition).filter((column) => column !== 'document')
  const present = row(({ account, id }: Given<{ account: number; id: number }>) =>
    compilable<ItemValues>(
      db,
      sql`select ${sql.join(beside.map((column) => sql.ref(column)))} from ${table}
          where id = ${id} and account_id = ${account} ${forUpdate}`,
    ),
  )
  const insert = insertion(dialect, definition, { counts, terms })
  const replace = change((given: Given<ItemValues>) =>
    compilable(
      db,
      sql`update ${table} set ${sql.join(
        columnsOf(definition)
          .filter((column) => column !== 'id' && column !== 'account_id')
          .map((column) => sql`${sql.ref(column)} = ${given[column]}`),
      )}
          where id = ${given.id} and account_id = ${given.account_id} and ${guard.free(given)}`,
    ),
  )
  const remove = change(({ account, id }: Given<{ account: number; id: number }>) =>
    compilable(db, sql`delete from ${table} where id = ${id} and account_id = ${account}`),
  )

  return {
    nextId: numberDrawing(dialect, definition.name),
    *insert(item) {
      const values = valuesOf(definition, item)
      yield* guard.hold(values)
      return yield* insert(values)
    },
    *hold(account, id) {
      const found = yield* hold.first({ account, id })
      return found === undefined ? undefined : read(found)
    },
    *replace(item) {
      const values = valuesOf(definition, item)
      yield* guard.hold(values)
      const before =
        counts || terms ? yield* present.first({ account: item.accountId, id: item.id }) : undefined
      if ((yield* replace.run(values)) === 0) return false
      if (before === undefined) return true
      if (counts !== undefined) yield* counts.move(before, values)
      if (terms?.differ(before, values)) {
        yield* terms.remove(item.id)
        yield* terms.add(values)
      }
      return true
    },
    *remove(account, id) {
      const before = counts ? yield* present.first({ account, id }) : undefined
      if ((yield* remove.run({ account, id })) === 0) return false
      if (counts !== undefined && before !== undefined) yield* counts.remove(before)
      if (terms !== undefined) yield* terms.remove(id)
      return true
    },
  }
}
