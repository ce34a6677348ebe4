import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { NOW } from '../../../test/support/store-records.ts'
import { lastFirst, placeAt } from '../../../test/support/stores.ts'
import { type Scope, temporaryFolder } from '../../../test/support/tmp.ts'
import { isFault } from '../../core/faults.ts'

const windows = [{ limit: 2, windowMs: 1_000 }]

async function opened(scope: Scope) {
  const last = lastFirst(scope)
  const path = join(temporaryFolder(last, 'store'), 'chancery.db')
  return { path, store: await placeAt(last, { sqlitePath: path }).open() }
}

test('S5 while the database is locked by another process, requests are still counted', async (t) => {
  const { path, store } = await opened(t)
  const locker = new DatabaseSync(path)
  locker.exec('BEGIN IMMEDIATE')
  assert.equal(await store.admissions.admit('one', windows, NOW), undefined)
  assert.equal(await store.admissions.admit('one', windows, NOW), undefined)
  assert.notEqual(await store.admissions.admit('one', windows, NOW), undefined)
  locker.close()
})

test('S5 while the counts are locked by another process, a caller is told when to come again', async (t) => {
  const { path, store } = await opened(t)
  await store.admissions.admit('one', windows, NOW)
  const locker = new DatabaseSync(`${path}.limits`)
  locker.exec('BEGIN IMMEDIATE')
  let turns = 0
  const turning = setInterval(() => (turns += 1), 1)
  await assert.rejects(
    async () => store.admissions.admit('one', windows, NOW),
    (error) => isFault(error, 'store_busy') && error.detail.retryAfterMs > 0,
  )
  clearInterval(turning)
  assert.ok(turns > 5, 'the event loop goes on meanwhile')
  locker.exec('COMMIT')
  locker.close()
  assert.equal(
    await store.admissions.admit('one', windows, NOW),
    undefined,
    'the refused one was not counted',
  )
  assert.equal(store.healthy(), true)
})

test('counts that another process holds for a moment are waited for', async (t) => {
  const { path, store } = await opened(t)
  await store.admissions.admit('one', windows, NOW)
  const locker = new DatabaseSync(`${path}.limits`)
  locker.exec('BEGIN IMMEDIATE')
  const asked = store.admissions.admit('one', windows, NOW)
  await delay(50)
  locker.exec('COMMIT')
  locker.close()
  assert.equal(await asked, undefined)
})

test('a store whose rates nobody limits makes no file for them', async (t) => {
  const { path, store } = await opened(t)
  await store.write((tx) => tx.accounts.nextId())
  assert.equal(existsSync(`${path}.limits`), false)
  await store.close()
  assert.throws(
    () => store.admissions.admit('one', windows, NOW),
    (error) => isFault(error, 'store_failed'),
  )
})
