import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anEvent } from '../../test/support/store-records.ts'
import { type StorePlace, storeKinds } from '../../test/support/stores.ts'
import { verifyAudit } from '../core/audit/verify.ts'
import type { HighWaterMarks } from '../core/store/high-water.ts'
import type { Store } from '../core/store/store.ts'

const noMarks: HighWaterMarks = { crlNumbers: {}, chains: {} }

/** Records events one transaction after the other, so that they go to one chain on every engine. */
async function tell(store: Store, count: number): Promise<void> {
  for (let n = 1; n <= count; n++) {
    await store.write(function* (tx) {
      tx.record(anEvent(`thing:${n}`))
    })
  }
}

const headsOf = (store: Store) => store.read((view) => view.audit.heads())

async function onlyChain(at: StorePlace) {
  const [row] = await at.query('select id, name from chain order by sequence desc limit 1')
  assert.ok(row)
  return { id: Number(row.id), name: String(row.name) }
}

for (const { name, skip, place } of storeKinds) {
  test(`${name}: a chain tells start, every event in order, and stop`, { skip }, async (t) => {
    const at = await place(t)
    const store = await at.open()
    assert.deepEqual(await headsOf(store), [], 'a process that only reads leaves no trace')
    await tell(store, 3)
    const chain = (await onlyChain(at)).name
    const page = await store.read((view) => view.audit.page(chain, 1, 2))
    assert.deepEqual(
      page.map(({ sequence, body }) => [sequence, JSON.parse(body)]),
      [
        [2, anEvent('thing:1')],
        [3, anEvent('thing:2')],
      ],
    )
    await store.close()
    const next = await at.open()
    const actions = (await next.read((view) => view.audit.page(chain, 0, 10))).map(
      ({ body }) => JSON.parse(body).action,
    )
    assert.deepEqual(actions, ['process.started', ...Array(3).fill('setting.changed'), 'process.stopped'])
    assert.deepEqual((await verifyAudit(next, noMarks)).firstBroken, undefined)
  })

  test(`${name}: a chain vouches for the chains before it`, { skip }, async (t) => {
    const at = await place(t)
    const first = await at.open()
    await tell(first, 2)
    await first.close()
    const { id, name: chain } = await onlyChain(at)
    const second = await at.open()
    await tell(second, 1)
    const heads = await headsOf(second)
    const of = heads.find((head) => head.chain === chain)
    const starts = await at.query(`select body from event where chain_id <> ${id} and sequence = 1`)
    const details = starts.map(({ body }) => JSON.parse(String(body)).detail[`head:${chain}`])
    assert.ok(details.includes(`4 ${Buffer.from(of?.hash ?? []).toString('hex')}`))
  })

  test(`${name}: S12 an untouched log verifies while it is written`, { skip }, async (t) => {
    const store = await (await place(t)).open()
    await tell(store, 5)
    const writing = tell(store, 40)
    const report = await verifyAudit(store, noMarks)
    await writing
    assert.equal(report.firstBroken, undefined)
    assert.ok(report.events >= 6)
  })

  const tampering: readonly (readonly [string, (id: number) => string[], number, string])[] = [
    [
      'a changed row',
      (id) => [
        `update event set body = replace(body, 'thing:2', 'thing:9') where chain_id = ${id} and sequence = 3`,
      ],
      3,
      'changed',
    ],
    [
      'a row changed together with its hash',
      (id) => [
        `update event set body = (select body from event e where e.chain_id = ${id} and e.sequence = 2),
                          hash = (select hash from event e where e.chain_id = ${id} and e.sequence = 2)
         where chain_id = ${id} and sequence = 3`,
      ],
      3,
      'changed',
    ],
    ['a removed row', (id) => [`delete from event where chain_id = ${id} and sequence = 4`], 4, 'removed'],
    [
      'the first row removed',
      (id) => [`delete from event where chain_id = ${id} and sequence = 1`],
      1,
      'removed',
    ],
    ['a removed tail', (id) => [`delete from event where chain_id = ${id} and sequence >= 5`], 5, 'removed'],
    [
      'two rows that changed places',
      (id) => [
        `update event set sequence = 99 where chain_id = ${id} and sequence = 2`,
        `update event set sequence = 2 where chain_id = ${id} and sequence = 3`,
        `update event set sequence = 3 where chain_id = ${id} and sequence = 99`,
      ],
      2,
      'changed',
    ],
    [
      'a row added at the end',
      (id) => [
        `insert into event (chain_id, sequence, body, hash)
         select chain_id, 7, body, hash from event where chain_id = ${id} and sequence = 6`,
      ],
      7,
      'changed',
    ],
  ]
  for (const [what, statements, sequence, defect] of tampering) {
    test(`${name}: S12 ${what} is named as the first broken link`, { skip }, async (t) => {
      const at = await place(t)
      const store = await at.open()
      await tell(store, 5)
      const { id, name: chain } = await onlyChain(at)
      for (const statement of statements(id)) await at.query(statement)
      const { firstBroken } = await verifyAudit(store, noMarks)
      assert.deepEqual(firstBroken, { chain, sequence, defect })
    })
  }

  test(`${name}: S12 a tail removed together with its head is noticed by the marks outside`, {
    skip,
  }, async (t) => {
    const at = await place(t)
    const store = await at.open()
    await tell(store, 5)
    const { id, name: chain } = await onlyChain(at)
    const head = (await headsOf(store)).find((each) => each.chain === chain)
    assert.ok(head)
    const hash = Buffer.from(head.hash).toString('hex')
    const marks = { crlNumbers: {}, chains: { [chain]: { sequence: head.sequence, hash } } }
    assert.equal((await verifyAudit(store, marks)).firstBroken, undefined)
    await at.query(`delete from event where chain_id = ${id} and sequence >= 5`)
    await at.query(
      `update chain set sequence = 4, hash = (select hash from event where chain_id = ${id} and sequence = 4)
       where id = ${id}`,
    )
    assert.equal((await verifyAudit(store, noMarks)).firstBroken, undefined)
    const { firstBroken } = await verifyAudit(store, marks)
    assert.deepEqual(firstBroken, { chain, sequence: head.sequence, defect: 'removed' })
  })

  test(`${name}: S12 a whole chain removed is noticed by the chain that vouches for it`, {
    skip,
  }, async (t) => {
    const at = await place(t)
    const first = await at.open()
    await tell(first, 3)
    await first.close()
    const { id, name: chain } = await onlyChain(at)
    const second = await at.open()
    await tell(second, 1)
    await at.query(`delete from event where chain_id = ${id}`)
    await at.query(`delete from chain where id = ${id}`)
    const { firstBroken } = await verifyAudit(second, noMarks)
    assert.deepEqual(firstBroken, { chain, sequence: 5, defect: 'removed' })
  })
}
