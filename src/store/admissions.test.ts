import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { NOW } from '../../test/support/store-records.ts'
import { storeKinds } from '../../test/support/stores.ts'
import { Fault } from '../core/faults.ts'
import { admit, windowUse } from '../core/limits/admit.ts'
import { RefusalPace } from '../core/limits/refusal-pace.ts'
import type { RateWindow } from '../core/store/admissions.ts'
import type { Store } from '../core/store/store.ts'

const short: RateWindow = { limit: 3, windowMs: 100 }
const long: RateWindow = { limit: 5, windowMs: 1_000 }

const ask = (store: Store, now: number, windows: readonly RateWindow[] = [short, long], key = 'one') =>
  store.admissions.admit(key, windows, now)

for (const { name, skip, place } of storeKinds) {
  test(`${name}: X7 a window takes its limit, then refuses until the first one has left it`, {
    skip,
  }, async (t) => {
    const store = await (await place(t)).open()
    for (const at of [0, 10, 20]) assert.equal(await ask(store, NOW + at), undefined)
    assert.deepEqual(await ask(store, NOW + 30), { place: 0, retryAfterMs: 70 })
    assert.deepEqual(await ask(store, NOW + 99), { place: 0, retryAfterMs: 1 })
    assert.equal(await ask(store, NOW + 100), undefined)
    assert.deepEqual(await ask(store, NOW + 100), { place: 0, retryAfterMs: 10 })
  })

  test(`${name}: X7 both windows hold, and refused requests are not counted`, { skip }, async (t) => {
    const store = await (await place(t)).open()
    for (const at of [0, 200, 400, 600]) assert.equal(await ask(store, NOW + at), undefined)
    assert.equal(await ask(store, NOW + 800), undefined)
    for (let at = 801; at < 1_000; at += 10) {
      assert.deepEqual(await ask(store, NOW + at), { place: 1, retryAfterMs: 1_000 - at })
    }
    assert.equal(await ask(store, NOW + 1_000), undefined)
    assert.deepEqual(await ask(store, NOW + 1_000), { place: 1, retryAfterMs: 200 })
  })

  test(`${name}: X7 a key over its limit leaves others alone`, { skip }, async (t) => {
    const store = await (await place(t)).open()
    for (let n = 0; n < 10; n++) await ask(store, NOW)
    assert.equal(await ask(store, NOW, [short, long], 'another'), undefined)
    assert.equal(await ask(store, NOW, [short, long], "o'ne"), undefined)
  })

  test(`${name}: X7 over its rate a caller is told the limit and when to come again`, { skip }, async (t) => {
    const store = await (await place(t)).open()
    const limited = () =>
      admit({ store, refusalPace: new RefusalPace(setTimeout) }, 'certcentral:key', [short], NOW)
    for (let n = 0; n < short.limit; n++) await limited()
    await assert.rejects(limited(), (error) => {
      assert.ok(error instanceof Fault && error.code === 'rate_exceeded')
      assert.deepEqual(error.detail, { ...short, retryAfterMs: 100 })
      return true
    })
  })

  test(`${name}: how full windows are is told without counting`, { skip }, async (t) => {
    const store = await (await place(t)).open()
    const used = async (at: number, windows = [short, long]) =>
      (await windowUse({ store }, 'one', windows, NOW + at)).map((each) => each.used)
    assert.deepEqual(await used(0), [0, 0])
    for (const at of [0, 50, 60]) await ask(store, NOW + at)
    assert.deepEqual(await used(60), [3, 3])
    assert.deepEqual(await used(120), [2, 3])
    assert.deepEqual(await used(120), [2, 3])
    assert.deepEqual(await used(2_000), [0, 0])
    const [narrow] = await windowUse({ store }, 'one', [short], NOW + 120)
    assert.deepEqual(narrow, { ...short, used: 2, remaining: 1, freesInMs: 30 })
    assert.deepEqual(await windowUse({ store }, 'one', [], NOW), [])
  })

  test(`${name}: keys that were not counted for long are forgotten, those of other names stay`, {
    skip,
  }, async (t) => {
    const store = await (await place(t)).open()
    for (const [key, at] of [
      ['failed:a', 0],
      ['failed:b', 10],
      ['failed:c', 20],
      ['failee', 0],
      ['faile', 0],
    ] as const) {
      await ask(store, NOW + at, [short], key)
    }
    assert.equal(await store.admissions.forget('failed:', NOW + 20, 1), 1)
    assert.equal(await store.admissions.forget('failed:', NOW + 20, 10), 1)
    assert.equal(await store.admissions.forget('failed:', NOW + 20, 10), 0)
    const used = async (key: string) => (await windowUse({ store }, key, [short], NOW + 20))[0]?.used
    assert.deepEqual(
      [await used('failed:a'), await used('failed:c'), await used('failee'), await used('faile')],
      [0, 1, 1, 1],
    )
    assert.equal(await ask(store, NOW + 20, [short], 'failed:a'), undefined)
  })

  test(`${name}: windows that an operator changes hold from the next request on`, { skip }, async (t) => {
    const store = await (await place(t)).open()
    const [narrow, wide] = [
      { limit: 2, windowMs: 1_000 },
      { limit: 4, windowMs: 1_000 },
    ]
    for (let n = 0; n < 3; n++) assert.equal(await ask(store, NOW, [wide]), undefined)
    assert.deepEqual(await ask(store, NOW, [narrow]), { place: 0, retryAfterMs: 1_000 })
    assert.equal(await ask(store, NOW, [wide]), undefined)
    assert.deepEqual(await ask(store, NOW, [wide]), { place: 0, retryAfterMs: 1_000 })
  })

  test(`${name}: a clock a little behind does not open a window, one put back far does not close it`, {
    skip,
  }, async (t) => {
    const store = await (await place(t)).open()
    for (const at of [0, 20, -20]) assert.equal(await ask(store, NOW + at), undefined)
    assert.deepEqual(await ask(store, NOW - 30), { place: 0, retryAfterMs: 80 })
    assert.equal(await ask(store, NOW - 10_000), undefined)
  })

  test(`${name}: X7 what one store admits counts in the other, and after a restart`, { skip }, async (t) => {
    const at = await place(t)
    const [one, other] = [await at.open(), await at.open()]
    const windows = [{ limit: 50, windowMs: 10_000 }]
    const asked = await Promise.all(
      Array.from({ length: 80 }, (_, n) => ask(n % 2 === 0 ? one : other, NOW + n, windows)),
    )
    assert.equal(asked.filter((refusal) => refusal === undefined).length, 50)
    await one.close()
    await other.close()
    assert.notEqual(await ask(await at.open(), NOW + 100, windows), undefined)
  })

  test(`${name}: X7 processes that ask at once are admitted exactly as often as the window takes`, {
    skip,
    timeout: 600_000,
  }, async (t) => {
    const at = await place(t)
    await at.open()
    const module = new URL('open.ts', import.meta.url).href
    const script = `
      const { openStore } = await import(${JSON.stringify(module)})
      const store = await openStore({
        clock: { now: () => Date.now() },
        random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
        log: { info() {}, warn() {}, error() {} },
        processName: 'asking',
        ...${JSON.stringify(at.location)},
      })
      const windows = [{ limit: 100, windowMs: 5_000 }, { limit: 150, windowMs: 3_600_000 }]
      let admitted = 0
      for (let n = 0; n < 120; n++) {
        if ((await store.admissions.admit('one', windows, Number(process.argv[1]) + n)) === undefined) admitted += 1
      }
      await store.close()
      process.exitCode = admitted`
    const admitted = async (from: number) => {
      const children = [1, 2, 3].map(() =>
        spawn(process.execPath, ['--input-type=module', '-e', script, String(from)], { stdio: 'inherit' }),
      )
      const codes = await Promise.all(children.map(async (child) => Number((await once(child, 'exit'))[0])))
      return codes.reduce((sum, code) => sum + code, 0)
    }
    assert.equal(await admitted(NOW), 100)
    assert.equal(await admitted(NOW + 10_000), 50)
  })
}
