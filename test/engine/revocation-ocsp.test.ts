import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { AuthorityRecord } from '../../src/core/authorities/authority.ts'
import { renewAuthority } from '../../src/core/authorities/renew-authority.ts'
import { certificateId } from '../../src/core/brand.ts'
import { changeStatus } from '../../src/core/certificates/change-status.ts'
import type { IssuedCertificate } from '../../src/core/certificates/issue-request.ts'
import { recoverReservations } from '../../src/core/certificates/recover.ts'
import type { StopPoint } from '../../src/core/environment.ts'
import { lintOcspResponse } from '../../src/core/lint/lint-ocsp-response.ts'
import { RESPONDER_RENEWED_BEFORE_MS, renewResponder } from '../../src/core/status/renew-responder.ts'
import { renewRespondersJob } from '../../src/jobs/renew-responders.ts'
import { parseCertificate } from '../../src/pki/certificate.ts'
import { parseExtendedKeyUsage } from '../../src/pki/extensions/extended-key-usage.ts'
import { findExtension } from '../../src/pki/extensions/extension.ts'
import { parseKeyUsage } from '../../src/pki/extensions/key-usage.ts'
import { encodeCertId } from '../../src/pki/ocsp-cert-id.ts'
import { encodeOcspRequest } from '../../src/pki/ocsp-request.ts'
import { parseOcspResponse } from '../../src/pki/ocsp-response-reader.ts'
import { oids } from '../../src/pki/oids.ts'
import { suiteEngine, testAccount } from '../support/engine.ts'
import { hex } from '../support/hex.ts'
import { testCaller } from '../support/installation.ts'
import { type Door, dnsName, doorOf, testAuthority } from '../support/issuing.ts'
import { takesLessThan } from '../support/quick.ts'
import {
  checkedAnswer,
  entriesOf,
  freshCrl,
  ocspStatus,
  publishedCrl,
  statusRequest,
} from '../support/status.ts'
import { storeKinds } from '../support/stores.ts'

const hourMs = 3_600_000

for (const kind of storeKinds) {
  describe(`OCSP answers of the engine on ${kind.name}`, { skip: kind.skip }, () => {
    const engine = suiteEngine(kind)
    let own: Awaited<ReturnType<typeof testAccount>>
    let issuing: AuthorityRecord
    let door: Door
    before(async () => {
      own = await testAccount(engine())
      issuing = own.issuing
      door = doorOf(engine(), issuing)
      await renewResponder(engine(), issuing.id)
    })

    const revoke = (issued: IssuedCertificate) =>
      changeStatus(
        engine(),
        { accountId: own.account.id, certificateId: issued.id, to: 'revoked', reason: 4 },
        testCaller,
      )
    const answer = async (serialNumber: Uint8Array, nonce?: Uint8Array) => {
      const request = statusRequest(issuing, serialNumber, nonce === undefined ? {} : { nonce })
      return (await engine().ocsp.answer(request)).der
    }

    test('R1 a revocation shows in the next OCSP answer, in less than a second, and in the next CRL', async () => {
      const issued = await Promise.all(Array.from({ length: 10 }, () => door.issue()))
      for (const { serialNumber } of issued) {
        assert.equal(await ocspStatus(engine(), issuing, serialNumber), 'good')
      }
      const waiting = issued.values()
      await takesLessThan(1_000, async () => {
        const next = waiting.next().value
        assert.ok(next !== undefined)
        await revoke(next)
        assert.equal(await ocspStatus(engine(), issuing, next.serialNumber), 'revoked 4')
      })
      const crl = await freshCrl(engine(), issuing)
      assert.equal(entriesOf(crl).get(hex(issued[0]?.serialNumber ?? new Uint8Array())), 4)
    })

    test('R1 SHA-1 and SHA-256 name the same certificate, and several are answered in one', async () => {
      const good = await door.issue()
      const revoked = await door.issue()
      await revoke(revoked)
      const { subjectDer, spki } = parseCertificate(issuing.certificateDer)
      const certIds = (['sha1', 'sha256'] as const).flatMap((hash) =>
        [good, revoked].map(({ serialNumber }) => encodeCertId(hash, { subjectDer, spki }, serialNumber)),
      )
      const { der } = await engine().ocsp.answer(encodeOcspRequest(certIds))
      const { responses } = checkedAnswer(der, issuing)
      assert.deepEqual(
        responses.map(({ certStatus }) => certStatus.status),
        ['good', 'revoked', 'good', 'revoked'],
      )
      assert.deepEqual(
        responses.map(({ certId }) => certId.der),
        certIds,
      )
    })

    test('R2 a serial number that was never issued is not good', async () => {
      for (const serial of [Uint8Array.of(1), Uint8Array.of(0), new Uint8Array(20).fill(0x4c)]) {
        assert.equal(await ocspStatus(engine(), issuing, serial), 'unknown')
      }
      // The serial number of the CA's own certificate is its parent's, not its own.
      const { serialNumber } = parseCertificate(issuing.certificateDer)
      assert.equal(await ocspStatus(engine(), issuing, serialNumber), 'unknown')
    })

    /** The certificate whose making ended at this point, as its row tells. */
    const stoppedAt = async (stop: StopPoint) => {
      const stopAt = (point: StopPoint) => {
        if (point === stop) throw new Error('stopped by the test')
      }
      await assert.rejects(doorOf({ ...engine(), stopAt }, issuing).issue())
      const [row] = await engine().query('SELECT max(id) AS id FROM certificate')
      const id = certificateId(Number(row?.id))
      const record = await engine().store.read((view) => view.certificates.anyById(id))
      assert.ok(record)
      return record
    }

    test('R2 a certificate that is reserved only, or was given up, is not good', async () => {
      const reserved = await stoppedAt('issue.reserved')
      assert.equal(reserved.state, 'reserved')
      assert.equal(await ocspStatus(engine(), issuing, reserved.serialNumber), 'unknown')
      const settings = { ...engine().settings, maximumCertificateBytes: 100 }
      await assert.rejects(doorOf({ ...engine(), settings }, issuing).issue())
      const [row] = await engine().query('SELECT max(id) AS id FROM certificate')
      const aborted = await engine().store.read((view) =>
        view.certificates.anyById(certificateId(Number(row?.id))),
      )
      assert.equal(aborted?.state, 'aborted')
      assert.equal(await ocspStatus(engine(), issuing, aborted.serialNumber), 'unknown')
    })

    test('R2 what may have been signed without being recorded is revoked, once it is recovered', async () => {
      const signed = await stoppedAt('issue.signed')
      assert.equal(signed.state, 'closed')
      const lost = await stoppedAt('issue.verified')
      assert.equal(lost.state, 'reserved')
      engine().clock.time += 3 * 60_000
      assert.ok((await recoverReservations(engine())) >= 1)
      const listed = entriesOf(await freshCrl(engine(), issuing))
      for (const { serialNumber } of [signed, lost]) {
        assert.equal(await ocspStatus(engine(), issuing, serialNumber), 'revoked none')
        assert.ok(listed.has(hex(serialNumber)))
      }
    })

    test('R5 nonces of 0 and 129 octets are malformed, of 1, 32 and 128 echoed', async () => {
      const { serialNumber } = await door.issue()
      for (const octets of [0, 129]) {
        const response = parseOcspResponse(await answer(serialNumber, new Uint8Array(octets)))
        assert.equal(response.responseStatus, 'malformedRequest')
      }
      for (const octets of [1, 32, 128]) {
        const nonce = new Uint8Array(octets).fill(0xa5)
        const { nonce: echoed } = checkedAnswer(await answer(serialNumber, nonce), issuing)
        assert.deepEqual(echoed, nonce)
      }
      const { nonce: none } = checkedAnswer(await answer(serialNumber), issuing)
      assert.equal(none, undefined)
    })

    test('R6 the signer of the answers has OCSPSigning alone, nocheck, digitalSignature alone, and outlives them', async () => {
      const { serialNumber } = await door.issue()
      const { certificates, responses } = checkedAnswer(await answer(serialNumber), issuing)
      const delegate = parseCertificate(certificates[0] ?? new Uint8Array())
      const value = (oid: string) => findExtension(delegate.extensions, oid)?.value ?? new Uint8Array()
      assert.deepEqual(parseExtendedKeyUsage(value(oids.extKeyUsage)), [oids.ocspSigning])
      assert.deepEqual(parseKeyUsage(value(oids.keyUsage)), ['digitalSignature'])
      assert.equal(hex(value(oids.ocspNoCheck)), '0500')
      assert.equal(hex(value(oids.basicConstraints)), '3000')
      assert.ok(delegate.notAfter > (responses[0]?.nextUpdate ?? Number.POSITIVE_INFINITY))
      assert.notEqual(hex(delegate.spki.der), hex(issuing.spkiDer))
    })

    test('R6 the signer is made anew long before it ends, so that it outlives every answer', async () => {
      const signer = async () => {
        const record = await engine().store.read((view) => view.authorities.responder(issuing.id))
        assert.ok(record)
        return record
      }
      const job = renewRespondersJob(engine(), 'test')
      await job.run(new AbortController().signal)
      const first = await signer()
      const issued = await door.issue()
      engine().clock.time = first.notAfter - RESPONDER_RENEWED_BEFORE_MS - hourMs
      await job.run(new AbortController().signal)
      assert.equal((await signer()).keyId, first.keyId)
      engine().clock.time += 2 * hourMs
      await job.run(new AbortController().signal)
      const second = await signer()
      assert.notEqual(second.keyId, first.keyId)
      const { certificates } = checkedAnswer(await answer(issued.serialNumber), issuing)
      assert.deepEqual(certificates[0], second.certificateDer)
    })

    test('R6 the signer of a CA that ends soon is made once, and none when the CA has ended', async () => {
      const short = await testAuthority(engine(), own.account.id, {}, { lifetimeDays: 5 })
      const ended = await testAuthority(engine(), own.account.id, {}, { lifetimeDays: 1 })
      engine().clock.time = ended.notAfter + 1_000
      const signer = ({ id }: AuthorityRecord) =>
        engine().store.read((view) => view.authorities.responder(id))
      const job = renewRespondersJob(engine(), 'test')
      await job.run(new AbortController().signal)
      const first = await signer(short)
      assert.equal(first?.notAfter, short.notAfter)
      engine().clock.time += hourMs
      await job.run(new AbortController().signal)
      assert.equal((await signer(short))?.keyId, first?.keyId)
      assert.equal(await signer(ended), undefined)
    })

    test('R6 a signer that another process made since the list of due ones was read is not made again', async () => {
      const { id } = await testAuthority(engine(), own.account.id, {})
      const { store } = engine()
      let made: string | undefined
      const beaten = new Proxy(store, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name)
          if (typeof value !== 'function') return value
          if (name !== 'read' || made !== undefined) return value.bind(target)
          return async (...given: readonly unknown[]) => {
            const due: unknown = await Reflect.apply(value, target, given)
            await renewResponder(engine(), id)
            made = (await store.read((view) => view.authorities.responder(id)))?.keyId
            return due
          }
        },
      })
      await renewRespondersJob({ ...engine(), store: beaten }, 'beaten').run(new AbortController().signal)
      assert.ok(made)
      assert.equal((await store.read((view) => view.authorities.responder(id)))?.keyId, made)
    })

    test('R7 answers are in force for 8 hours to 10 days and are renewed by half of it', async () => {
      const { serialNumber } = await door.issue()
      const first = await answer(serialNumber)
      const [single] = checkedAnswer(first, issuing).responses
      const { thisUpdate, nextUpdate = Number.NaN } = single ?? assert.fail()
      const window = nextUpdate - thisUpdate
      assert.ok(window >= 8 * hourMs && window <= 240 * hourMs, `${window}`)
      assert.deepEqual(lintOcspResponse(first), [])
      engine().clock.time += window / 2 - 60_000
      assert.deepEqual(await answer(serialNumber), first)
      engine().clock.time += 120_000
      const second = checkedAnswer(await answer(serialNumber), issuing)
      assert.ok((second.responses[0]?.thisUpdate ?? 0) > thisUpdate)
      assert.ok(nextUpdate - (second.responses[0]?.thisUpdate ?? 0) >= 8 * hourMs)
    })

    test('R8 a CA renewed with the same key answers for both generations', async () => {
      const before = await door.issue()
      const renewed = await renewAuthority(
        engine(),
        own.account.id,
        issuing.id,
        { newKey: false },
        testCaller,
      )
      assert.equal(renewed.id, issuing.id)
      assert.notEqual(hex(renewed.certificateDer), hex(issuing.certificateDer))
      assert.equal(hex(renewed.spkiDer), hex(issuing.spkiDer))
      const after = await doorOf(engine(), renewed).issue()
      for (const authority of [issuing, renewed]) {
        for (const { serialNumber } of [before, after]) {
          assert.equal(await ocspStatus(engine(), authority, serialNumber), 'good')
        }
      }
      await revoke(before)
      assert.equal(await ocspStatus(engine(), renewed, before.serialNumber), 'revoked 4')
      issuing = renewed
      door = doorOf(engine(), issuing)
    })

    test('R8 a CA of the same name with a new key and the old one answer each for their own', async () => {
      const before = await door.issue({ names: [dnsName('old.example.com')] })
      const next = await renewAuthority(engine(), own.account.id, issuing.id, { newKey: true }, testCaller)
      assert.notEqual(next.id, issuing.id)
      assert.equal(next.succeedsId, issuing.id)
      assert.equal(hex(next.subjectDer), hex(issuing.subjectDer))
      assert.notEqual(hex(next.spkiDer), hex(issuing.spkiDer))
      await renewResponder(engine(), next.id)
      const after = await doorOf(engine(), next).issue()
      assert.equal(await ocspStatus(engine(), issuing, before.serialNumber), 'good')
      assert.equal(await ocspStatus(engine(), next, after.serialNumber), 'good')
      // Each knows only what it signed itself.
      assert.equal(await ocspStatus(engine(), next, before.serialNumber), 'unknown')
      assert.equal(await ocspStatus(engine(), issuing, after.serialNumber), 'unknown')
      await revoke(before)
      assert.equal(await ocspStatus(engine(), issuing, before.serialNumber), 'revoked 4')
      assert.ok(entriesOf(await freshCrl(engine(), issuing)).has(hex(before.serialNumber)))
      await freshCrl(engine(), next)
      const crl = await publishedCrl(engine(), next)
      assert.ok(!entriesOf(crl).has(hex(before.serialNumber)))
    })

    test('a request about CAs that are not ours, or of two CAs at once, is unauthorized', async () => {
      const { subjectDer, spki } = parseCertificate(own.root.certificateDer)
      const mixed = encodeOcspRequest([
        encodeCertId('sha1', { subjectDer, spki }, Uint8Array.of(1)),
        encodeCertId('sha1', parseCertificate(issuing.certificateDer), Uint8Array.of(1)),
      ])
      const foreign = encodeOcspRequest([
        encodeCertId('sha1', { subjectDer: issuing.subjectDer, spki }, Uint8Array.of(1)),
      ])
      for (const request of [mixed, foreign]) {
        assert.equal((await engine().ocsp.answer(request)).outcome, 'unauthorized')
      }
    })
  })
}
