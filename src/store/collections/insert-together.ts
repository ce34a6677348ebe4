import type { CollectionDefinition, CollectionItem } from '../../core/store/collection.ts'
import type { Program } from '../../core/store/program.ts'
import type { Transaction } from '../../core/store/store.ts'
import type { Dialect } from '../dialect.ts'
import { laterInsertion, rowParts } from './insertion.ts'
import { valuesOf } from './item-row.ts'
import type { ItemValues } from './item-values.ts'
import { hasUniqueValue } from './unique.ts'

/** Stores items of several collections: those that nothing can stand against are put off, see `RowsLater`. */
export function insertingTogether(
  dialect: Dialect,
  collection: Transaction['collection'],
): Transaction['insertTogether'] {
  const insertions = new WeakMap<object, (values: ItemValues) => Program<void>>()

  function insertionOf<Item extends CollectionItem, Column extends string>(
    definition: CollectionDefinition<Item, Column>,
  ): (values: ItemValues) => Program<void> {
    const known = insertions.get(definition)
    if (known !== undefined) return known
    const made = laterInsertion(dialect, definition, rowParts(dialect, definition))
    insertions.set(definition, made)
    return made
  }

  function* store<Item extends CollectionItem, Column extends string>(
    definition: CollectionDefinition<Item, Column>,
    item: Item,
  ): Program<boolean> {
    const values = valuesOf(definition, item)
    if (hasUniqueValue(definition, values)) return yield* collection(definition).insert(item)
    yield* insertionOf(definition)(values)
    return true
  }

  return function* insertTogether(...items) {
    for (const each of items) if (!(yield* each.open(store))) return false
    return true
  }
}
