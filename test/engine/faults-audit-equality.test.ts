import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fullLoad } from '../long/full-load.ts'
import { storeKinds } from '../support/stores.ts'

/** The long run of the same takes half an hour: test/long/audit-equality.test.ts. */
const seconds = { SQLite: 12, PostgreSQL: 5 } as const

for (const kind of storeKinds) {
  test(`S13 ${seconds[kind.name]} s at full load on ${kind.name}: audit events equal issued, revoked and refused exactly`, {
    skip: kind.skip,
  }, async (context) => {
    const { acknowledged, told } = await fullLoad(context, kind, seconds[kind.name] * 1_000)
    assert.deepEqual(told, acknowledged)
    for (const [action, count] of Object.entries(acknowledged)) assert.ok(count > 0, action)
    context.diagnostic(JSON.stringify(acknowledged))
  })
}
