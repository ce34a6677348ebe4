import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { changeStatus } from '../../src/core/certificates/change-status.ts'
import { issueCertificate } from '../../src/core/certificates/issue.ts'
import { reissueCertificate } from '../../src/core/certificates/reissue.ts'
import { isFault } from '../../src/core/faults.ts'
import { publishCrl } from '../../src/core/status/publish-crl.ts'
import { renewResponder } from '../../src/core/status/renew-responder.ts'
import { parseCertificate } from '../../src/pki/certificate.ts'
import { encodeCertId } from '../../src/pki/ocsp-cert-id.ts'
import { encodeOcspRequest } from '../../src/pki/ocsp-request.ts'
import { pemEncode } from '../../src/pki/pem.ts'
import { parseSubjectPublicKeyInfo } from '../../src/pki/spki.ts'
import { suiteEngine, testAccount, testRequest } from '../support/engine.ts'
import { testCaller } from '../support/installation.ts'
import { openssl, opensslText } from '../support/openssl.ts'
import { storeKinds } from '../support/stores.ts'

for (const kind of storeKinds) {
  describe(`issuing from a private hierarchy on ${kind.name}`, { skip: kind.skip }, () => {
    // What openssl judges has to be in force by its own clock.
    const engine = suiteEngine(kind, { startAt: Date.now() })
    let own: Awaited<ReturnType<typeof testAccount>>
    const pem = (der: Uint8Array) => pemEncode('CERTIFICATE', der)
    before(async () => {
      own = await testAccount(engine())
    })

    const issue = async (name: string) =>
      issueCertificate(
        engine(),
        {
          accountId: own.account.id,
          authorityId: own.issuing.id,
          origin: 'command-line',
          key: { from: 'request', csr: await testRequest() },
          names: [{ type: 'dns', value: name, parameter: 'name' }],
          subject: [],
        },
        testCaller,
      )

    test('a certificate verifies under its chain, and carries the names asked for', async () => {
      const issued = await issue('www.example.internal')
      const text = await opensslText(
        ['verify', '-CAfile', 'root.pem', '-untrusted', 'issuing.pem', 'leaf.pem'],
        {
          files: {
            'root.pem': pem(own.root.certificateDer),
            'issuing.pem': pem(own.issuing.certificateDer),
            'leaf.pem': pem(issued.certificateDer),
          },
        },
      )
      assert.match(text, /leaf\.pem: OK/)
      const shown = await opensslText(['x509', '-noout', '-text'], { input: pem(issued.certificateDer) })
      assert.match(shown, /DNS:www\.example\.internal/)
      assert.match(shown, /Digital Signature/)
    })

    test('a revoked certificate is on the next CRL and revoked in the next OCSP answer', async () => {
      const issued = await issue('revoked.example.internal')
      await renewResponder(engine(), own.issuing.id)
      const issuer = parseCertificate(own.issuing.certificateDer)
      const request = encodeOcspRequest([
        encodeCertId(
          'sha1',
          { subjectDer: issuer.subjectDer, spki: parseSubjectPublicKeyInfo(own.issuing.spkiDer) },
          issued.serialNumber,
        ),
      ])
      assert.equal((await engine().ocsp.answer(request)).outcome, 'good')
      await changeStatus(
        engine(),
        { accountId: own.account.id, certificateId: issued.id, to: 'revoked', reason: 4 },
        testCaller,
      )
      const answer = await engine().ocsp.answer(request)
      assert.equal(answer.outcome, 'revoked')
      const shown = await openssl(
        ['ocsp', '-respin', 'answer', '-issuer', 'issuing.pem', '-CAfile', 'chain.pem', '-cert', 'leaf.pem'],
        {
          files: {
            answer: answer.der,
            'issuing.pem': pem(own.issuing.certificateDer),
            'chain.pem': pem(own.root.certificateDer) + pem(own.issuing.certificateDer),
            'leaf.pem': pem(issued.certificateDer),
          },
        },
      )
      assert.match(shown.text, /leaf\.pem: revoked/)
      assert.match(shown.stderr, /verify OK/)
      assert.equal(await publishCrl(engine(), own.issuing.id), true)
      const crl = await engine().store.read((view) => view.status.latestCrl(own.issuing.id, 0))
      assert.ok(crl)
      const list = await opensslText(['crl', '-inform', 'DER', '-noout', '-text', '-CAfile', 'issuing.pem'], {
        input: crl.der,
        files: { 'issuing.pem': pem(own.issuing.certificateDer) + pem(own.root.certificateDer) },
      })
      assert.match(list, new RegExp(Buffer.from(issued.serialNumber).toString('hex').toUpperCase()))
      assert.match(list, /Superseded/)
    })

    test('a reissue keeps key and names, and a second one of the same certificate is refused', async () => {
      const first = await issue('again.example.internal')
      const second = await reissueCertificate(
        engine(),
        { accountId: own.account.id, certificateId: first.id, origin: 'command-line' },
        testCaller,
      )
      const [before, now] = [first, second].map(({ certificateDer }) => parseCertificate(certificateDer))
      assert.deepEqual(now?.spki.der, before?.spki.der)
      assert.deepEqual(now?.subjectDer, before?.subjectDer)
      assert.notDeepEqual(now?.serialNumber, before?.serialNumber)
      await assert.rejects(
        reissueCertificate(
          engine(),
          { accountId: own.account.id, certificateId: first.id, origin: 'command-line' },
          testCaller,
        ),
        (error) => isFault(error, 'certificate_superseded'),
      )
    })
  })
}
