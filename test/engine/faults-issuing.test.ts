import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { certificateId } from '../../src/core/brand.ts'
import { certificateDerOf, certificateOf } from '../../src/core/certificates/certificate-of.ts'
import { changeStatus } from '../../src/core/certificates/change-status.ts'
import { ABANDONED_AFTER_MS, recoverReservations } from '../../src/core/certificates/recover.ts'
import { reissueCertificate } from '../../src/core/certificates/reissue.ts'
import { Fault, isFault } from '../../src/core/faults.ts'
import { publishCrl } from '../../src/core/status/publish-crl.ts'
import { renewResponder } from '../../src/core/status/renew-responder.ts'
import { parseCrl } from '../../src/pki/crl.ts'
import type { TestEngine } from '../support/engine.ts'
import { testCaller } from '../support/installation.ts'
import { csrWish, doorOf } from '../support/issuing.ts'
import { testRandom } from '../support/sealer.ts'
import { storeKinds } from '../support/stores.ts'
import { eventCounts, ocspStatus, twoEngines, withSigner, withWrites } from './faults-support.ts'

const RACES = 50

for (const kind of storeKinds) {
  describe(`issuing when something fails, on ${kind.name}`, { skip: kind.skip }, () => {
    test('S2 when the store refuses the signed certificate, its row is closed, revoked in OCSP and on the next CRL', async (context) => {
      const { first, own } = await twoEngines(context, kind)
      await renewResponder(first, own.issuing.id)
      let signings = 0
      const engine = withSigner(first, () => signings++)
      await refuseIssuances(engine, kind.name)
      await assert.rejects(doorOf(engine, own.issuing).issue(), (error) =>
        isFault(error, 'issuance_uncertain'),
      )
      assert.equal(signings, 1)
      const [row] = await engine.query(
        `SELECT certificate_id, serial_number FROM ended_reservation WHERE state = 'closed'`,
      )
      const serialNumber = row?.serial_number
      assert.ok(serialNumber instanceof Uint8Array)
      assert.equal(await ocspStatus(engine, own, serialNumber), 'revoked')
      await publishCrl(engine, own.issuing.id)
      const crl = await engine.store.read((view) => view.status.latestCrl(own.issuing.id, 0))
      assert.ok(crl)
      const [entry] = parseCrl(crl.der).entries()
      assert.deepEqual(Buffer.from(entry?.serialNumber ?? []), Buffer.from(serialNumber))
      assert.deepEqual(await eventCounts(engine, `certificate:${row?.certificate_id}`), {
        'certificate.reserved': 1,
        'certificate.closed': 1,
      })
      // The certificate was signed once, the CRL once: nothing was tried again.
      assert.equal(signings, 2)
    })

    for (const code of ['store_full', 'store_busy'] as const) {
      test(`S2 after one ${code} the same signed bytes are stored by a retry`, async (context) => {
        const { first, own } = await twoEngines(context, kind)
        let signings = 0
        const failing = withWrites(first, (write) =>
          write === 2 ? new Fault(code, { retryAfterMs: 1 }) : undefined,
        )
        const engine = withSigner(failing, () => signings++)
        const issued = await doorOf(engine, own.issuing).issue()
        assert.equal(signings, 1)
        const record = await certificateOf(first, own.account.id, issued.id)
        assert.deepEqual(
          Buffer.from(certificateDerOf(record, own.issuing)),
          Buffer.from(issued.certificateDer),
        )
      })
    }

    test('S2 a certificate that stays unstored is closed by recovery, once its time has passed', async (context) => {
      const { first, second, own } = await twoEngines(context, kind)
      let signings = 0
      const failing = withWrites(first, (write) => (write > 1 ? new Fault('store_failed', {}) : undefined))
      const engine = withSigner(failing, () => signings++)
      await assert.rejects(doorOf(engine, own.issuing).issue(), (error) => isFault(error, 'store_failed'))
      assert.equal(signings, 1)
      second.clock.time += ABANDONED_AFTER_MS
      assert.equal(await recoverReservations(second), 0, 'its owner may still be at it')
      second.clock.time += 1
      assert.equal(await recoverReservations(second), 1)
      assert.equal(await recoverReservations(second), 0)
      const counts = await eventCounts(second)
      assert.equal(counts['certificate.closed'], 1)
    })

    test('a certificate whose reservation was closed meanwhile is not released', async (context) => {
      const { first, second, own } = await twoEngines(context, kind)
      second.clock.time += ABANDONED_AFTER_MS + 1
      const slow: TestEngine = {
        ...first,
        async stopAt(point) {
          if (point === 'issue.verified') assert.equal(await recoverReservations(second), 1)
        },
      }
      await assert.rejects(doorOf(slow, own.issuing).issue(), (error) => isFault(error, 'issuance_uncertain'))
      const counts = await eventCounts(first)
      assert.equal(counts['certificate.closed'], 1)
    })

    test('a signer that fails after it may have signed closes the row and is not asked again', async (context) => {
      const { first, own } = await twoEngines(context, kind)
      let signings = 0
      const engine = withSigner(first, () => {
        signings++
        throw new Error('the device is gone')
      })
      await assert.rejects(doorOf(engine, own.issuing).issue(), (error) =>
        isFault(error, 'issuance_uncertain'),
      )
      assert.equal(signings, 1)
      assert.equal((await eventCounts(first))['certificate.closed'], 1)
      await doorOf(first, own.issuing).issue()
    })

    test('V7 a random source that repeats a stored serial number once gets a fresh one, before anything is signed', async (context) => {
      const { first, own, door } = await twoEngines(context, kind)
      const earlier = await door.issue()
      let signings = 0
      const engine = withSigner({ ...first, random: repeating(earlier.serialNumber, 1) }, () => signings++)
      const issued = await doorOf(engine, own.issuing).issue()
      assert.notDeepEqual(Buffer.from(issued.serialNumber), Buffer.from(earlier.serialNumber))
      assert.equal(signings, 1)
    })

    test('V7 a random source that repeats itself for ever gets nothing signed and leaves nothing behind', async (context) => {
      const { first, own, door } = await twoEngines(context, kind)
      const earlier = await door.issue()
      const before = await first.query('SELECT count(*) AS count FROM certificate')
      let signings = 0
      const random = repeating(earlier.serialNumber, Number.POSITIVE_INFINITY)
      const engine = withSigner({ ...first, random }, () => signings++)
      await assert.rejects(doorOf(engine, own.issuing).issue(), (error) => isFault(error, 'store_failed'))
      assert.equal(signings, 0)
      assert.deepEqual(await first.query('SELECT count(*) AS count FROM certificate'), before)
    })

    test(`S7 two loops reissue one certificate at the same moment, ${RACES} times: exactly one succeeds`, async (context) => {
      const { first, second, own, door } = await twoEngines(context, kind)
      for (let race = 0; race < RACES; race++) {
        const { id } = await door.issue()
        const wish = { accountId: own.account.id, certificateId: id, origin: 'command-line' } as const
        const ends = await Promise.allSettled(
          [first, second, first, second].map((engine) => reissueCertificate(engine, wish, testCaller)),
        )
        assert.equal(ends.filter((end) => end.status === 'fulfilled').length, 1)
        for (const end of ends) {
          if (end.status === 'rejected') assert.ok(isFault(end.reason, 'certificate_superseded'), end.reason)
        }
        const counts = await eventCounts(first, `certificate:${id}`)
        assert.equal(counts['certificate.refused'], 3)
      }
      const issued = await first.query('SELECT count(*) AS count FROM issuance')
      // Root, issuing CA, and two for each race.
      assert.equal(Number(issued[0]?.count), 2 + 2 * RACES)
      const open = await first.query('SELECT count(*) AS count FROM certificate')
      assert.equal(Number(open[0]?.count), 2 + 2 * RACES, 'the others reserved nothing')
    })

    test('R10 two loops revoke one certificate at the same moment: both succeed, one revocation is told', async (context) => {
      const { first, second, own, door } = await twoEngines(context, kind)
      for (let race = 0; race < RACES; race++) {
        const { id } = await door.issue()
        const change = { accountId: own.account.id, certificateId: id, to: 'revoked' } as const
        await Promise.all(
          [first, second, first, second].map((engine, index) =>
            changeStatus(engine, { ...change, reason: index % 2 === 0 ? 4 : 5 }, testCaller),
          ),
        )
        const counts = await eventCounts(first, `certificate:${id}`)
        assert.equal(counts['certificate.revoked'], 1)
      }
    })

    test('a wish that is refused is told with its fault; the service being busy is not', async (context) => {
      const { first, own, door } = await twoEngines(context, kind)
      const { id } = await door.issue()
      await assert.rejects(door.issue(csrWish('no request')))
      await assert.rejects(
        changeStatus(first, { accountId: null, certificateId: id, to: 'revoked', reason: 6 }, testCaller),
      )
      const busy = withWrites(first, () => new Fault('store_busy', { retryAfterMs: 1 }))
      await assert.rejects(doorOf(busy, own.issuing).issue(), (error) => isFault(error, 'store_busy'))
      const bodies = await first.query(`SELECT body FROM event ORDER BY sequence`)
      const refused = bodies
        .map(({ body }) => JSON.parse(String(body)))
        .filter(({ action }) => action === 'certificate.refused')
      assert.deepEqual(
        refused.map(({ object, accountId, detail }) => [object, accountId, detail.wish, detail.fault]),
        [
          [`authority:${own.issuing.id}`, own.account.id, 'issue', refused[0]?.detail.fault],
          [`certificate:${id}`, null, 'revoked', 'revocation_reason_refused'],
        ],
      )
      assert.match(refused[0]?.detail.fault, /^csr_/)
    })

    test('a refusal that cannot be told is a refusal still, and one by nobody known is not told', async (context) => {
      const { first, own } = await twoEngines(context, kind)
      const failing = withWrites(first, () => new Fault('store_failed', {}))
      await assert.rejects(doorOf(failing, own.issuing).issue(csrWish('no request')), (error) => {
        return isFault(error) && error.code.startsWith('csr_')
      })
      const change = { accountId: null, certificateId: certificateId(1), to: 'hold', reason: 1 } as const
      const anonymous = { actor: { type: 'anonymous' }, requestId: null } as const
      await assert.rejects(changeStatus(first, change, anonymous))
      assert.equal((await eventCounts(first))['certificate.refused'], undefined)
    })
  })
}

/** Makes the database refuse every issuance from now on, as a fault in its schema would. */
async function refuseIssuances(engine: TestEngine, engineName: string): Promise<void> {
  if (engineName === 'SQLite') {
    await engine.query(
      `CREATE TRIGGER refuse BEFORE INSERT ON issuance BEGIN SELECT RAISE(ABORT, 'refused by the test'); END`,
    )
    return
  }
  await engine.query(`ALTER TABLE issuance ADD CONSTRAINT refuse CHECK (certificate_id < 0) NOT VALID`)
}

/** Draws the octets of a serial number that was used before, so many times. */
function repeating(serialNumber: Uint8Array, times: number): TestEngine['random'] {
  const octets = serialNumber.subarray(1)
  let drawn = 0
  return {
    bytes: (length) =>
      length === octets.length && drawn++ < times ? Uint8Array.from(octets) : testRandom.bytes(length),
  }
}
