import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { suiteEngine, testAccount } from '../../../test/support/engine.ts'
import { testCaller } from '../../../test/support/installation.ts'
import { storeKinds } from '../../../test/support/stores.ts'
import { createApiKey } from '../accounts/api-key-create.ts'
import { loadAccount } from '../accounts/load-account.ts'
import { Fault, isFault } from '../faults.ts'
import { admit } from './admit.ts'
import { changeLimits } from './change-limits.ts'
import { judgeFailure } from './failed-attempts.ts'
import { creationState, limitState, requestKey } from './limit-state.ts'
import { windowsFor } from './limits.ts'
import { beginMaintenance, createMaintenanceGate, endMaintenance, presentMaintenance } from './maintenance.ts'

const minute = 60_000
const five = [{ limit: 5, windowMs: minute }]

for (const kind of storeKinds) {
  describe(`limits on ${kind.name}`, { skip: kind.skip }, () => {
    const engine = suiteEngine(kind, { settings: { failedAttempts: [{ limit: 3, windowMs: minute }] } })

    async function tenant(email: string) {
      const { account } = await testAccount(engine(), email)
      const wish = { accountId: account.id, role: 'administrator', restriction: null, endDate: null } as const
      const { record } = await createApiKey(engine(), wish, testCaller)
      const current = () => engine().store.read((view) => loadAccount(view, engine().sealer, account.id))
      return { id: account.id, publicId: record.publicId, current }
    }

    test('what is set for a key counts before its account, that before the configuration, and can be taken back', async () => {
      const { id, publicId, current } = await tenant('order@example.test')
      const usual = engine().settings.limits.one
      const holding = async (credential: string | undefined) =>
        windowsFor('one', usual, await current(), credential)
      assert.equal(await holding(publicId), usual)
      await changeLimits(engine(), { accountId: id, publicId: undefined }, { one: five }, testCaller)
      await changeLimits(engine(), { accountId: id, publicId }, { one: [], certcentral: five }, testCaller)
      assert.deepEqual(await holding(publicId), [])
      assert.deepEqual(await holding('user:7'), five)
      const [certcentral, one] = await limitState(engine(), await current(), publicId)
      assert.deepEqual([certcentral?.source, one?.source], ['key', 'key'])
      await changeLimits(engine(), { accountId: id, publicId }, { one: undefined }, testCaller)
      assert.deepEqual(await holding(publicId), five)
      await changeLimits(engine(), { accountId: id, publicId }, { certcentral: undefined }, testCaller)
      await changeLimits(engine(), { accountId: id, publicId: undefined }, { one: undefined }, testCaller)
      assert.deepEqual((await current()).settings, {})
      assert.equal(windowsFor('one', [], { settings: { limits: { one: five } } }, undefined).length, 0)
    })

    test('limits of a key are set for the account that owns it alone', async () => {
      const owner = await tenant('owner@example.test')
      const other = await tenant('other@example.test')
      await assert.rejects(
        changeLimits(engine(), { accountId: other.id, publicId: owner.publicId }, { one: five }, testCaller),
        (error) => isFault(error, 'credential_unknown'),
      )
      assert.deepEqual((await other.current()).settings, {})
    })

    test('X7 the state of a limit tells what is left and when one more fits, and is not counted', async () => {
      const { publicId, current } = await tenant('state@example.test')
      const windows = engine().settings.limits.certcentral
      for (let time = 0; time < 2; time++) {
        await admit(engine(), requestKey('certcentral', publicId), windows, engine().clock.now())
        engine().clock.time += 1_000
      }
      for (let time = 0; time < 2; time++) {
        const [state] = await limitState(engine(), await current(), publicId, ['certcentral'])
        assert.deepEqual(state?.windows, [
          { limit: 100, windowMs: 5_000, used: 2, remaining: 98, freesInMs: 3_000 },
          { limit: 1_000, windowMs: 3 * minute, used: 2, remaining: 998, freesInMs: 178_000 },
        ])
      }
      const [authorities] = await creationState(engine(), await current())
      assert.deepEqual([authorities?.limit, authorities?.windows[0]?.used], ['tinycert.authorities', 0])
    })

    test('X5 credentials that fail are refused past the limit of their address, and others are judged by theirs', async () => {
      const failure = new Fault('credential_unknown', {})
      const judged = async (address: string) => {
        const told = await judgeFailure(engine(), failure, address)
        return isFault(told, 'login_throttled') ? told.detail.retryAfterMs : told
      }
      for (let time = 0; time < 3; time++) assert.equal(await judged('2001:db8::1'), failure)
      engine().clock.time += 10_000
      assert.equal(await judged('2001:db8::2'), minute - 10_000, 'one host commands a whole /64')
      assert.equal(await judged('2001:db8:0:1::1'), failure)
      engine().clock.time += minute - 10_000
      assert.equal(await judged('2001:db8::1'), failure)
      const busy = new Fault('store_busy', { retryAfterMs: 1 })
      assert.equal(await judgeFailure(engine(), busy, '2001:db8::1'), busy)
    })

    test('maintenance refuses with what is left of it, and ends by itself or when it is ended', async () => {
      const gate = createMaintenanceGate(engine())
      const left = async () => {
        try {
          await gate()
          return undefined
        } catch (error) {
          assert.ok(isFault(error, 'maintenance'))
          return error.detail
        }
      }
      assert.equal(await left(), undefined)
      await beginMaintenance(engine(), { forMs: minute, message: 'new disk' }, testCaller)
      assert.deepEqual(await left(), { retryAfterMs: minute, message: 'new disk' })
      engine().clock.time += minute - 1
      assert.deepEqual(await left(), { retryAfterMs: 1, message: 'new disk' })
      engine().clock.time += 1
      assert.equal(await left(), undefined)
      await beginMaintenance(engine(), { forMs: minute, message: null }, testCaller)
      assert.notEqual(await left(), undefined)
      assert.notEqual(await endMaintenance(engine(), testCaller), undefined)
      assert.equal(await left(), undefined)
      assert.equal(await endMaintenance(engine(), testCaller), undefined)
      const told = await engine().query(
        `select count(*) as told from event where body like '%"maintenance.begun"%' or body like '%"maintenance.ended"%'`,
      )
      assert.equal(Number(told[0]?.told), 3)
      for (const forMs of [999, 7 * 24 * 60 * minute + 1, Number.NaN]) {
        assert.throws(
          () => beginMaintenance(engine(), { forMs, message: null }, testCaller),
          (error) => isFault(error, 'parameter_invalid'),
        )
      }
    })

    test('what is said about a maintenance is one line of 1 to 200 characters, or nothing', async () => {
      const begin = (message: string) => beginMaintenance(engine(), { forMs: minute, message }, testCaller)
      for (const message of ['x', 'x'.repeat(200), '新しいディスク 💾', '<b>"A" & B</b>']) {
        assert.equal((await begin(message)).message, message)
      }
      const unsaid = ['', ' ', '\u3000', 'x'.repeat(201), 'a\nb', 'a\tb', 'a\u0000b', '\u001b[2Ja', 'a\u007f']
      for (const message of [...unsaid, 'a\u0085b', 'a\u2028b', 'a\ud83d']) {
        assert.throws(
          () => begin(message),
          (error) => isFault(error, 'parameter_invalid') && error.detail.parameter === 'message',
          JSON.stringify(message),
        )
      }
      await endMaintenance(engine(), testCaller)
    })

    test('a maintenance whose row was made up closes nothing for ever', async () => {
      const gate = createMaintenanceGate(engine())
      for (const text of ['', '{', '7', '{"since":0,"until":9e15}', '{"since":"a","until":9e15}']) {
        await engine().store.write(function* (transaction) {
          yield* transaction.runtime.setSetting('maintenance', text)
          transaction.configurationChanged()
        })
        await gate()
        const now = engine().clock.now()
        assert.equal(await engine().store.read((view) => presentMaintenance(view, now)), undefined)
      }
    })
  })
}
