import assert from 'node:assert/strict'
import { test } from 'node:test'
import { storeKinds } from '../support/stores.ts'
import { fullLoad } from './full-load.ts'

const minutes = Number(process.env.CHANCERY_FULL_LOAD_MINUTES ?? 30)

for (const kind of storeKinds) {
  test(`S13 ${minutes} minutes at full load on ${kind.name}: audit events equal issued, revoked and refused exactly`, {
    skip: kind.skip,
  }, async (context) => {
    const { acknowledged, told } = await fullLoad(context, kind, minutes * 60_000)
    context.diagnostic(JSON.stringify(acknowledged))
    assert.deepEqual(told, acknowledged)
  })
}
