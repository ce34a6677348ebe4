import assert from 'node:assert/strict'
import test from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { accountId } from '../brand.ts'
import { Fault, isFault } from '../faults.ts'
import { LoginThrottle } from './login-throttle.ts'

const account = accountId(7)
const other = accountId(8)
const wrong = async () => {
  throw new Fault('passphrase_wrong', {})
}
const right = async () => 'session'

function newThrottle(options: { readonly waiting?: number } = {}) {
  const clock = { time: 1_000_000, now: () => clock.time }
  return { clock, throttle: new LoginThrottle({ clock, ...options }) }
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

test('P21 after five wrong passphrases each further attempt waits, twice as long every time', async () => {
  const { clock, throttle } = newThrottle()
  await fail(throttle, 5)
  for (const expected of [1000, 2000, 4000, 8000]) {
    assert.equal(waitOf(await faultOf(throttle.attempt(account, right))), expected)
    clock.time += expected - 1
    assert.equal(waitOf(await faultOf(throttle.attempt(account, right))), 1)
    clock.time += 1
    await fail(throttle, 1)
  }
})

test('P21 the delay stops growing at 15 minutes', async () => {
  const { clock, throttle } = newThrottle()
  await fail(throttle, 5)
  for (let round = 0; round < 30; round++) {
    clock.time += waitOf(await faultOf(throttle.attempt(account, wrong)))
    await fail(throttle, 1)
  }
  assert.equal(waitOf(await faultOf(throttle.attempt(account, wrong))), 15 * 60_000)
})

test('the right passphrase clears the count, and so do 15 minutes without a failure', async () => {
  const { clock, throttle } = newThrottle()
  await fail(throttle, 4)
  assert.equal(await throttle.attempt(account, right), 'session')
  await fail(throttle, 4)
  clock.time += 15 * 60_000 + 1
  await fail(throttle, 4)
  assert.equal(await throttle.attempt(account, right), 'session')
})

test('failures of one account do not delay another', async () => {
  const { throttle } = newThrottle()
  await fail(throttle, 5)
  assert.equal((await faultOf(throttle.attempt(account, right))).code, 'login_throttled')
  assert.equal(await throttle.attempt(other, right), 'session')
})

test('only a wrong passphrase counts: a store that is busy does not', async () => {
  const { throttle } = newThrottle()
  for (let time = 0; time < 10; time++) {
    const busy = throttle.attempt(account, async () => {
      throw new Fault('store_busy', { retryAfterMs: 1 })
    })
    assert.equal((await faultOf(busy)).code, 'store_busy')
  }
  assert.equal(await throttle.attempt(account, right), 'session')
})

test('X5 of 200 wrong passphrases at once five are checked, one at a time, and the others are refused', async () => {
  const { throttle } = newThrottle()
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

test('X5 a bounded number of attempts on one account waits; those of others pass by', async () => {
  const { throttle } = newThrottle({ waiting: 3 })
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

test('the next attempt that is checked learns how many were refused unchecked', async () => {
  const { clock, throttle } = newThrottle()
  await fail(throttle, 5)
  for (let time = 0; time < 3; time++) await faultOf(throttle.attempt(account, wrong))
  clock.time += 1000
  assert.equal(await throttle.attempt(account, async (unchecked) => unchecked), 3)
  assert.equal(await throttle.attempt(account, async (unchecked) => unchecked), 0)
})
