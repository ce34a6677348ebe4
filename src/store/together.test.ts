import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aParcel, makeCollection, parcels, parcelTable } from '../../test/support/collections.ts'
import { anAccount } from '../../test/support/store-records.ts'
import { storeKinds } from '../../test/support/stores.ts'
import { accountId } from '../core/brand.ts'
import type { Program } from '../core/store/program.ts'
import type { Transaction } from '../core/store/store.ts'

const account = (id: number) => anAccount({ id: accountId(id), email: `${id}@example.test` })

function* inserting(transaction: Transaction, ...ids: readonly number[]): Program<number> {
  for (const id of ids) yield* transaction.accounts.insert(account(id))
  return ids.length
}

function* nothing(): Program<string> {
  return 'nothing'
}

function* failing(transaction: Transaction): Program<never> {
  yield* transaction.accounts.byId(accountId(1))
  throw new RangeError('no')
}

for (const { name, skip, place } of storeKinds) {
  test(`${name}: programs that run together give both results, whichever takes longer`, {
    skip,
  }, async (t) => {
    const store = await (await place(t)).open()
    const results = await Promise.all([
      store.write((tx) => tx.together(inserting(tx, 1, 2, 3), inserting(tx, 4))),
      store.write((tx) => tx.together(inserting(tx, 5), inserting(tx, 6, 7))),
      store.write((tx) => tx.together(nothing(), inserting(tx, 8))),
      store.write((tx) => tx.together(inserting(tx, 9), tx.together(inserting(tx, 10, 11), nothing()))),
    ])
    assert.deepEqual(results, [
      [3, 1],
      [1, 2],
      ['nothing', 1],
      [1, [2, 'nothing']],
    ])
    assert.equal((await store.read((view) => view.accounts.page(0, 20))).length, 11)
  })

  test(`${name}: the first of two programs reads what was there before the second wrote`, {
    skip,
  }, async (t) => {
    const store = await (await place(t)).open()
    const [before] = await store.write((tx) => tx.together(tx.accounts.byId(accountId(1)), inserting(tx, 1)))
    assert.equal(before, undefined)
  })

  test(`${name}: so it does where its statement waits for counts that were put off`, { skip }, async (t) => {
    const at = await place(t)
    const store = await at.open()
    await makeCollection(at, parcelTable)
    const found = await store.write(function* (tx) {
      const items = tx.collection(parcels)
      const [earlier, id] = [yield* items.nextId(), yield* items.nextId()]
      yield* items.insert(aParcel({ id: earlier, tracking: 'T1' }))
      const [before] = yield* tx.together(
        items.withValue(accountId(1), 'tracking', 'T1', 10),
        items.insert(aParcel({ id, tracking: 'T1' })),
      )
      return before.map((parcel) => parcel.id === earlier)
    })
    assert.deepEqual(found, [true])
  })

  for (const order of ['first', 'second'] as const) {
    test(`${name}: when the ${order} of two programs fails neither did anything, and others did`, {
      skip,
    }, async (t) => {
      const store = await (await place(t)).open()
      const [failed, other] = await Promise.allSettled([
        store.write<unknown>((tx) =>
          order === 'first'
            ? tx.together(failing(tx), inserting(tx, 1, 2))
            : tx.together(inserting(tx, 1, 2), failing(tx)),
        ),
        store.write((tx) => inserting(tx, 3)),
      ])
      assert.ok(failed.status === 'rejected' && failed.reason instanceof RangeError)
      assert.equal(other.status, 'fulfilled')
      const found = await store.read((view) => view.accounts.page(0, 20))
      assert.deepEqual(
        found.map(({ id }) => id),
        [3],
      )
    })
  }
}
