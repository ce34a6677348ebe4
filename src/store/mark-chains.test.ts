import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { NOW } from '../../test/support/store-records.ts'
import { type StorePlace, storeKinds } from '../../test/support/stores.ts'
import { type Scope, temporaryFolder } from '../../test/support/tmp.ts'
import { markChains } from '../core/audit/mark-chains.ts'
import { findRestoredMarks } from '../core/audit/restored-store.ts'
import { verifyAudit } from '../core/audit/verify.ts'
import type { Store } from '../core/store/store.ts'
import { openHighWaterFile } from './high-water-file.ts'

/** A process that does one thing and ends; it has a chain of its own. */
async function passingProcess(at: StorePlace): Promise<void> {
  const store = await at.open()
  await tell(store)
  await store.close()
}

async function tell(store: Store): Promise<void> {
  await store.write(function* (tx) {
    tx.record({
      action: 'setting.changed',
      at: NOW,
      actor: { type: 'system' },
      accountId: null,
      object: 'thing',
      requestId: null,
      detail: {},
    })
  })
}

function marking(scope: Scope, store: Store) {
  const highWater = openHighWaterFile(join(temporaryFolder(scope), 'marks.json'))
  const run = () => markChains({ clock: { now: () => NOW }, store, highWater })
  const marked = async () => Object.keys((await highWater.read()).chains)
  return { highWater, run, marked }
}

for (const { name, skip, place } of storeKinds) {
  test(`${name}: marks of chains that ended do not pile up, and each of their ends is still vouched for`, {
    skip,
  }, async (t) => {
    const at = await place(t)
    const first = await at.open()
    const { highWater, run, marked } = marking(t, first)
    for (let n = 0; n < 40; n++) {
      await passingProcess(at)
      await run()
    }
    assert.ok((await first.read((view) => view.audit.heads())).length >= 40)
    assert.ok((await marked()).length <= 34, `${(await marked()).length} marks`)
    assert.deepEqual(await findRestoredMarks(first, highWater), [])
    const report = await verifyAudit(first, await highWater.read())
    assert.equal(report.firstBroken, undefined)
  })

  test(`${name}: S12 a tail cut off a chain whose mark was dropped is missed, whatever the notes on anchors say`, {
    skip,
  }, async (t) => {
    const at = await place(t)
    const store = await at.open()
    const { highWater, run, marked } = marking(t, store)
    for (let n = 0; n < 33; n++) {
      await passingProcess(at)
      await run()
    }
    const before = await marked()
    // A writer to the database pretends that every chain is vouched for, so that its mark is dropped.
    await at.query('delete from anchor')
    await at.query('insert into anchor (chain_id, sequence) select id, sequence from chain')
    await run()
    const after = await marked()
    // Nobody has vouched for the last one yet.
    const dropped = before.at(-1)
    assert.ok(dropped !== undefined && !after.includes(dropped))
    const [row] = await at.query(`select id, sequence from chain where name = '${dropped}'`)
    const [id, sequence] = [Number(row?.id), Number(row?.sequence)]
    await at.query(`delete from event where chain_id = ${id} and sequence = ${sequence}`)
    await at.query(
      `update chain set sequence = ${sequence - 1},
         hash = (select hash from event where chain_id = ${id} and sequence = ${sequence - 1})
       where id = ${id}`,
    )
    const { firstBroken } = await verifyAudit(store, await highWater.read())
    assert.deepEqual(firstBroken, { chain: dropped, sequence, defect: 'removed' })
  })
}
