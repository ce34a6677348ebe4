import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  anAuthority,
  aReservation,
  aSerialNumber,
  aStatus,
  DAY,
  issuerHashes,
  NOW,
  octets,
} from '../../test/support/store-records.ts'
import { storeKinds } from '../../test/support/stores.ts'
import { accountId, authorityId, type CertificateId, certificateId } from '../core/brand.ts'
import type { Reservation } from '../core/certificates/certificate.ts'
import type { Store } from '../core/store/store.ts'

async function reserve(store: Store, reservation: Reservation): Promise<CertificateId> {
  const id = await store.write((tx) => tx.certificates.reserve(reservation))
  assert.ok(id !== undefined)
  return id
}

async function issue(store: Store, reservation: Reservation): Promise<CertificateId> {
  const id = await reserve(store, reservation)
  const done = await store.write((tx) =>
    tx.certificates.complete(id, reservation.attempt, octets(72), NOW + 1),
  )
  assert.equal(done, true)
  return id
}

for (const { name, skip, place } of storeKinds) {
  test(`${name}: certificates`, { skip }, async (t) => {
    const store = await (await place(t)).open()
    await store.write(function* (tx) {
      for (const [id, account] of [
        [1, 1],
        [2, 1],
        [3, 2],
      ] as const) {
        const authority = anAuthority({ id: authorityId(id), accountId: accountId(account) })
        yield* tx.authorities.insert(authority, issuerHashes(String(id)))
      }
    })
    const byId = (account: number, id: CertificateId) =>
      store.read((view) => view.certificates.byId(accountId(account), id))

    await t.test('a reservation is complete once its own attempt completes it', async () => {
      const reservation = aReservation({ csrDer: null, supersedes: certificateId(77) })
      const id = await reserve(store, reservation)
      const open = {
        ...reservation,
        id,
        state: 'reserved',
        signature: null,
        issuedAt: null,
        supersededBy: null,
        supersededAt: null,
      }
      assert.deepEqual(await byId(1, id), open)
      const signature = octets(72)
      const complete = (attempt: Uint8Array) =>
        store.write((tx) => tx.certificates.complete(id, attempt, signature, NOW + 1))
      assert.equal(await complete(octets(16)), false)
      assert.equal(await complete(reservation.attempt), true)
      assert.equal(await complete(reservation.attempt), false)
      const issued = { ...open, state: 'issued', signature, issuedAt: NOW + 1 }
      assert.deepEqual(await byId(1, id), issued)
      assert.deepEqual(await store.write((tx) => tx.certificates.hold(id)), issued)
      const bySerial = await store.read((view) =>
        view.certificates.bySerialNumber(authorityId(1), reservation.serialNumber),
      )
      assert.deepEqual(bySerial, issued)
    })

    await t.test(
      'V7 a serial number that the issuer used before is refused before anything is stored',
      async () => {
        const first = aReservation()
        await reserve(store, first)
        const again = { ...aReservation(), serialNumber: first.serialNumber }
        assert.equal(await store.write((tx) => tx.certificates.reserve(again)), undefined)
        const both = await Promise.all(
          [again, again].map(() => {
            const racing = aReservation({ serialNumber: octets(20), authorityId: authorityId(2) })
            return Promise.all([
              store.write((tx) => tx.certificates.reserve(racing)),
              store.write((tx) => tx.certificates.reserve({ ...racing, attempt: octets(16) })),
            ])
          }),
        )
        for (const pair of both) assert.equal(pair.filter((id) => id === undefined).length, 1)
        const other = await store.write((tx) =>
          tx.certificates.reserve({ ...again, authorityId: authorityId(2) }),
        )
        assert.ok(other !== undefined, 'another issuer may use it')
      },
    )

    await t.test('an ended reservation is not issued, and an issued one not ended', async () => {
      for (const state of ['aborted', 'closed'] as const) {
        const reservation = aReservation()
        const id = await reserve(store, reservation)
        assert.equal(await store.write((tx) => tx.certificates.end(id, state)), true)
        assert.equal(await store.write((tx) => tx.certificates.end(id, 'closed')), false)
        const late = store.write((tx) => tx.certificates.complete(id, reservation.attempt, octets(72), NOW))
        assert.equal(await late, false)
        assert.equal((await byId(1, id))?.state, state)
      }
      const issued = await issue(store, aReservation())
      assert.equal(await store.write((tx) => tx.certificates.end(issued, 'aborted')), false)
    })

    await t.test("another account's certificate is not found by its account, but by any", async () => {
      const id = await issue(store, aReservation())
      assert.equal(await byId(2, id), undefined)
      assert.equal((await store.read((view) => view.certificates.anyById(id)))?.id, id)
    })

    await t.test('reservations left open are found by age, ended ones never', async () => {
      const old = NOW - 10 * DAY
      const left = await reserve(store, aReservation({ createdAt: old }))
      await issue(store, aReservation({ createdAt: old }))
      const ended = await reserve(store, aReservation({ createdAt: old }))
      await store.write((tx) => tx.certificates.end(ended, 'aborted'))
      const open = await store.read((view) => view.certificates.openReservations(old + 1, 10))
      assert.deepEqual(
        open.map(({ id, state }) => [id, state]),
        [[left, 'reserved']],
      )
      await store.write((tx) => tx.certificates.end(left, 'closed'))
    })

    await t.test('a certificate is superseded once', async () => {
      const [id, by] = [await issue(store, aReservation()), await issue(store, aReservation())]
      assert.equal(await store.write((tx) => tx.certificates.supersede(id, by, NOW + 9)), true)
      assert.equal(await store.write((tx) => tx.certificates.supersede(id, id, NOW + 10)), false)
      const record = await byId(1, id)
      assert.deepEqual([record?.supersededBy, record?.supersededAt], [by, NOW + 9])
    })

    await t.test(
      'certificates over one key are found by the whole digest, issued and unexpired only',
      async () => {
        const spkiDigest = octets(32)
        const alike = spkiDigest.slice()
        alike[31] = (alike[31] ?? 0) ^ 1
        const first = await issue(store, aReservation({ spkiDigest }))
        const later = { accountId: accountId(2), createdAt: NOW + 61_000 }
        const second = await issue(store, aReservation({ spkiDigest, ...later }))
        await issue(store, aReservation({ spkiDigest: alike }))
        await issue(store, aReservation({ spkiDigest, notAfter: NOW - 1 }))
        await reserve(store, aReservation({ spkiDigest }))
        const page = (after: number) =>
          store.read((view) => view.certificates.withKey(spkiDigest, NOW, after, 1))
        assert.deepEqual(
          [await page(0), await page(first), await page(second)].map((found) => found.map(({ id }) => id)),
          [[first], [second], []],
        )
      },
    )

    await t.test('lists hold what is issued, of one account, by CA, door and currency', async () => {
      const of = { accountId: accountId(5) }
      const tinycert = await issue(store, aReservation(of))
      const operator = await issue(store, aReservation({ ...of, origin: 'command-line' }))
      const elsewhere = await issue(store, aReservation({ ...of, authorityId: authorityId(2) }))
      await issue(store, aReservation({ ...of, origin: 'installation' }))
      await reserve(store, aReservation(of))
      await store.write((tx) => tx.certificates.supersede(tinycert, elsewhere, NOW))
      const held = await store.read((view) => view.certificates.anyById(operator))
      assert.ok(held)
      await store.write((tx) =>
        tx.status.set(
          aStatus(
            { certificateId: operator, serialNumber: held.serialNumber },
            { status: 'hold', reason: 6 },
          ),
        ),
      )
      const list = async (query: object) => {
        const found = await store.read((view) =>
          view.certificates.list({ ...of, after: 0, limit: 10, ...query }),
        )
        return found.map(({ id }) => id)
      }
      assert.deepEqual(await list({}), [tinycert, operator, elsewhere])
      assert.deepEqual(await list({ authorityId: authorityId(1) }), [tinycert, operator])
      assert.deepEqual(await list({ origin: 'tinycert' }), [tinycert, elsewhere])
      assert.deepEqual(await list({ current: true }), [operator, elsewhere])
      assert.deepEqual(await list({ after: tinycert, limit: 1 }), [operator])
      assert.deepEqual(await list({ accountId: accountId(6) }), [])
      const [first, second] = await store.read((view) =>
        view.certificates.list({ ...of, after: 0, limit: 2 }),
      )
      assert.deepEqual([first?.supersededBy, first?.status], [elsewhere, null])
      assert.deepEqual([second?.supersededBy, second?.status, second?.name], [null, 'hold', held.name])
    })

    await t.test("a deleted CA's certificates are hidden from their owner and still answered", async () => {
      const reservation = aReservation({ accountId: accountId(2), authorityId: authorityId(3) })
      const id = await issue(store, reservation)
      await store.write((tx) => tx.certificates.removeOf(authorityId(3)))
      assert.equal(await byId(2, id), undefined)
      const query = { accountId: accountId(2), authorityId: authorityId(3), after: 0, limit: 10 }
      assert.deepEqual(await store.read((view) => view.certificates.list(query)), [])
      const [standing] = await store.read((view) => view.certificates.standings([reservation]))
      assert.equal(standing?.state, 'issued')
    })

    await t.test('created certificates are counted by door and time, aborted ones left out', async () => {
      const of = { accountId: accountId(7), origin: 'one' } as const
      const aborted = await reserve(store, aReservation({ ...of, createdAt: NOW + 1 }))
      await reserve(store, aReservation({ ...of, createdAt: NOW + 2 }))
      await issue(store, aReservation({ ...of, createdAt: NOW + 3 }))
      await reserve(store, aReservation({ ...of, origin: 'tinycert', createdAt: NOW + 3 }))
      await store.write((tx) => tx.certificates.end(aborted, 'aborted'))
      const count = (since: number) =>
        store.read((view) => view.certificates.countCreatedSince(of.accountId, of.origin, since))
      assert.deepEqual([await count(0), await count(NOW + 3), await count(NOW + 4)], [2, 1, 0])
    })

    await t.test(
      'R2 standings answer in the order asked and never for a serial that was not reserved',
      async () => {
        const [issued, closed, revoked, open] = [
          aReservation(),
          aReservation(),
          aReservation(),
          aReservation(),
        ] as const
        await issue(store, issued)
        await store.write((tx) => tx.certificates.end(certificateId(0), 'closed'))
        const closedId = await reserve(store, closed)
        await store.write((tx) => tx.certificates.end(closedId, 'closed'))
        const revokedId = await issue(store, revoked)
        const status = aStatus(
          { certificateId: revokedId, serialNumber: revoked.serialNumber },
          { reason: 4 },
        )
        await store.write((tx) => tx.status.set(status))
        await reserve(store, open)
        const asked = [
          revoked,
          { authorityId: authorityId(1), serialNumber: aSerialNumber() },
          { ...issued, authorityId: authorityId(2) },
          issued,
          closed,
          open,
          revoked,
        ]
        const found = await store.read((view) => view.certificates.standings(asked))
        assert.deepEqual(
          found.map((standing) => standing?.state),
          ['issued', undefined, undefined, 'issued', 'closed', 'reserved', 'issued'],
        )
        assert.deepEqual(found[0], {
          id: revokedId,
          state: 'issued',
          createdAt: revoked.createdAt,
          notAfter: revoked.notAfter,
          status,
        })
        assert.equal(found[3]?.status, null)
        const [one] = await store.read((view) => view.certificates.standings([revoked]))
        assert.deepEqual(one, found[0])
        assert.deepEqual(await store.read((view) => view.certificates.standings([])), [])
      },
    )
  })
}
