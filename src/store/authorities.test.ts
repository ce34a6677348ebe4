import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anAuthority, DAY, digestOf, issuerHashes, NOW, octets } from '../../test/support/store-records.ts'
import { storeKinds } from '../../test/support/stores.ts'
import { type AccountId, accountId, authorityId, keyId } from '../core/brand.ts'
import { Fault } from '../core/faults.ts'

for (const { name, skip, place } of storeKinds) {
  test(`${name}: authorities`, { skip }, async (t) => {
    const at = await place(t)
    const store = await at.open()
    const root = anAuthority({ role: 'root', origin: 'operator', profile: 'root' })
    const issuing = anAuthority({
      id: authorityId(2),
      parentId: root.id,
      createdAt: NOW + 1,
      grants: {
        internalNames: ['*', 'corp.example'],
        privateAddresses: ['10.0.0.0/8'],
        serverKeys: true,
        hold: false,
        reversibleRevocation: true,
        freeCommonName: true,
        keyKinds: ['p-521', 'ml-dsa-44'],
        underscores: true,
        maximumLifetimeDays: 397,
        sha1: false,
      },
    })
    const others = anAuthority({ id: authorityId(3), accountId: accountId(2) })
    await store.write(function* (tx) {
      for (const each of [root, issuing, others]) {
        yield* tx.authorities.insert(each, issuerHashes(String(each.id)))
      }
    })

    await t.test('a CA is read back as it was stored', async () => {
      assert.deepEqual(await store.read((view) => view.authorities.byId(issuing.id)), issuing)
      assert.equal(await store.read((view) => view.authorities.byId(authorityId(99))), undefined)
    })

    await t.test('an account lists its own, by origin when asked', async () => {
      const own = await store.read((view) => view.authorities.ofAccount(accountId(1)))
      assert.deepEqual(own, [root, issuing])
      const tinycert = await store.read((view) => view.authorities.ofAccount(accountId(1), 'tinycert'))
      assert.deepEqual(tinycert, [issuing])
    })

    await t.test('OCSP finds a CA only by name and key hash of one algorithm', async () => {
      const { nameSha1, keySha1, nameSha256, keySha256 } = issuerHashes('2')
      const find = (algorithm: 'sha1' | 'sha256', ofName: Uint8Array, ofKey: Uint8Array) =>
        store.read((view) => view.authorities.byIssuerHashes(algorithm, ofName, ofKey))
      assert.equal(await find('sha1', nameSha1, keySha1), issuing.id)
      assert.equal(await find('sha256', nameSha256, keySha256), issuing.id)
      assert.equal(await find('sha256', issuerHashes('1').nameSha256, keySha256), undefined)
      assert.equal(await find('sha1', nameSha256, keySha256), undefined)
    })

    await t.test(
      'a renewed CA has both certificates, the newest first, and the new one as its own',
      async () => {
        const renewed = { certificateDer: octets(50), notAfter: NOW + 4000 * DAY }
        const certificates = [
          { certificateDer: issuing.certificateDer, notBefore: NOW, notAfter: issuing.notAfter },
          { ...renewed, notBefore: NOW + DAY },
        ].map((each) => ({ ...each, authorityId: issuing.id, serialNumber: octets(20) }))
        await store.write(function* (tx) {
          for (const each of certificates) yield* tx.authorities.insertCertificate(each)
          yield* tx.authorities.renew(issuing.id, renewed.certificateDer, renewed.notAfter)
        })
        const found = await store.read((view) => view.authorities.certificatesOf(issuing.id))
        assert.deepEqual(found, certificates.toReversed())
        const current = await store.read((view) => view.authorities.byId(issuing.id))
        assert.deepEqual(current, { ...issuing, ...renewed })
        const bySerialNumber = (account: AccountId, serialNumber: Uint8Array) =>
          store.read((view) => view.authorities.withSerialNumber(account, serialNumber))
        for (const { serialNumber } of certificates) {
          assert.deepEqual(await bySerialNumber(issuing.accountId, serialNumber), [issuing.id])
          assert.deepEqual(await bySerialNumber(others.accountId, serialNumber), [])
        }
        assert.deepEqual(await bySerialNumber(issuing.accountId, octets(21)), [])
      },
    )

    await t.test(
      'CAs without a responder, or whose responder ends, are due until it is replaced',
      async () => {
        const due = (before: number, now = NOW) =>
          store.read((view) => view.authorities.withoutResponderAt(now, before, 10))
        assert.deepEqual(await due(NOW), [root.id, issuing.id, others.id])
        const responder = {
          authorityId: issuing.id,
          keyId: keyId('f'.repeat(32)),
          certificateDer: octets(60),
          notBefore: NOW,
          notAfter: NOW + 10 * DAY,
        }
        await store.write((tx) => tx.authorities.setResponder(responder))
        assert.deepEqual(await store.read((view) => view.authorities.responder(issuing.id)), responder)
        assert.deepEqual(await due(NOW), [root.id, others.id])
        assert.deepEqual(await due(NOW + 10 * DAY + 1), [root.id, others.id, issuing.id])
        const next = { ...responder, certificateDer: octets(61), notAfter: NOW + 20 * DAY }
        await store.write((tx) => tx.authorities.setResponder(next))
        assert.deepEqual(await store.read((view) => view.authorities.responder(issuing.id)), next)
        assert.deepEqual(await due(NOW + 10 * DAY + 1), [root.id, others.id])
      },
    )

    await t.test('a deleted CA is hidden from its owner and still served', async () => {
      await store.write((tx) => tx.authorities.setStatus(issuing.id, 'deleted'))
      assert.deepEqual(await store.read((view) => view.authorities.ofAccount(accountId(1), 'tinycert')), [])
      const served = await store.read((view) => view.authorities.page(0, 10))
      assert.deepEqual(
        served.map(({ id }) => id),
        [1, 2, 3],
      )
      assert.equal((await store.read((view) => view.authorities.page(1, 1)))[0]?.id, issuing.id)
    })

    await t.test(
      'a CA that was never certified is read by number and is in no list and due for nothing',
      async () => {
        const pending = anAuthority({
          id: authorityId(4),
          status: 'pending',
          certificateDer: new Uint8Array(0),
          notAfter: 0,
          createdAt: NOW - DAY,
        })
        await store.write((tx) => tx.authorities.insert(pending, issuerHashes('4')))
        assert.deepEqual(await store.read((view) => view.authorities.byId(pending.id)), pending)
        const { own, served, signing, publishing } = await store.read(function* (view) {
          return {
            own: [
              ...(yield* view.authorities.ofAccount(accountId(1))),
              ...(yield* view.authorities.ofAccount(accountId(1), 'tinycert')),
            ].map(({ id }) => id),
            served: (yield* view.authorities.page(0, 10)).map(({ id }) => id),
            signing: yield* view.authorities.withoutResponderAt(NOW, NOW + 30 * DAY, 10),
            publishing: yield* view.status.crlsDue(NOW, 10),
          }
        })
        for (const ids of [own, served, signing, publishing]) assert.ok(!ids.includes(pending.id))
        assert.ok(publishing.includes(others.id))
        await store.write((tx) => tx.authorities.setStatus(pending.id, 'active'))
        assert.ok((await store.read((view) => view.status.crlsDue(NOW, 10))).includes(pending.id))
      },
    )

    await t.test('CAs are counted by account, door and time of creation', async () => {
      const count = (since: number) =>
        store.read((view) => view.authorities.countCreatedSince(accountId(1), 'tinycert', since))
      assert.deepEqual([await count(NOW), await count(NOW + 1), await count(NOW + 2)], [1, 1, 0])
    })

    await t.test('grants change, and grants that cannot be read are no grants but a fault', async () => {
      await store.write((tx) => tx.authorities.setGrants(root.id, { hold: true }))
      const changed = await store.read((view) => view.authorities.byId(root.id))
      assert.deepEqual(changed?.grants, { hold: true })
      for (const grants of [
        '{"sha1":"yes"}',
        '[]',
        '{"keyKinds":["dsa-512"]}',
        '{"maximumLifetimeDays":1e99}',
      ]) {
        await at.query(`update authority set grants = '${grants}' where id = 1`)
        await assert.rejects(
          async () => store.read((view) => view.authorities.byId(root.id)),
          (error) => error instanceof Fault && error.code === 'authority_unusable',
          grants,
        )
      }
    })

    await t.test('ids are drawn once', async () => {
      const drawn = await Promise.all([1, 2, 3].map(() => store.write((tx) => tx.authorities.nextId())))
      assert.equal(new Set(drawn).size, 3)
    })

    await t.test('a second CA of one id is refused', async () => {
      const again = store.write((tx) => tx.authorities.insert(root, issuerHashes()))
      await assert.rejects(again)
      assert.deepEqual(
        digestOf('spki'),
        (await store.read((view) => view.authorities.byId(others.id)))?.spkiDer,
      )
    })
  })
}
