import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AuthorityId } from '../../src/core/brand.ts'
import { changeStatus } from '../../src/core/certificates/change-status.ts'
import { CrlRefused } from '../../src/core/status/crl-succession.ts'
import { publishCrl } from '../../src/core/status/publish-crl.ts'
import { publishCrlsJob } from '../../src/jobs/publish-crls.ts'
import { type Crl, parseCrl } from '../../src/pki/crl.ts'
import { readinessChecks } from '../../src/server/readiness-checks.ts'
import type { TestEngine } from '../support/engine.ts'
import { testCaller } from '../support/installation.ts'
import { doorOf, testAuthority } from '../support/issuing.ts'
import { storeKinds } from '../support/stores.ts'
import { eventCounts, twoEngines, withSigner } from './faults-support.ts'

type Two = Awaited<ReturnType<typeof twoEngines>>

const HOUR_MS = 3_600_000

for (const kind of storeKinds) {
  describe(`CRLs when something fails, on ${kind.name}`, { skip: kind.skip }, () => {
    test('R17 while CRLs cannot be signed the old one stays, alarm is given at once, and the next one ends it', async (context) => {
      const two = await twoEngines(context, kind)
      const { first, own } = two
      let broken = false
      const engine = withSigner(first, () => {
        if (broken) throw new Error('the device is gone')
      })
      const job = publishCrlsJob(engine, 'test')
      const run = () => job.run(new AbortController().signal)
      const readiness = async () => {
        const check = readinessChecks(engine, job.failing).find(({ name }) => name === 'crls')
        return (await check?.run())?.status
      }
      await run()
      const old = await latest(first, two)
      assert.equal(await readiness(), 'ok')

      broken = true
      await revokeOne(two)
      first.clock.time += HOUR_MS
      await run()
      assert.ok(job.failing.has(own.issuing.id), 'alarm')
      assert.equal(await readiness(), 'degraded')
      const since = job.failing.get(own.issuing.id)
      for (let hour = 0; hour < 24; hour++) {
        first.clock.time += HOUR_MS
        await run()
        assert.deepEqual(Buffer.from((await latest(first, two)).der), Buffer.from(old.der))
        assert.equal(job.failing.get(own.issuing.id), since, 'it is known since when')
      }

      broken = false
      first.clock.time += HOUR_MS
      await run()
      assert.deepEqual([...job.failing.keys()], [])
      assert.equal(await readiness(), 'ok')
      const next = await latest(first, two)
      assert.equal(next.entryCount, 1)
      assert.ok((next.crlNumber ?? 0n) > (old.crlNumber ?? 0n))
    })

    test('R17 a CRL past its nextUpdate is an alarm, whoever was to make the next', async (context) => {
      const two = await twoEngines(context, kind)
      const { first } = two
      await publishCrl(first, two.own.issuing.id)
      await publishCrl(first, two.own.root.id)
      const check = readinessChecks(first, new Map()).find(({ name }) => name === 'crls')
      assert.equal((await check?.run())?.status, 'ok')
      first.clock.time = (await latest(first, two)).nextUpdate ?? 0
      assert.equal((await check?.run())?.status, 'ok')
      first.clock.time += 1
      assert.equal((await check?.run())?.status, 'degraded')
    })

    test('R13 of two loops that build a CRL at the same moment one publishes, 20 times', async (context) => {
      const two = await twoEngines(context, kind)
      const { first, second, own } = two
      const numbers: bigint[] = []
      for (let race = 0; race < 20; race++) {
        await revokeOne(two)
        first.clock.time += 1_000
        second.clock.time = first.clock.time
        const published = await Promise.all([
          publishCrl(first, own.issuing.id),
          publishCrl(second, own.issuing.id),
        ])
        assert.deepEqual(published.filter(Boolean), [true])
        const crl = await latest(first, two)
        assert.equal(crl.entryCount, race + 1)
        numbers.push(crl.crlNumber ?? 0n)
      }
      for (const [index, number] of numbers.entries()) assert.ok(number > (numbers[index - 1] ?? 0n))
      assert.equal((await eventCounts(first, `authority:${own.issuing.id}`))['crl.published'], 20)
    })

    test('R13 a CRL that was built before another was published is dropped, although its number is higher', async (context) => {
      const two = await twoEngines(context, kind)
      const { first, second, own } = two
      await publishCrl(first, own.issuing.id)
      await revokeOne(two)
      // The slow loop's clock is ahead, so its number would be.
      first.clock.time += 10_000
      second.clock.time += 5_000
      const slow: TestEngine = {
        ...first,
        async stopAt(point) {
          if (point !== 'crl.signed') return
          await revokeOne(two)
          assert.equal(await publishCrl(second, own.issuing.id), true)
        },
      }
      assert.equal(await publishCrl(slow, own.issuing.id), false)
      assert.equal((await latest(first, two)).entryCount, 2, 'what was revoked meanwhile stays listed')
    })

    test('a CRL that would lose an entry because its row disappeared is refused, and the old one stays', async (context) => {
      const { first, own } = await twoEngines(context, kind)
      // The first grants hold, which explains entries that were on hold and no others; the second grants nothing.
      const strict = await testAuthority(first, own.account.id, {})
      for (const authority of [own.issuing, strict]) {
        const { id: certificateId } = await doorOf(first, authority).issue()
        const change = { accountId: own.account.id, certificateId, to: 'revoked' } as const
        await changeStatus(first, change, testCaller)
        await publishCrl(first, authority.id)
        const before = await crlOf(first, authority.id)
        await first.query('DELETE FROM status')
        first.clock.time += 2_000
        await assert.rejects(publishCrl(first, authority.id), CrlRefused)
        assert.deepEqual(Buffer.from((await crlOf(first, authority.id)).der), Buffer.from(before.der))
      }
    })

    test('a lifted hold leaves the next CRL', async (context) => {
      const { first, own, door } = await twoEngines(context, kind)
      const { id: certificateId } = await door.issue()
      for (const [to, entries] of [
        ['hold', 1],
        ['good', 0],
      ] as const) {
        await changeStatus(first, { accountId: own.account.id, certificateId, to }, testCaller)
        first.clock.time += 2_000
        assert.equal(await publishCrl(first, own.issuing.id), true)
        assert.equal((await crlOf(first, own.issuing.id)).entryCount, entries)
      }
    })
  })
}

async function revokeOne({ first, own, door }: Two): Promise<void> {
  const { id: certificateId } = await door.issue()
  await changeStatus(first, { accountId: own.account.id, certificateId, to: 'revoked' }, testCaller)
}

/** The issuing CA's present CRL. */
function latest(engine: TestEngine, { own }: Two): Promise<Crl> {
  return crlOf(engine, own.issuing.id)
}

async function crlOf(engine: TestEngine, authority: AuthorityId): Promise<Crl> {
  const record = await engine.store.read((view) => view.status.latestCrl(authority, 0))
  assert.ok(record)
  return parseCrl(record.der)
}
