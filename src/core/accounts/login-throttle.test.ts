import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { lastFirst, placeAt } from '../../../test/support/stores.ts'
import { type Scope, temporaryFolder } from '../../../test/support/tmp.ts'
import { accountId } from '../brand.ts'
import { Fault, isFault } from '../faults.ts'
import { LoginThrottle } from './login-throttle.ts'

const account = accountId(7)
const other = accountId(8)
const wrong = async () => {
  throw new Fault('passphrase_wrong', {})
}
const right = async () => 'session'

async function newThrottle(scope: Scope, options: { readonly waiting?: number } = {}) {
  const clock = { time: 1_000_000, now: () => clock.time }
  const last = lastFirst(scope)
  const at = placeAt(last, { sqlitePath: join(temporaryFolder(last, 'store'), 'chancery.db') })
  const throttleOf = async () => {
    const { admissions } = await at.open()
    return new LoginThrottle({ clock, admissions, ...options })
  }
  return { clock, throttle: await throttleOf(), throttleOf }
}

async function faultOf(attempt: Promise<unknown>): Promise<Fault> {
  const error = await attempt.then(
    () => assert.fail('not refused'),
    (reason: unknown) => reason,
  )
  assert.ok(isFault(error))
  return error
}

async function fail(throttle: LoginThrottle, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    assert.equal((await faultOf(throttle.attempt(account, wrong))).code, 'passphrase_wrong')
  }
}

function waitOf(fault: Fault): number {
  assert.ok(isFault(fault, 'login_throttled'))
  return fault.detail.retryAfterMs
}

test('P21 after five wrong passphrases within 10 seconds no further one is checked until they have passed', async (t) => {
  const { clock, throttle } = await newThrottle(t)
  for (let time = 0; time < 5; time++) {
    await fail(throttle, 1)
    clock.time += 1_000
  }
  assert.equal(waitOf(await faultOf(throttle.attempt(account, right))), 5_000)
  clock.time += 4_999
  assert.equal(waitOf(await faultOf(throttle.attempt(account, right))), 1)
  clock.time += 1
  assert.equal(await throttle.attempt(account, right), 'session')
})

test('P21 however patient the guesser, 20 wrong passphrases are checked in 15 minutes', async (t) => {
  const { clock, throttle } = await newThrottle(t)
  const end = clock.time + 15 * 60_000
  let checked = 0
  while (clock.time < end) {
    const fault = await faultOf(throttle.attempt(account, wrong))
    if (isFault(fault, 'login_throttled')) clock.time += fault.detail.retryAfterMs
    else checked += 1
  }
  assert.equal(checked, 20)
})

test('P21 wrong passphrases count in every process', async (t) => {
  const { throttle, throttleOf } = await newThrottle(t)
  await fail(throttle, 3)
  const elsewhere = await throttleOf()
  await fail(elsewhere, 2)
  for (const each of [throttle, elsewhere]) {
    assert.equal((await faultOf(each.attempt(account, right))).code, 'login_throttled')
  }
})

test('failures of one account do not delay another', async (t) => {
  const { throttle } = await newThrottle(t)
  await fail(throttle, 5)
  assert.equal((await faultOf(throttle.attempt(account, right))).code, 'login_throttled')
  assert.equal(await throttle.attempt(other, right), 'session')
})

test('only a wrong passphrase counts: a store that is busy does not', async (t) => {
  const { throttle } = await newThrottle(t)
  for (let time = 0; time < 10; time++) {
    const busy = throttle.attempt(account, async () => {
      throw new Fault('store_busy', { retryAfterMs: 1 })
    })
    assert.equal((await faultOf(busy)).code, 'store_busy')
  }
  assert.equal(await throttle.attempt(account, right), 'session')
})

test('X5 of 200 wrong passphrases at once five are checked, one at a time, and the others are refused', async (t) => {
  const { throttle } = await newThrottle(t)
  let [running, most, checked] = [0, 0, 0]
  const attempts = Array.from({ length: 200 }, () =>
    throttle.attempt(account, async () => {
      most = Math.max(most, ++running)
      checked++
      await nextTurn()
      running--
      return await wrong()
    }),
  )
  const codes = (await Promise.all(attempts.map(faultOf))).map(({ code }) => code)
  assert.deepEqual([most, checked], [1, 5])
  assert.equal(codes.filter((code) => code === 'login_throttled').length, 195)
})

test('X5 a bounded number of attempts on one account waits; those of others pass by', async (t) => {
  const { throttle } = await newThrottle(t, { waiting: 3 })
  let release = () => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const waiting = [1, 2, 3].map(() => throttle.attempt(account, async () => await gate))
  assert.equal((await faultOf(throttle.attempt(account, right))).code, 'login_throttled')
  assert.equal(await throttle.attempt(other, right), 'session')
  release()
  await Promise.all(waiting)
  assert.equal(await throttle.attempt(account, right), 'session')
})

test('the next attempt that is checked learns how many were refused unchecked', async (t) => {
  const { clock, throttle } = await newThrottle(t)
  await fail(throttle, 5)
  for (let time = 0; time < 3; time++) await faultOf(throttle.attempt(account, wrong))
  clock.time += 10_000
  assert.equal(await throttle.attempt(account, async (unchecked) => unchecked), 3)
  assert.equal(await throttle.attempt(account, async (unchecked) => unchecked), 0)
})
