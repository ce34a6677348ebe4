import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { aParcel, makeCollection, parcels, parcelTable } from '../../../test/support/collections.ts'
import { lastFirst, placeAt } from '../../../test/support/stores.ts'
import { type Scope, temporaryFolder } from '../../../test/support/tmp.ts'
import { accountId } from '../../core/brand.ts'
import { isFault } from '../../core/faults.ts'
import type { CollectionQuery } from '../../core/store/collection.ts'
import type { Program } from '../../core/store/program.ts'
import type { Store } from '../../core/store/store.ts'
import { longReadLimits } from '../long-reads.ts'
import { BoundStatement } from '../statement.ts'

const PARCELS = 600
const ours = accountId(1)

/** Two stores over the same parcels: the moment of one is over before it begins. */
async function opened(scope: Scope) {
  const last = lastFirst(scope)
  const at = placeAt(last, { sqlitePath: join(temporaryFolder(last, 'reader'), 'chancery.db') })
  const onLoop = await at.open({ longReads: { ...longReadLimits, shortMs: 60_000 } })
  const onThread = await at.open({ longReads: { ...longReadLimits, shortMs: -1 } })
  await makeCollection(at, parcelTable)
  await addParcels(onLoop, PARCELS)
  return { onLoop, onThread }
}

function addParcels(store: Store, count: number): Promise<void> {
  return store.write(function* (tx) {
    for (let n = 0; n < count; n++) {
      const id = yield* tx.collection(parcels).nextId()
      yield* tx.collection(parcels).insert(aParcel({ id, address: `www${id}.shop.test`, sentAt: id % 7 }))
    }
  })
}

const list = (
  store: Store,
  where: CollectionQuery<keyof typeof parcelTable.columns>['where'],
  offset = 0,
  limit = 20,
) => store.read((view) => view.collection(parcels).list({ accountId: ours, where, offset, limit }))

const queries: Readonly<Record<string, Parameters<typeof list>[1]>> = {
  'a range': [{ column: 'sent_at', is: 'between', from: 2, to: 4 }],
  'a part of a name': [{ column: 'address', is: 'contains', text: '.shop' }],
  'a part of a term': [{ is: 'term-contains', text: '9.shop.test' }],
  'a part too short for the index': [{ is: 'term-contains', text: '.t' }],
  'a value that is not': [{ column: 'sent_at', is: 'none-of', values: [3] }],
}

for (const [what, where] of Object.entries(queries)) {
  test(`a list of ${what} that is handed to a thread is the same as on the event loop`, async (t) => {
    const { onLoop, onThread } = await opened(t)
    const [here, there] = [list(onLoop, where, 30, 25), list(onThread, where, 30, 25)]
    assert.ok(!(here instanceof Promise), 'what is done in its moment is answered at once')
    assert.ok(there instanceof Promise)
    assert.ok(here.total > 55 && here.items.length > 20)
    assert.deepEqual(await there, here)
  })
}

test('a list on a thread has what was acknowledged before it was asked for', async (t) => {
  const { onLoop, onThread } = await opened(t)
  for (let round = 1; round <= 20; round++) {
    await addParcels(round % 2 === 0 ? onLoop : onThread, 1)
    const { total } = await list(onThread, [{ column: 'address', is: 'contains', text: 'shop' }])
    assert.equal(total, PARCELS + round)
  }
})

test('rows that other conditions exclude count for the moment of a statement', async (t) => {
  const { onThread } = await opened(t)
  const page = list(onThread, [{ column: 'address', is: 'contains', text: '\u00fc' }])
  assert.ok(page instanceof Promise)
  assert.deepEqual(await page, { items: [], total: 0 })
})

test('a thread that breaks costs its caller a store_busy, and is replaced', async (t) => {
  const { onThread } = await opened(t)
  const threads: Worker[] = []
  const note = (thread: Worker) => threads.push(thread)
  process.on('worker', note)
  t.after(() => process.off('worker', note))
  const where = queries['a range'] ?? []
  const broken = list(onThread, where)
  await turn()
  await threads[0]?.terminate()
  await assert.rejects(
    async () => broken,
    (error) => isFault(error, 'store_busy'),
  )
  const { total } = await list(onThread, where)
  assert.ok(total > 0)
  assert.equal(threads.length, 2)
  await list(onThread, where)
  assert.equal(threads.length, 2, 'a thread that is sound is used again')
  assert.equal(onThread.healthy(), true)
})

test('an error of the engine on a thread is the error it is on the event loop', async (t) => {
  const { onLoop, onThread } = await opened(t)
  for (const [store, mayTakeLong] of [
    [onLoop, 'paced'],
    [onThread, 'unpaced'],
  ] as const) {
    const wrong = { text: 'select nothing', name: '', kind: 'row', writes: false, mayTakeLong } as const
    await assert.rejects(
      async () =>
        store.read(function* (): Program<unknown> {
          return yield new BoundStatement(wrong, [])
        }),
      (error) => error instanceof Error && 'errcode' in error && error.errcode === 1,
    )
    assert.equal(store.healthy(), true)
  }
})
