import type {
  CollectionDefinition,
  CollectionItem,
  CollectionReads,
  CollectionWrites,
} from '../../core/store/collection.ts'
import type { Transaction } from '../../core/store/store.ts'
import type { Dialect } from '../dialect.ts'
import { itemReads } from './item-reads.ts'
import { itemWrites } from './item-writes.ts'
import { listProgram } from './list.ts'

type CollectionPrograms<Item extends CollectionItem, Column extends string> = CollectionReads<Item, Column> &
  CollectionWrites<Item>

/** What a store can be asked about collections; the statements of each are compiled when they first run. */
export function collectionsOf(dialect: Dialect): Transaction['collection'] {
  const known = new WeakMap<object, unknown>()
  return <Item extends CollectionItem, Column extends string>(
    definition: CollectionDefinition<Item, Column>,
  ): CollectionPrograms<Item, Column> => {
    const made = known.get(definition)
    // What was kept under a definition was made from it, so it is of its types.
    if (made !== undefined) return made as CollectionPrograms<Item, Column>
    const programs: CollectionPrograms<Item, Column> = {
      ...itemReads(dialect, definition),
      ...itemWrites(dialect, definition),
      list: listProgram(dialect, definition),
    }
    known.set(definition, programs)
    return programs
  }
}
