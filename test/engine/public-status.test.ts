import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { ensurePublicHierarchy } from '../../src/core/authorities/public-hierarchy.ts'
import { ABANDONED_AFTER_MS, recoverReservations } from '../../src/core/certificates/recover.ts'
import { publishCrl } from '../../src/core/status/publish-crl.ts'
import { renewResponder } from '../../src/core/status/renew-responder.ts'
import { parseCrl } from '../../src/pki/crl.ts'
import { dnsName, doorOf } from '../support/issuing.ts'
import { storeKinds } from '../support/stores.ts'
import { ocspStatus, twoEngines } from './faults-support.ts'

const fifteenMinutes = 15 * 60_000

for (const kind of storeKinds) {
  describe(`status of public certificates that were never finished, on ${kind.name}`, {
    skip: kind.skip,
  }, () => {
    test('R3 what was signed and never finished is revoked in OCSP and on the CRL within 15 minutes', async (context) => {
      const { first: engine, own } = await twoEngines(context, kind)
      await engine.store.write(function* (transaction) {
        yield* transaction.runtime.setSetting('operator-account', String(own.account.id))
      })
      const { issuing } = await ensurePublicHierarchy(engine, 'tls', { pause: async () => {} })
      await renewResponder(engine, issuing.id)
      const stopAt = (point: string) => {
        if (point === 'issue.verified') throw new Error('stopped by the test')
      }
      const door = doorOf({ ...engine, stopAt }, issuing)
      await assert.rejects(
        door.issue({ profile: 'tls-dv', names: [dnsName('www.example.com')], publiclyValidated: true }),
      )
      const [row] = await engine.query(
        'SELECT serial_number FROM certificate JOIN open_reservation ON open_reservation.certificate_id = certificate.id',
      )
      const serialNumber = row?.serial_number
      assert.ok(serialNumber instanceof Uint8Array)
      const place = { ...own, issuing }
      // Somebody may be finishing it still, and will release it or not.
      assert.equal(await ocspStatus(engine, place, serialNumber), 'unknown')
      engine.clock.time += ABANDONED_AFTER_MS + 1
      assert.ok(ABANDONED_AFTER_MS < fifteenMinutes)
      await recoverReservations(engine)
      assert.equal(await ocspStatus(engine, place, serialNumber), 'revoked')
      await publishCrl(engine, issuing.id)
      const crl = await engine.store.read((view) => view.status.latestCrl(issuing.id, 0))
      assert.ok(crl)
      const listed = [...parseCrl(crl.der).entries()].map((entry) => Buffer.from(entry.serialNumber))
      assert.deepEqual(listed, [Buffer.from(serialNumber)])
    })

    test('R3 a serial number of a public CA that was never given out is not good', async (context) => {
      const { first: engine, own } = await twoEngines(context, kind)
      await engine.store.write(function* (transaction) {
        yield* transaction.runtime.setSetting('operator-account', String(own.account.id))
      })
      const { issuing } = await ensurePublicHierarchy(engine, 'tls', { pause: async () => {} })
      await renewResponder(engine, issuing.id)
      const never = createHash('sha256').update('never').digest().subarray(0, 16)
      never[0] = 0x42
      assert.equal(await ocspStatus(engine, { ...own, issuing }, never), 'unknown')
    })
  })
}
