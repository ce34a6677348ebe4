import type { CollectionDefinition, CollectionItem } from '../../core/store/collection.ts'
import type { Program } from '../../core/store/program.ts'
import type { Transaction } from '../../core/store/store.ts'
import type { Dialect } from '../dialect.ts'
import type { BoundStatement } from '../statement.ts'
import { allTogether } from '../together.ts'
import { laterInsertion, rowParts } from './insertion.ts'
import { valuesOf } from './item-row.ts'
import { hasUniqueValue } from './unique.ts'

/** Stores items of several collections: those that nothing can stand against are put off, see `RowsLater`. */
export function insertingTogether(
  dialect: Dialect,
  collection: Transaction['collection'],
): Transaction['insertTogether'] {
  type Insertion = ReturnType<typeof laterInsertion>
  const insertions = new WeakMap<object, Insertion>()

  function insertionOf<Item extends CollectionItem, Column extends string>(
    definition: CollectionDefinition<Item, Column>,
  ): Insertion {
    const known = insertions.get(definition)
    if (known !== undefined) return known
    const made = laterInsertion(dialect, definition, rowParts(dialect, definition))
    insertions.set(definition, made)
    return made
  }

  /** What stores an item: steps that can wait, or a program that has to tell what came of it. */
  function storing<Item extends CollectionItem, Column extends string>(
    definition: CollectionDefinition<Item, Column>,
    item: Item,
  ): readonly BoundStatement[] | Program<boolean> {
    const values = valuesOf(definition, item)
    if (hasUniqueValue(definition, values)) return collection(definition).insert(item)
    return insertionOf(definition)(values)
  }

  return function* insertTogether(...items) {
    const later: BoundStatement[] = []
    for (const each of items) {
      const made = each.open(storing)
      if (isProgram(made)) {
        if (!(yield* made)) return false
      } else later.push(...made)
    }
    if (later.length > 0) yield* allTogether(later)
    return true
  }
}

function isProgram<Result>(made: readonly BoundStatement[] | Program<Result>): made is Program<Result> {
  return 'next' in made
}
