import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  aCrl,
  anAuthority,
  aReservation,
  aStatus,
  DAY,
  issuerHashes,
  NOW,
  octets,
} from '../../test/support/store-records.ts'
import { storeKinds } from '../../test/support/stores.ts'
import { authorityId, type CertificateId } from '../core/brand.ts'
import type { StatusRecord } from '../core/certificates/certificate.ts'

for (const { name, skip, place } of storeKinds) {
  test(`${name}: status`, { skip }, async (t) => {
    const store = await (await place(t)).open()
    const ca = authorityId(1)
    await store.write(function* (tx) {
      yield* tx.authorities.insert(anAuthority(), issuerHashes('1'))
      yield* tx.authorities.insert(anAuthority({ id: authorityId(2) }), issuerHashes('2'))
    })
    const reserved = async (notAfter = NOW + DAY) => {
      const reservation = aReservation({ notAfter })
      const id = await store.write((tx) => tx.certificates.reserve(reservation))
      assert.ok(id !== undefined)
      return aStatus({ certificateId: id, serialNumber: reservation.serialNumber }, { notAfter })
    }
    const set = (status: StatusRecord) => store.write((tx) => tx.status.set(status))
    const due = (before: number) => store.read((view) => view.status.crlsDue(before, 10))
    const changes = () => store.read((view) => view.status.changes(ca))
    const publish = async (number: number, seen: number, follows?: number) => {
      const latest = await store.read((view) => view.status.latestCrlHeader(ca, 0))
      const basis = { changes: seen, follows: follows ?? latest?.number ?? 0 }
      return store.write((tx) => tx.status.insertCrl(aCrl(number), basis))
    }

    await t.test('a status is read back, replaced and cleared', async () => {
      const status = await reserved()
      assert.equal(await store.read((view) => view.status.of(status.certificateId)), undefined)
      await set(status)
      assert.deepEqual(await store.read((view) => view.status.of(status.certificateId)), status)
      const worse = { ...status, status: 'revoked', reason: 1, at: NOW + 5 } as const
      await set(worse)
      assert.deepEqual(await store.read((view) => view.status.of(status.certificateId)), worse)
      await store.write((tx) => tx.status.clear(status.certificateId))
      assert.equal(await store.read((view) => view.status.of(status.certificateId)), undefined)
      await store.write((tx) => tx.status.clear(status.certificateId))
    })

    await t.test('pages of a CA go by certificate and leave out what ended before', async () => {
      const entries = [await reserved(), await reserved(NOW - 1), await reserved(NOW), await reserved()]
      for (const entry of entries.toReversed()) await set(entry)
      await set({ ...(await reserved()), authorityId: authorityId(2) })
      const page = (after: number) => store.read((view) => view.status.page(ca, NOW, after, 2))
      const first = await page(0)
      assert.deepEqual(first, [entries[0], entries[2]])
      assert.deepEqual(await page(entries[2]?.certificateId ?? 0), [entries[3]])
    })

    await t.test('closed reservations are listed as revoked since they were made', async () => {
      const [open, aborted, closed, ended] = [
        await reserved(),
        await reserved(),
        await reserved(),
        await reserved(NOW - 1),
      ]
      const end = (id: CertificateId, state: 'aborted' | 'closed') =>
        store.write((tx) => tx.certificates.end(id, state))
      await end(aborted.certificateId, 'aborted')
      await end(closed.certificateId, 'closed')
      await end(ended.certificateId, 'closed')
      const closedAfter = (after: number) => store.read((view) => view.status.closed(ca, NOW, after, 10))
      assert.deepEqual(await closedAfter(0), [closed])
      assert.deepEqual(await closedAfter(closed.certificateId), [])
      assert.notEqual(open.certificateId, closed.certificateId)
    })

    await t.test('R13 a CRL number that is not higher than the last is refused', async () => {
      const crl = aCrl(10, { entries: 3, der: octets(5_000) })
      assert.equal(await store.write((tx) => tx.status.insertCrl(crl, { changes: 0, follows: 0 })), true)
      const { der, ...header } = crl
      assert.deepEqual(await store.read((view) => view.status.latestCrl(ca, 0)), { ...header, der })
      assert.deepEqual(await store.read((view) => view.status.latestCrlHeader(ca, 0)), header)
      assert.equal(await publish(10, 0), false)
      assert.equal(await publish(9, 0), false)
      assert.deepEqual((await store.read((view) => view.status.latestCrl(ca, 0)))?.der, der)
      assert.equal(await publish(11, 0), true)
      assert.equal(await store.read((view) => view.status.latestCrl(ca, 1)), undefined)
      const shard = aCrl(5, { shard: 1 })
      assert.equal(await store.write((tx) => tx.status.insertCrl(shard, { changes: 0, follows: 0 })), true)
    })

    await t.test('R13 a CRL that was compared with another than the last is refused', async () => {
      assert.equal(await publish(13, 0, 10), false)
      assert.equal(await publish(13, 0, 0), false)
      assert.equal(await publish(13, 0, 11), true)
    })

    await t.test(
      'a CRL is due when it is absent, when it ends, and when the status changed after it',
      async () => {
        assert.deepEqual(await due(NOW), [authorityId(1), authorityId(2)])
        assert.equal(await publish(20, await changes()), true)
        assert.deepEqual(await due(NOW + 7 * DAY), [authorityId(2)])
        assert.deepEqual(await due(NOW + 7 * DAY + 1), [authorityId(2), authorityId(1)])
        await set(await reserved())
        assert.deepEqual(await due(NOW), [authorityId(1), authorityId(2)])
        assert.equal(await publish(21, await changes()), true)
        await store.write((tx) => tx.status.markCrlDue(ca))
        assert.deepEqual(await due(NOW), [authorityId(1), authorityId(2)])
      },
    )

    await t.test('a revocation while the CRL is built makes the next one due', async () => {
      const seen = await changes()
      await set(await reserved())
      assert.equal(await publish(30, seen), true)
      assert.deepEqual(await due(NOW), [authorityId(1), authorityId(2)])
      assert.equal(await publish(31, await changes()), true)
      assert.deepEqual(await due(NOW), [authorityId(2)])
    })

    await t.test('a blocked key stays blocked', async () => {
      const digest = octets(32)
      assert.equal(await store.read((view) => view.status.keyBlocked(digest)), false)
      await store.write((tx) => tx.status.blockKey(digest, 'compromised', NOW))
      await store.write((tx) => tx.status.blockKey(digest, 'again', NOW + 1))
      assert.equal(await store.read((view) => view.status.keyBlocked(digest)), true)
    })
  })
}
