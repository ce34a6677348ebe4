import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { renewAuthority } from '../../../src/core/authorities/renew-authority.ts'
import { changeStatus } from '../../../src/core/certificates/change-status.ts'
import { publishCrl } from '../../../src/core/status/publish-crl.ts'
import { parseCertificate } from '../../../src/pki/certificate.ts'
import { parseCrl } from '../../../src/pki/crl.ts'
import { hex } from '../../support/hex.ts'
import { testCaller } from '../../support/installation.ts'
import { doorOf, testAuthority } from '../../support/issuing.ts'
import { opensslText } from '../../support/openssl.ts'
import { entriesOf } from '../../support/status.ts'
import { storeKinds } from '../../support/stores.ts'
import { maxAgeSeconds, suiteService } from './service.ts'

for (const kind of storeKinds) {
  describe(`CRLs and issuer certificates over HTTP on ${kind.name}`, { skip: kind.skip }, () => {
    const service = suiteService(kind)
    const crlPath = () => `/crl/${service().door.authority.id}.crl`
    const revoke = (id: Parameters<typeof changeStatus>[1]['certificateId']) =>
      changeStatus(service().engine, { accountId: null, certificateId: id, to: 'revoked' }, testCaller)
    const publish = async (id = service().door.authority.id) => {
      service().engine.clock.time += 1_000
      assert.equal(await publishCrl(service().engine, id), true)
    }

    test('R1 a revocation is on the CRL that is served next, and a cache that asks is given it', async () => {
      const issued = await service().door.issue()
      const before = await service().request(crlPath())
      assert.equal(before.status, 200)
      assert.equal(before.headers['content-type'], 'application/pkix-crl')
      await revoke(issued.id)
      await publish()
      const headers = { 'if-none-match': before.headers.etag ?? '' }
      const after = await service().request(crlPath(), { headers })
      assert.equal(after.status, 200)
      assert.notEqual(after.headers.etag, before.headers.etag)
      assert.ok(!entriesOf(parseCrl(before.body)).has(hex(issued.serialNumber)))
      assert.ok(entriesOf(parseCrl(after.body)).has(hex(issued.serialNumber)))
      const text = await opensslText(['crl', '-inform', 'DER', '-noout', '-text'], { input: after.body })
      assert.ok(text.includes(hex(issued.serialNumber).toUpperCase()))
    })

    test('a CRL says how long it may be kept, and 304 to who has it', async () => {
      const first = await service().request(crlPath())
      const { etag = '', expires = '' } = first.headers
      const lastModified = first.headers['last-modified'] ?? ''
      const crl = parseCrl(first.body)
      assert.equal(first.headers['cache-control'], `public, no-transform, max-age=${maxAgeSeconds}`)
      assert.equal(etag, `"${crl.crlNumber}"`)
      assert.equal(Date.parse(lastModified), crl.thisUpdate)
      assert.equal(Date.parse(expires), crl.nextUpdate)
      for (const headers of [{ 'if-none-match': etag }, { 'if-modified-since': lastModified }]) {
        const unchanged = await service().request(crlPath(), { headers })
        assert.equal(unchanged.status, 304)
        assert.equal(unchanged.body.length, 0)
      }
      const older = { 'if-modified-since': new Date(crl.thisUpdate - 1_000).toUTCString() }
      assert.equal((await service().request(crlPath(), { headers: older })).status, 200)
      const nonsense = { 'if-modified-since': 'yesterday' }
      assert.equal((await service().request(crlPath(), { headers: nonsense })).status, 200)
      const head = await service().request(crlPath(), { method: 'HEAD' })
      assert.equal(head.status, 200)
      assert.equal(head.headers.etag, etag)
      assert.equal(head.body.length, 0)
      await publish()
      assert.equal((await service().request(crlPath(), { headers: { 'if-none-match': etag } })).status, 200)
    })

    test('a CRL at the end of its time is not kept beyond it', async () => {
      const { engine } = service()
      const now = engine.clock.time
      const { nextUpdate = 0 } = parseCrl((await service().request(crlPath())).body)
      engine.clock.time = nextUpdate - 10_000
      assert.match((await service().request(crlPath())).headers['cache-control'] ?? '', /max-age=10$/)
      engine.clock.time = nextUpdate + 10_000
      assert.match((await service().request(crlPath())).headers['cache-control'] ?? '', /max-age=0$/)
      engine.clock.time = now
    })

    test('R16 each shard of a CA is served at the address that its certificates name', async () => {
      const { engine, door } = service()
      const sharded = await testAuthority(engine, door.authority.accountId, {}, { crlShards: 3 })
      await publish(sharded.id)
      const numbers = new Set<string | undefined>()
      for (const shard of [0, 1, 2]) {
        const answer = await service().request(`/crl/${sharded.id}-${shard}.crl`)
        assert.equal(answer.status, 200)
        numbers.add(hex(answer.body))
      }
      assert.equal(numbers.size, 3)
      assert.equal((await service().request(`/crl/${sharded.id}-3.crl`)).status, 404)
    })

    test('V11 every address in a certificate, its issuer’s and a sharded one’s is served here', async () => {
      const { engine, door, url } = service()
      const sharded = await testAuthority(engine, door.authority.accountId, {}, { crlShards: 2 })
      await publish(sharded.id)
      const certificates = [
        (await door.issue()).certificateDer,
        door.authority.certificateDer,
        (await doorOf(engine, sharded).issue()).certificateDer,
      ]
      for (const certificateDer of certificates) {
        const text = await opensslText(['x509', '-inform', 'DER', '-noout', '-text'], {
          input: certificateDer,
        })
        const addresses = [...text.matchAll(/(CA Issuers - |OCSP - |)URI:(\S+)/g)]
        assert.equal(addresses.length, 3)
        assert.equal(new Set(addresses.map(([, , address]) => address)).size, 3)
        for (const [, method, address = ''] of addresses) {
          assert.ok(address.startsWith(`${url}/`), address)
          const path = address.slice(url.length)
          if (method === 'OCSP - ') {
            const { headers } = await service().request(path, { body: 'x' })
            assert.equal(headers['content-type'], 'application/ocsp-response')
            continue
          }
          const { status, body } = await service().request(path)
          assert.equal(status, 200)
          if (method === 'CA Issuers - ') {
            const { issuerDer } = parseCertificate(certificateDer)
            assert.equal(hex(parseCertificate(body).subjectDer), hex(issuerDer))
          } else {
            assert.equal(hex(parseCrl(body).issuerDer), hex(parseCertificate(certificateDer).issuerDer))
          }
        }
      }
    })

    test('an issuer certificate is served with its type and validators, and the renewed one after a renewal', async () => {
      const { engine, root } = service()
      const path = `/aia/${root.id}.crt`
      const first = await service().request(path)
      assert.equal(first.status, 200)
      assert.equal(first.headers['content-type'], 'application/pkix-cert')
      assert.equal(hex(first.body), hex(root.certificateDer))
      const headers = { 'if-none-match': first.headers.etag ?? '' }
      assert.equal((await service().request(path, { headers })).status, 304)
      engine.clock.time += 60_000
      const renewed = await renewAuthority(engine, root.accountId, root.id, { newKey: false }, testCaller)
      const second = await service().request(path, { headers })
      assert.equal(second.status, 200)
      assert.equal(hex(second.body), hex(renewed.certificateDer))
      // A cache that knows times only is given it as well.
      const since = { 'if-modified-since': first.headers['last-modified'] ?? '' }
      assert.equal((await service().request(path, { headers: since })).status, 200)
    })

    test('files of nothing are not found, whatever their names are', async () => {
      const { id } = service().door.authority
      for (const path of [
        '/crl/999999.crl',
        '/crl/2147483648.crl',
        '/crl/9999999999.crl',
        '/crl/99999999999999999999.crl',
        `/crl/0${id}.crl`,
        `/crl/${id}`,
        `/crl/${id}.pem`,
        `/crl/${id}.crl.crl`,
        `/crl/${id}-.crl`,
        `/crl/-${id}.crl`,
        `/crl/${id}-9999999999.crl`,
        `/crl/${id}-0-0.crl`,
        '/crl/__proto__.crl',
        '/crl/..%2f..%2fetc%2fpasswd',
        `/crl/${'9'.repeat(4_000)}.crl`,
        '/crl/',
        '/aia/999999.crt',
        '/aia/2147483648.crt',
        '/aia/9999999999.crt',
        `/aia/${id}.crl`,
        '/aia/%00.crt',
      ]) {
        const { status, text } = await service().request(path)
        assert.equal(status, 404, path)
        assert.ok(!text.includes('/etc') && text.length < 500, path)
      }
    })

    test('other methods are refused', async () => {
      for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
        const { status } = await service().request(crlPath(), { method, body: 'x' })
        assert.ok(status >= 400 && status < 500, `${method}: ${status}`)
      }
    })

    test('100 requests at once get the same CRL', async () => {
      const first = await service().request(crlPath())
      const answers = await Promise.all(Array.from({ length: 100 }, () => service().request(crlPath())))
      assert.ok(answers.every(({ status, body }) => status === 200 && body.equals(first.body)))
    })
  })
}
