import { LRUCache } from 'lru-cache'
import type { CollectionDefinition, CollectionItem, CollectionReads } from './collection.ts'
import type { Program } from './program.ts'
import type { Store, View } from './store.ts'

/** Answers that are kept of one store; those that nobody asked for longest go first. */
const REMEMBERED = 5_000

interface Memory {
  epoch: number
  readonly answers: LRUCache<string, readonly CollectionItem[]>
  /** Made once in an epoch for each view of the store. */
  views: WeakMap<View, RememberingView>
}

const memories = new WeakMap<Store, Memory>()

/** A view that answers from memory, and the epoch of the configuration that its answers are of. */
export interface RememberingView {
  readonly view: View
  readonly epoch: number
}

/**
 * A view that reads items of configuration once in an epoch. Another process may have changed them up to a second
 * ago: whoever acts on the answers looks in his transaction whether the epoch is still the same, and whoever refuses
 * something because of them reads again before.
 */
export function rememberingView(store: Store, view: View): RememberingView {
  const epoch = store.configurationEpoch()
  let memory = memories.get(store)
  if (memory === undefined) {
    memory = { epoch, answers: new LRUCache({ max: REMEMBERED }), views: new WeakMap() }
    memories.set(store, memory)
  }
  if (memory.epoch !== epoch) {
    memory.answers.clear()
    memory.views = new WeakMap()
    memory.epoch = epoch
  }
  const known = memory.views.get(view)
  if (known !== undefined) return known
  const made = { view: { ...view, collection: collectionsOf(store, memory, view) }, epoch }
  memory.views.set(view, made)
  return made
}

function collectionsOf(store: Store, memory: Memory, view: View): View['collection'] {
  const { epoch } = memory
  const made = new WeakMap<object, unknown>()

  function* remembered<Item extends CollectionItem>(
    key: string,
    read: () => Program<readonly Item[]>,
  ): Program<readonly Item[]> {
    const known = memory.answers.get(key)
    // What was kept under a key was read by its definition, so it is of its type.
    if (known !== undefined && memory.epoch === epoch) return known as readonly Item[]
    const found = yield* read()
    // What was read before a change must not outlive it.
    if (memory.epoch === epoch && store.configurationEpoch() === epoch) memory.answers.set(key, found)
    return found
  }

  function collection<Item extends CollectionItem, Column extends string>(
    definition: CollectionDefinition<Item, Column>,
  ): CollectionReads<Item, Column> {
    const known = made.get(definition)
    // What was kept under a definition was made from it, so it is of its types.
    if (known !== undefined) return known as CollectionReads<Item, Column>
    const reads = view.collection(definition)
    const remembering = definition.isConfiguration === true ? rememberingReads(definition.name, reads) : reads
    made.set(definition, remembering)
    return remembering
  }

  function rememberingReads<Item extends CollectionItem, Column extends string>(
    name: string,
    reads: CollectionReads<Item, Column>,
  ): CollectionReads<Item, Column> {
    return {
      ...reads,
      *byId(account, id) {
        const [found] = yield* remembered(`${name} ${account} ${id}`, function* () {
          const item = yield* reads.byId(account, id)
          return item === undefined ? [] : [item]
        })
        return found
      },
      withValue: (account, column, value, limit) =>
        remembered(`${name} ${account} ${column} ${limit} ${typeof value} ${value}`, () =>
          reads.withValue(account, column, value, limit),
        ),
    }
  }

  return collection
}
