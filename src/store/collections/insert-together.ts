import type { CollectionDefinition, CollectionItem } from '../../core/store/collection.ts'
import type { Program } from '../../core/store/program.ts'
import type { Transaction } from '../../core/store/store.ts'
import type { Dialect } from '../dialect.ts'
import { joinedInsertion, type Stored } from './insertion.ts'
import { valuesOf } from './item-row.ts'
import type { ItemValues } from './item-values.ts'
import { storedParts } from './item-writes.ts'
import { type UniqueGuard, uniqueGuard } from './unique.ts'

interface Guarded extends Stored {
  readonly guard: UniqueGuard
}

/** Stores items of several collections: in one round trip where each statement is one. */
export function insertingTogether(
  dialect: Dialect,
  collection: Transaction['collection'],
): Transaction['insertTogether'] {
  if (!dialect.capabilities.writesInWith) {
    return function* insertTogether(...items) {
      for (const each of items) {
        const isStored = yield* each.open((definition, item) => collection(definition).insert(item))
        if (!isStored) return false
      }
      return true
    }
  }
  const collections = new WeakMap<object, Guarded>()
  const insertions = new Map<string, (rows: readonly ItemValues[]) => Program<boolean>>()

  function guarded<Item extends CollectionItem, Column extends string>(
    definition: CollectionDefinition<Item, Column>,
  ): Guarded {
    const known = collections.get(definition)
    if (known !== undefined) return known
    const guard = uniqueGuard(dialect, definition)
    const made: Guarded = { definition, ...storedParts(dialect, definition), guard }
    collections.set(definition, made)
    return made
  }

  return function* insertTogether(...items) {
    const places = items.map((each) =>
      each.open((definition, item) => ({
        stored: guarded(definition),
        values: valuesOf(definition, item),
      })),
    )
    for (const { stored, values } of places) yield* stored.guard.hold(values)
    const key = places.map(({ stored }) => stored.definition.name).join(' ')
    const insertion =
      insertions.get(key) ??
      joinedInsertion(
        dialect,
        places.map(({ stored }) => stored),
      )
    insertions.set(key, insertion)
    return yield* insertion(places.map(({ values }) => values))
  }
}
