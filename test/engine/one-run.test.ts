import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { oneRun } from '../../src/core/domains/one-run.ts'
import type { Engine } from '../../src/core/engine.ts'
import { Fault, isFault } from '../../src/core/faults.ts'
import type { Store } from '../../src/core/store/store.ts'
import { suiteEngine } from '../support/engine.ts'
import { storeKinds } from '../support/stores.ts'

const nobodyWaits = () => assert.fail('nobody else has the work')

/** Work that ends when it is told to. */
function held<Result>(result: () => Result) {
  const begun = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  const work = async () => {
    begun.resolve()
    await ended.promise
    return result()
  }
  return { work, begun: begun.promise, end: ended.resolve }
}

/** The same database as another process has it. */
function elsewhere(engine: Engine): Engine {
  const { store } = engine
  const other: Store = {
    read: (program) => store.read(program),
    write: (program) => store.write(program),
    admissions: store.admissions,
    configurationEpoch: () => store.configurationEpoch(),
    healthy: () => store.healthy(),
    close: () => store.close(),
  }
  return { ...engine, store: other }
}

for (const kind of storeKinds) {
  describe(`work that is done once, on ${kind.name}`, { skip: kind.skip }, () => {
    const engine = suiteEngine(kind)

    test('D19 those who ask at once share one run, those of another process join it', async () => {
      const one = engine()
      const other = elsewhere(one)
      let runs = 0
      const { work, begun, end } = held(() => ++runs)
      const started = oneRun(one, 'test:shared', work, nobodyWaits)
      const same = oneRun(one, 'test:shared', work, nobodyWaits)
      await begun
      const joined = oneRun(other, 'test:shared', work, async () => {
        // Whoever waits has found that somebody is at it.
        end()
        await started
      })
      assert.deepEqual(await Promise.all([started, same]), [
        { state: 'done', result: 1 },
        { state: 'done', result: 1 },
      ])
      assert.deepEqual(await joined, { state: 'joined' })
      assert.deepEqual(await oneRun(other, 'test:shared', work, nobodyWaits), { state: 'done', result: 2 })
    })

    test('who does not wait goes on at once, and who waits too long is told to come again', async () => {
      const one = engine()
      const other = elsewhere(one)
      const { work, begun, end } = held(() => 0)
      const running = oneRun(one, 'test:long', work, nobodyWaits)
      await begun
      assert.deepEqual(await oneRun(other, 'test:long', async () => 1, undefined), { state: 'joined' })
      const impatient = oneRun(
        other,
        'test:long',
        async () => 1,
        async () => {},
      )
      await assert.rejects(impatient, (error) => isFault(error, 'store_busy'))
      end()
      await running
    })

    test('a run that fails fails for all who share it, and the next one starts anew', async () => {
      const one = engine()
      const fail = async (): Promise<number> => {
        throw new Fault('control_method_mismatch', { method: 'email' })
      }
      const both = [
        oneRun(one, 'test:failing', fail, nobodyWaits),
        oneRun(one, 'test:failing', fail, nobodyWaits),
      ]
      for (const run of both) await assert.rejects(run, (error) => isFault(error, 'control_method_mismatch'))
      assert.deepEqual(await oneRun(elsewhere(one), 'test:failing', async () => 7, nobodyWaits), {
        ...{ state: 'done', result: 7 },
      })
    })
  })
}
