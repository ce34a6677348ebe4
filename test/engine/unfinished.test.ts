import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { before, describe, test } from 'node:test'
import { ABANDONED_AFTER_MS } from '../../src/core/certificates/recover.ts'
import type { StopPoint } from '../../src/core/environment.ts'
import { idleSessionsJob, recoveryJob } from '../../src/jobs/housekeeping.ts'
import { suiteEngine, testAccount } from '../support/engine.ts'
import { type Door, dnsName, doorOf } from '../support/issuing.ts'
import { storeKinds } from '../support/stores.ts'

for (const kind of storeKinds) {
  describe(`work that nobody finishes, on ${kind.name}`, { skip: kind.skip }, () => {
    const engine = suiteEngine(kind)
    let door: Door
    before(async () => {
      door = doorOf(engine(), (await testAccount(engine())).issuing)
    })
    const count = async (table: string) => {
      const [row] = await engine().query(`SELECT count(*) AS count FROM ${table}`)
      return Number(row?.count)
    }
    const signal = new AbortController().signal

    test('X8 a flood of sessions that are never closed is dropped when they are idle, the used one is kept', async () => {
      const { accountId } = door.authority
      const now = engine().clock.now()
      const digest = (number: number) => createHash('sha256').update(`session ${number}`).digest()
      const flood = 2_500
      await engine().store.write(function* (transaction) {
        for (let number = 0; number < flood; number += 1) {
          yield* transaction.accounts.insertSession({
            tokenDigest: digest(number),
            accountId,
            secretsSealed: new Uint8Array(64),
            createdAt: now,
            lastUsedAt: now,
          })
        }
      })
      assert.equal(await count('session'), flood)
      engine().clock.time += engine().settings.sessionIdleMs
      await engine().store.write((transaction) =>
        transaction.accounts.touchSession(digest(7), engine().clock.now()),
      )
      await idleSessionsJob(engine()).run(signal)
      assert.equal(await count('session'), flood)
      engine().clock.time += 1
      await idleSessionsJob(engine()).run(signal)
      assert.equal(await count('session'), 1)
      assert.ok(await engine().store.read((view) => view.accounts.session(digest(7))))
    })

    test('X8 reservations that nobody finishes count against their account, and end for good', async () => {
      const stopAt = (point: StopPoint) => {
        if (point === 'issue.reserved') throw new Error('stopped by the test')
      }
      const stopped = doorOf({ ...engine(), stopAt }, door.authority)
      const { accountId } = door.authority
      const since = engine().clock.now() - 1
      const flood = 250
      const outcomes = await Promise.allSettled(
        Array.from({ length: flood }, (_, index) =>
          stopped.issue({ names: [dnsName(`f${index}.example.com`)] }),
        ),
      )
      assert.ok(outcomes.every(({ status }) => status === 'rejected'))
      const counted = await engine().store.read((view) =>
        view.certificates.countCreatedSince(accountId, 'command-line', since),
      )
      assert.equal(counted, flood)
      assert.equal(await count('open_reservation'), flood)
      // Those that may still be worked on are left alone.
      await recoveryJob(engine()).run(signal)
      assert.equal(await count('open_reservation'), flood)
      engine().clock.time += ABANDONED_AFTER_MS + 1
      await recoveryJob(engine()).run(signal)
      assert.equal(await count('open_reservation'), 0)
      await door.issue()
    })
  })
}
