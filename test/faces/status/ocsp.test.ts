import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { changeStatus } from '../../../src/core/certificates/change-status.ts'
import type { IssuedCertificate } from '../../../src/core/certificates/issue-request.ts'
import { parseCertificate } from '../../../src/pki/certificate.ts'
import { encodeCertId } from '../../../src/pki/ocsp-cert-id.ts'
import { encodeOcspRequest } from '../../../src/pki/ocsp-request.ts'
import { parseOcspResponse } from '../../../src/pki/ocsp-response-reader.ts'
import { pemEncode } from '../../../src/pki/pem.ts'
import { hex } from '../../support/hex.ts'
import { exchangeRaw, type HttpAnswer } from '../../support/http.ts'
import { testCaller } from '../../support/installation.ts'
import { dnsName } from '../../support/issuing.ts'
import { openssl } from '../../support/openssl.ts'
import { checkedAnswer, statusRequest } from '../../support/status.ts'
import { storeKinds } from '../../support/stores.ts'
import { maxAgeSeconds, suiteService } from './service.ts'

for (const kind of storeKinds) {
  describe(`OCSP over HTTP on ${kind.name}`, { skip: kind.skip }, () => {
    const service = suiteService(kind)
    const path = () => `/ocsp/${service().door.authority.id}`
    const post = (body: Uint8Array) => service().request(path(), { body })
    const requestFor = ({ serialNumber }: IssuedCertificate) =>
      statusRequest(service().door.authority, serialNumber)
    const statusIn = ({ status, headers, body }: HttpAnswer) => {
      assert.equal(status, 200)
      assert.equal(headers['content-type'], 'application/ocsp-response')
      return checkedAnswer(body, service().door.authority).responses[0]?.certStatus.status
    }
    const errorIn = ({ body, headers }: HttpAnswer) => {
      assert.equal(headers['content-type'], 'application/ocsp-response')
      return parseOcspResponse(body).responseStatus
    }
    const revoke = ({ id }: IssuedCertificate) =>
      changeStatus(
        service().engine,
        { accountId: null, certificateId: id, to: 'revoked', reason: 1 },
        testCaller,
      )

    test('R1 openssl asks over HTTP and is told good, then revoked within a second of the revocation', async () => {
      const issued = await service().door.issue()
      const { authority } = service().door
      const files = {
        'leaf.pem': pemEncode('CERTIFICATE', issued.certificateDer),
        'issuer.pem': pemEncode('CERTIFICATE', authority.certificateDer),
        'chain.pem':
          pemEncode('CERTIFICATE', service().root.certificateDer) +
          pemEncode('CERTIFICATE', authority.certificateDer),
      }
      const ask = (...more: string[]) =>
        openssl(
          [
            ...['ocsp', '-url', `${service().url}${path()}`, '-issuer', 'issuer.pem', '-CAfile', 'chain.pem'],
            ...more,
            ...['-cert', 'leaf.pem'],
          ],
          { files },
        )
      const good = await ask('-sha256')
      assert.match(good.text, /leaf\.pem: good/)
      assert.match(good.stderr, /Response verify OK/)
      await revoke(issued)
      const told = await post(requestFor(issued))
      assert.equal(statusIn(told), 'revoked')
      const [single] = checkedAnswer(told.body, authority).responses
      assert.ok(single?.certStatus.status === 'revoked')
      assert.ok(single.thisUpdate - single.certStatus.revocationTime < 1_000)
      const revoked = await ask()
      assert.match(revoked.text, /leaf\.pem: revoked/)
      assert.match(revoked.text, /Reason: keyCompromise/)
      assert.match(revoked.stderr, /Response verify OK/)
    })

    /** A request whose base64 has "+" and "/" in it, which needs a few serial numbers to be tried. */
    const awkward = async () => {
      for (let attempt = 0; ; attempt += 1) {
        const issued = await service().door.issue({ names: [dnsName(`a${attempt}.example.com`)] })
        const request = requestFor(issued)
        const base64 = Buffer.from(request).toString('base64')
        if (/\+/.test(base64) && /\//.test(base64)) return { issued, request, base64 }
      }
    }

    test('R4 GET with raw and with encoded base64, "+" and "/" among it, and POST give the same answer', async () => {
      const { request, base64 } = await awkward()
      const posted = await post(request)
      assert.equal(statusIn(posted), 'good')
      for (const form of [
        base64,
        encodeURIComponent(base64),
        base64.replaceAll('+', '%2b'),
        base64.replaceAll('/', '%2F'),
        base64.replaceAll('=', ''),
        base64.replaceAll(/./g, (digit) => `%${hex(Buffer.from(digit))}`),
      ]) {
        const got = await service().request(`${path()}/${form}`)
        assert.equal(hex(got.body), hex(posted.body), form)
      }
      // A client that put a slash too many behind the address of the service.
      const slashed = await service().request(`${path()}//${base64}`)
      assert.equal(hex(slashed.body), hex(posted.body))
    })

    test('R4 POST is answered whatever content type is declared, and none', async () => {
      const issued = await service().door.issue()
      for (const type of ['application/ocsp-request', 'text/plain', 'application/json']) {
        const body = requestFor(issued)
        const answer = await service().request(path(), { body, headers: { 'content-type': type } })
        assert.equal(statusIn(answer), 'good')
      }
      assert.equal(statusIn(await post(requestFor(issued))), 'good')
    })

    test('R5 nonces of 0 and 129 octets get malformedRequest, of 32 octets are echoed and not cached', async () => {
      const { serialNumber } = await service().door.issue()
      const withNonce = (octets: number) =>
        statusRequest(service().door.authority, serialNumber, { nonce: new Uint8Array(octets).fill(7) })
      for (const octets of [0, 129]) assert.equal(errorIn(await post(withNonce(octets))), 'malformedRequest')
      const base64 = encodeURIComponent(Buffer.from(withNonce(32)).toString('base64'))
      for (const answer of [await post(withNonce(32)), await service().request(`${path()}/${base64}`)]) {
        const { nonce } = checkedAnswer(answer.body, service().door.authority)
        assert.equal(hex(nonce ?? new Uint8Array()), '07'.repeat(32))
        assert.ok(['no-store', undefined].includes(answer.headers['cache-control']))
      }
    })

    test('an answer to GET says how long it may be kept, and 304 to who has it', async () => {
      const issued = await service().door.issue()
      const target = `${path()}/${encodeURIComponent(Buffer.from(requestFor(issued)).toString('base64'))}`
      const first = await service().request(target)
      const { etag, expires } = first.headers
      const lastModified = first.headers['last-modified'] ?? ''
      assert.equal(first.headers['cache-control'], `public, no-transform, max-age=${maxAgeSeconds}`)
      const [single] = checkedAnswer(first.body, service().door.authority).responses
      assert.equal(Date.parse(lastModified), single?.thisUpdate)
      assert.equal(Date.parse(expires ?? ''), single?.nextUpdate)
      const again = (headers: Record<string, string>) => service().request(target, { headers })
      for (const headers of [
        { 'if-none-match': etag ?? '' },
        { 'if-none-match': `"other", W/${etag}` },
        { 'if-none-match': '*' },
        { 'if-modified-since': lastModified },
      ]) {
        const unchanged = await again(headers)
        assert.equal(unchanged.status, 304)
        assert.equal(unchanged.body.length, 0)
        assert.equal(unchanged.headers.etag, etag)
      }
      assert.equal(statusIn(await again({ 'if-none-match': '"other"' })), 'good')
      // If-None-Match decides alone.
      const both = { 'if-none-match': '"other"', 'if-modified-since': lastModified }
      assert.equal(statusIn(await again(both)), 'good')
      await revoke(issued)
      const changed = await again({ 'if-none-match': etag ?? '' })
      assert.equal(statusIn(changed), 'revoked')
      assert.notEqual(changed.headers.etag, etag)
    })

    test('what is no OCSP request is told so, in an OCSP answer', async () => {
      for (const body of [
        new Uint8Array([0x30, 0x00]),
        Buffer.from('not DER'),
        Buffer.concat([requestFor(await service().door.issue()), Buffer.from([0])]),
      ]) {
        const answer = await post(body)
        assert.equal(answer.status, 200)
        assert.equal(errorIn(answer), 'malformedRequest')
      }
      for (const target of ['', 'AAAA', 'MEUw!', '..%2f..%2fetc', '%00', '%', '%zz', 'M'.repeat(4_000)]) {
        const answer = await service().request(`${path()}/${target}`)
        assert.equal(answer.status, 200, target)
        assert.equal(errorIn(answer), 'malformedRequest')
        assert.equal(answer.headers['cache-control'], 'no-store')
      }
    })

    test('an empty body, one over 16 KiB and a coded one are refused, and the next is served', async () => {
      const issued = await service().door.issue()
      assert.equal(errorIn(await post(new Uint8Array(0))), 'malformedRequest')
      const large = await post(new Uint8Array(16 * 1024 + 1).fill(0x30))
      assert.equal(large.status, 413)
      assert.equal(errorIn(large), 'malformedRequest')
      assert.equal(errorIn(await post(new Uint8Array(16 * 1024).fill(0x30))), 'malformedRequest')
      const coded = await service().request(path(), {
        body: requestFor(issued),
        headers: { 'content-encoding': 'gzip' },
      })
      assert.equal(coded.status, 415)
      const { answer } = await exchangeRaw(
        service().url,
        `GET ${path()}/${'M'.repeat(9_000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      )
      assert.match(answer, /^HTTP\/1\.1 4\d\d /)
      assert.equal(statusIn(await post(requestFor(issued))), 'good')
    })

    test('other methods and paths are refused without a server error', async () => {
      for (const [method, target] of [
        ['PUT', path()],
        ['DELETE', path()],
        ['PATCH', path()],
        ['GET', path()],
        ['GET', '/ocsp'],
        ['POST', '/ocsp'],
        ['POST', `${path()}/x/y`],
      ] as const) {
        const { status } = await service().request(target, {
          method,
          ...(method === 'GET' ? {} : { body: 'x' }),
        })
        assert.ok(status >= 400 && status < 500, `${method} ${target}: ${status}`)
      }
    })

    test('a request about a CA that is not ours is unauthorized', async () => {
      const { subjectDer, spki } = parseCertificate(service().door.authority.certificateDer)
      const root = parseCertificate(service().root.certificateDer)
      for (const issuer of [
        { subjectDer: root.subjectDer, spki },
        { subjectDer, spki: root.spki },
      ]) {
        const request = encodeOcspRequest([encodeCertId('sha256', issuer, Uint8Array.of(1))])
        assert.equal(errorIn(await post(request)), 'unauthorized')
      }
    })

    test('R2 200 requests at once are answered each for its own certificate', async () => {
      const issued = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          service().door.issue({ names: [dnsName(`p${index}.example.com`)] }),
        ),
      )
      const revoked = issued.filter((_, index) => index % 3 === 0)
      await Promise.all(revoked.map(revoke))
      const { authority } = service().door
      const unknown = new Uint8Array(16).fill(0x4c)
      await Promise.all(
        Array.from({ length: 200 }, async (_, index) => {
          const each = issued[index % 21]
          const serialNumber = each?.serialNumber ?? unknown
          const expected = each === undefined ? 'unknown' : revoked.includes(each) ? 'revoked' : 'good'
          const answer = await post(statusRequest(authority, serialNumber))
          assert.equal(statusIn(answer), expected)
          const [single] = checkedAnswer(answer.body, authority).responses
          assert.equal(hex(single?.certId.serialNumber ?? new Uint8Array()), hex(serialNumber))
        }),
      )
    })
  })
}
