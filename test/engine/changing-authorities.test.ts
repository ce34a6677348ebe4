import assert from 'node:assert/strict'
import { generateKeyPairSync, hash } from 'node:crypto'
import { before, describe, test } from 'node:test'
import { changeGrants } from '../../src/core/authorities/change-grants.ts'
import { closeAuthority } from '../../src/core/authorities/close-authority.ts'
import { createAuthority } from '../../src/core/authorities/create-authority.ts'
import { privateHierarchyGrants } from '../../src/core/authorities/grants.ts'
import type { StopPoint } from '../../src/core/environment.ts'
import type { KeyService } from '../../src/core/keys/key-service.ts'
import { intermediateAuthority } from '../../src/core/profiles/authorities.ts'
import { publishCrl } from '../../src/core/status/publish-crl.ts'
import { oids } from '../../src/pki/oids.ts'
import { request, spkiOf } from '../support/certification-requests.ts'
import { suiteEngine, type TestEngine, testAccount } from '../support/engine.ts'
import { testCaller } from '../support/installation.ts'
import { doorOf, faultOf, refused, testAuthority } from '../support/issuing.ts'
import { storeKinds } from '../support/stores.ts'

const fromServer = { key: { from: 'server', kind: 'p-256', purpose: 'tls-server' } } as const

for (const kind of storeKinds) {
  describe(`changes of CAs on ${kind.name}`, { skip: kind.skip }, () => {
    const engine = suiteEngine(kind)
    let own: Awaited<ReturnType<typeof testAccount>>
    before(async () => {
      own = await testAccount(engine())
    })
    const authority = (more = {}) =>
      testAuthority(engine(), own.account.id, { internalNames: ['*'], serverKeys: true }, more)

    /** Lets something happen after the CA was looked at and before its reservation. */
    const meanwhile = (act: () => Promise<unknown>): TestEngine => {
      const { keyService } = engine()
      let done = false
      const interrupted: KeyService = {
        generate: async (request) => {
          if (!done) await act()
          done = true
          return keyService.generate(request)
        },
        adopt: (request) => keyService.adopt(request),
        signer: (...given) => keyService.signer(...given),
        exportPrivateKey: (...given) => keyService.exportPrivateKey(...given),
        forget: (id) => keyService.forget(id),
      }
      return { ...engine(), keyService: interrupted }
    }

    test('a closed CA issues neither leaves nor CAs, and goes on publishing CRLs and telling status', async () => {
      const closing = await authority()
      const issued = await doorOf(engine(), closing).issue()
      const closed = await closeAuthority(engine(), closing.id, testCaller)
      assert.equal(closed.status, 'closed')
      assert.deepEqual(
        await doorOf(engine(), closing).refusal({}),
        refused({ code: 'authority_not_active', detail: {} }),
      )
      const below = authority({ parentId: closing.id, role: 'issuing' })
      assert.equal((await faultOf(below)).code, 'authority_not_active')
      assert.equal(
        (await faultOf(closeAuthority(engine(), closing.id, testCaller))).code,
        'authority_not_active',
      )
      engine().clock.time += 2_000
      assert.equal(await publishCrl(engine(), closing.id), true)
      const standing = await engine().store.read((view) =>
        view.certificates.standings([{ authorityId: closing.id, serialNumber: issued.serialNumber }]),
      )
      assert.equal(standing[0]?.state, 'issued')
      const told = await engine().query(
        `select count(*) as told from event where body like '%"authority.closed"%"authority:${closing.id}"%'`,
      )
      assert.equal(Number(told[0]?.told), 1)
    })

    test('a request that was checked before its CA was closed is refused in its reservation', async () => {
      const closing = await authority()
      const interrupted = meanwhile(() => closeAuthority(engine(), closing.id, testCaller))
      const { code } = await faultOf(doorOf(interrupted, closing).issue(fromServer))
      assert.equal(code, 'authority_not_active')
    })

    test('a request that was checked before a grant was taken back is checked anew', async () => {
      const changing = await authority()
      const interrupted = meanwhile(() =>
        changeGrants(engine(), changing.id, { internalNames: undefined }, testCaller),
      )
      const names = [{ type: 'dns', value: 'host.internal', parameter: 'names' }] as const
      const { code } = await faultOf(doorOf(interrupted, changing).issue({ ...fromServer, names }))
      assert.equal(code, 'name_refused')
    })

    test('a request that was checked before a grant was added is done under the new grants', async () => {
      const changing = await authority()
      const interrupted = meanwhile(() => changeGrants(engine(), changing.id, { hold: true }, testCaller))
      const issued = await doorOf(interrupted, changing).issue(fromServer)
      assert.equal(issued.authority.grants.hold, true)
    })

    test('grants that are not named stay, and what was taken back is absent', async () => {
      const { id } = await authority()
      const changed = await changeGrants(engine(), id, { underscores: true, serverKeys: false }, testCaller)
      assert.deepEqual(changed.grants, { leaves: true, internalNames: ['*'], underscores: true })
      const stored = await engine().store.read((view) => view.authorities.byId(id))
      assert.deepEqual(stored?.grants, changed.grants)
    })

    test('a CA below which CAs may stand issues leaves only where that is granted', async () => {
      for (const each of [own.root, await intermediate()]) {
        assert.deepEqual(
          await doorOf(engine(), each).refusal({}),
          refused({ code: 'authority_role_refused', detail: {} }),
        )
        await changeGrants(engine(), each.id, { leaves: true }, testCaller)
        await doorOf(engine(), each).issue()
      }
      await doorOf(engine(), own.issuing).issue()
    })

    const intermediate = () =>
      createAuthority(
        engine(),
        {
          accountId: own.account.id,
          parentId: own.root.id,
          role: 'issuing',
          profile: intermediateAuthority,
          origin: 'operator',
          name: 'Intermediate',
          subject: [{ type: oids.commonName, value: 'Intermediate' }],
          keyKind: 'p-256',
          strictness: 'private-tls',
          grants: privateHierarchyGrants,
          leafProfile: 'tls-server',
          contactEmail: 'ada@example.test',
        },
        testCaller,
      )

    test('a refusal that ends a reservation is told once', async () => {
      const blocked = await authority()
      const stopAt = async (point: StopPoint) => {
        if (point !== 'issue.verified') return
        await engine().store.write(function* (transaction) {
          yield* transaction.status.blockKey(keyDigest, 'proven', engine().clock.now())
        })
      }
      const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const csr = request({ keys })
      const keyDigest = hash('sha256', spkiOf(keys), 'buffer')
      const wish = { key: { from: 'request', csr } } as const
      const { code } = await faultOf(doorOf({ ...engine(), stopAt }, blocked).issue(wish))
      assert.equal(code, 'key_compromised')
      const told = await engine().query(
        `select count(*) as told from event where body like '%"certificate.closed"%key_compromised%'
           or body like '%"certificate.refused"%key_compromised%'`,
      )
      assert.equal(Number(told[0]?.told), 1)
    })

    test('the CA of the listeners is not closed', async () => {
      const { id } = await authority()
      await engine().store.write((transaction) =>
        transaction.runtime.setSetting('operator-authority', String(id)),
      )
      assert.equal((await faultOf(closeAuthority(engine(), id, testCaller))).code, 'parameter_invalid')
    })
  })
}
