import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { emptyNameDer, encodeName } from '../../../src/pki/names.ts'
import { oids } from '../../../src/pki/oids.ts'
import { pemEncode } from '../../../src/pki/pem.ts'
import { dnsNames, extension, extensionRequest, p256, request } from '../../support/certification-requests.ts'
import { lastFirst } from '../../support/stores.ts'
import { csrPem, freshCsrPem } from './requests.ts'
import { TestService, type TestTenant } from './service.ts'

const ca = '/certificate-authority/api/v1'
const pem = { headers: { accept: 'application/x-pem-file' } }

describe('Private CA', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  let other: TestTenant
  let issuer: string
  before(async () => {
    service = await TestService.start(scope)
    tenant = await service.tenant()
    other = await service.tenant('eve@example.test')
    const list = (await tenant.get(`${ca}/ca`)).json()
    issuer = list.items.find((each: { cert_type: string }) => each.cert_type === 'intermediate').id
  })
  let count = 0
  const body = (more: object = {}) => {
    const name = `pump-${++count}.harbour.example`
    return {
      issuer: { id: issuer },
      template_id: tenant.id('template', 1).replaceAll('-', '').toUpperCase(),
      account_id: tenant.accountUuid,
      cert_type: 'private_ssl',
      csr: csrPem(),
      csr_type: 'csr',
      subject: {
        common_name: name,
        organization_name: 'Harbour',
        organization_unit: ['Quay'],
        country: 'NL',
      },
      extensions: { san: { dns_names: [name], ip_addresses: [], email_addresses: [], uris: [] } },
      ...more,
    }
  }
  const issue = async (more: object = {}) => {
    const answer = await tenant.post(`${ca}/certificate`, body(more))
    assert.equal(answer.status, 201, answer.text)
    return answer.json()
  }

  test('health answers a working key and nobody else', async () => {
    assert.equal((await tenant.get(`${ca}/health`)).status, 200)
    assert.equal((await service.send({ url: `${ca}/health` })).status, 401)
    assert.equal(
      (await service.send({ url: `${ca}/health`, headers: { authorization: `Bearer ${tenant.key}` } }))
        .status,
      200,
    )
  })

  test('an issued certificate is padded base64 of DER, its chain nearest first without the leaf', async () => {
    const made = await issue({
      validity: {
        valid_from: new Date(service.engine.clock.now()).toISOString(),
        valid_to: '2026-12-31T23:59:59Z',
      },
    })
    assert.match(made.blob, /^[A-Za-z0-9+/]+={0,2}$/)
    assert.equal(made.blob.length % 4, 0)
    const leaf = new X509Certificate(Buffer.from(made.blob, 'base64'))
    assert.equal(leaf.serialNumber, made.serial_number)
    assert.equal(leaf.validTo, 'Dec 31 23:59:59 2026 GMT')
    assert.deepEqual(
      made.chain.map((each: { cert_type: string }) => each.cert_type),
      ['intermediate', 'root'],
    )
    const [intermediate, root] = made.chain.map(
      (each: { blob: string }) => new X509Certificate(Buffer.from(each.blob, 'base64')),
    )
    assert.ok(leaf.verify(intermediate.publicKey) && intermediate.verify(root.publicKey))
  })

  test('a request that names nobody is for whom its CSR names, and refused when that names nobody either', async () => {
    const nobody = { subject: undefined, extensions: undefined }
    const csr = (parts: Parameters<typeof request>[0]) => pemEncode('CERTIFICATE REQUEST', request(parts))
    const wished = [extensionRequest(extension(oids.subjectAltName, dnsNames))]
    const harbour = encodeName([
      { type: oids.organizationName, value: 'Harbour' },
      { type: oids.commonName, value: 'quay.example' },
    ])
    for (const [parts, subject, names] of [
      [{}, 'CN=example.org', 'DNS:example.org'],
      [{ subject: harbour }, 'O=Harbour\nCN=quay.example', 'DNS:quay.example'],
      [
        { subject: harbour, attributes: wished },
        'O=Harbour\nCN=quay.example',
        'DNS:quay.example, DNS:example.org',
      ],
      [{ subject: emptyNameDer, attributes: wished }, 'CN=example.org', 'DNS:example.org'],
    ] as const) {
      const { blob } = await issue({ ...nobody, csr: csr(parts) })
      const leaf = new X509Certificate(Buffer.from(blob, 'base64'))
      assert.deepEqual([leaf.subject, leaf.subjectAltName], [subject, names])
    }
    const { blob } = await issue({ extensions: undefined })
    assert.doesNotMatch(new X509Certificate(Buffer.from(blob, 'base64')).subject, /example\.org/)
    const refuse = async (parts: Parameters<typeof request>[0]) => {
      const answer = await tenant.post(`${ca}/certificate`, body({ ...nobody, csr: csr(parts) }))
      return [answer.status, answer.field]
    }
    assert.deepEqual(await refuse({ subject: emptyNameDer }), [400, 'subject.common_name'])
    const host = encodeName([{ type: oids.commonName, value: 'not a host' }])
    assert.deepEqual(await refuse({ subject: host }), [400, 'csr.subject'])
  })

  test('ids are taken in both spellings, the account in header and body', async () => {
    await issue({ issuer: { id: issuer.toLowerCase() }, template_id: tenant.id('template', 1) })
    await issue({
      issuer: { id: tenant.id('authority', tenant.made.authorities.issuing.id) },
      template_id: undefined,
    })
    const headers = { 'x-dc-accountid': tenant.accountUuid }
    assert.equal((await tenant.post(`${ca}/certificate`, body(), { headers })).status, 201)
    assert.equal(
      (await tenant.post(`${ca}/certificate`, body({ account_id: other.accountUuid }))).status,
      403,
    )
  })

  test('a certificate is shown as JSON, and as PEM by Accept or at its download', async () => {
    const made = await issue()
    for (const id of [made.id, made.serial_number, made.serial_number.toLowerCase()]) {
      const json = await tenant.get(`${ca}/certificate/${id}`)
      const details = json.json()
      assert.equal(details.blob, made.blob)
      assert.deepEqual([details.is_revoked, details.issuer_id], [false, issuer])
      for (const answer of [
        await tenant.get(`${ca}/certificate/${id}`, pem),
        await tenant.get(`${ca}/certificate/${id}/download`, pem),
        await tenant.get(`${ca}/certificate/${id}/download`),
      ]) {
        assert.equal(answer.headers['content-type'], 'application/x-pem-file')
        assert.equal(new X509Certificate(answer.text).serialNumber, made.serial_number)
      }
    }
    const der = await tenant.get(`${ca}/certificate/${made.id}`, {
      headers: { accept: 'application/pkix-cert' },
    })
    assert.equal(der.bytes.toString('base64'), made.blob)
  })

  test('a certificate is revoked once, and says so', async () => {
    const made = await issue()
    const url = `${ca}/certificate/${made.id}/revocation`
    assert.equal((await tenant.put(url, { revocation_reason: 'key_compromise' })).status, 204)
    const again = await tenant.put(url, { revocation_reason: 'key_compromise' })
    assert.deepEqual(
      [again.status, again.json().code, again.json().message],
      [400, 400, 'Certificate already has been revoked'],
    )
    const details = (await tenant.get(`${ca}/certificate/${made.id}`)).json()
    assert.deepEqual([details.is_revoked, details.revoked_reason], [true, 'key_compromise'])
    assert.match(details.revoked_date, /^\d{4}-/)
  })

  test('certificates are listed in pages', async () => {
    const list = (await tenant.get(`${ca}/certificate?limit=2`)).json()
    assert.equal(list.items.length, 2)
    assert.ok(list.total > 2)
    assert.equal((await other.get(`${ca}/certificate`)).json().total, 0)
  })

  test('what is wrong with a request is 400 and named, with a numeric code at the top', async () => {
    const publicKey = p256.publicKey.export({ type: 'spki', format: 'pem' })
    const manyNames = Array.from({ length: 251 }, (_, number) => `n${number}.example`)
    for (const [more, field] of [
      [{ issuer: undefined }, 'issuer'],
      [{ csr: undefined }, 'csr'],
      [{ csr: 'x' }, 'csr'],
      [{ csr_type: 'spki' }, 'csr_type'],
      [{ csr_type: 'spki', csr: publicKey }, 'csr_type'],
      [{ template_id: 'x' }, 'template_id'],
      [{ validity: { valid_to: 'tomorrow' } }, 'validity.valid_to'],
      [{ validity: { valid_to: '2027-02-30T00:00:00Z' } }, 'validity.valid_to'],
      [{ validity: { valid_from: '2027-01-01T00:00:00Z' } }, 'validity.valid_from'],
      [{ validity: { valid_to: '2099-01-01T00:00:00Z' } }, 'validity.valid_to'],
      [{ validity: { valid_to: '2020-01-01T00:00:00Z' } }, 'validity.valid_to'],
      [{ subject: { common_name: 'a.example', country: 'USA' } }, 'subject.country'],
      [{ extensions: { san: { dns_names: ['-'] } } }, 'extensions.san.dns_names.0'],
      [{ extensions: { san: { dns_names: manyNames } } }, 'extensions.san'],
      [{ subject: { organization_name: 'Harbour' }, extensions: undefined }, 'subject.common_name'],
    ] as const) {
      const answer = await tenant.post(`${ca}/certificate`, body(more))
      assert.deepEqual(
        [answer.status, answer.json().code, answer.field],
        [400, 400, field],
        JSON.stringify(more),
      )
    }
  })

  test('P6 P12 (ONE) CAs and certificates of another account are 404 as if they did not exist', async () => {
    const made = await issue()
    const unknown = tenant.id('authority', 9_999)
    for (const [answer, twin] of [
      [await other.get(`${ca}/ca/${issuer}`), await other.get(`${ca}/ca/${unknown}`)],
      [await other.get(`${ca}/ca/${issuer}/download`), await other.get(`${ca}/ca/${unknown}/download`)],
      [
        await other.get(`${ca}/certificate/${made.id}`),
        await other.get(`${ca}/certificate/${made.id.replace(/.{4}$/, 'ffff')}`),
      ],
      [
        await other.put(`${ca}/certificate/${made.id}/revocation`, {}),
        await other.put(`${ca}/certificate/00/revocation`, {}),
      ],
      [
        await other.post(`${ca}/certificate`, body({ account_id: undefined })),
        await other.post(`${ca}/certificate`, body({ account_id: undefined, issuer: { id: unknown } })),
      ],
      [
        await other.post(`${ca}/ca`, { name: 'x', cert_type: 'intermediate', issuer: { id: issuer } }),
        await other.post(`${ca}/ca`, { name: 'x', cert_type: 'intermediate', issuer: { id: unknown } }),
      ],
      [await other.post(`${ca}/crl/${issuer}/publish`), await other.post(`${ca}/crl/${unknown}/publish`)],
    ] as const) {
      assert.deepEqual([answer.status, answer.code], [404, 'resource_not_found'])
      assert.equal(answer.json().message, twin.json().message)
    }
    assert.equal((await tenant.get(`${ca}/certificate/${made.id}`)).json().is_revoked, false)
  })

  test('a root and a CA below it are made, listed, downloaded and issue', async () => {
    const root = await tenant.post(`${ca}/ca`, {
      name: 'Second Root',
      cert_type: 'root',
      ca_type: 'online',
      account_id: tenant.accountUuid,
      template_id: tenant.id('template', 1_001),
      key: { algorithm: 'EC', size: 'P-384' },
      subject: { common_name: 'Second Root', organization_name: 'Harbour' },
      validity: { valid_to: '2046-01-01T00:00:00Z' },
    })
    assert.equal(root.status, 201, root.text)
    const below = await tenant.post(`${ca}/ca`, {
      name: 'Second Issuing',
      cert_type: 'intermediate',
      issuer: { id: root.json().id },
      key: { algorithm: 'EC', size: 'P-256' },
    })
    assert.equal(below.status, 201, below.text)
    assert.deepEqual([below.json().status, below.json().issuer_id], ['active', root.json().id])
    assert.match(below.json().id, /^[0-9A-F]{32}$/)
    assert.deepEqual((await tenant.get(`${ca}/ca/${below.json().id}`)).json(), below.json())
    const list = (await tenant.get(`${ca}/ca`)).json()
    assert.equal(list.total, 4)
    const download = await tenant.get(`${ca}/ca/${root.json().id}/download`)
    assert.ok(new X509Certificate(download.text).ca)
    assert.ok(
      Date.parse(String(new X509Certificate(download.text).validTo)) <= Date.parse('2046-01-01T00:00:00Z'),
    )
    const made = await issue({ issuer: { id: below.json().id } })
    assert.equal(made.chain.length, 2)
    const leafIssuer = await tenant.post(`${ca}/ca`, {
      name: 'Third',
      cert_type: 'intermediate',
      issuer: { id: below.json().id },
    })
    assert.equal(leafIssuer.status, 400)
    for (const [more, field] of [
      [{ name: undefined }, 'name'],
      [{ cert_type: 'leaf' }, 'cert_type'],
      [{ cert_type: 'intermediate' }, 'issuer.id'],
      [{ ca_type: 'offline' }, 'ca_type'],
      [{ key: { algorithm: 'EC', size: 'P-1' } }, 'key.size'],
      [{ key: { algorithm: 'EC', size: '2048' } }, 'key.size'],
      [{ key: { algorithm: 'EC', size: 'ED25519' } }, 'key.size'],
      [{ key: { algorithm: 'RSA', size: 'P-256' } }, 'key.size'],
      [{ template_id: tenant.id('template', 1) }, 'template_id'],
      [{ template_id: tenant.id('template', 1_002) }, 'template_id'],
      [{ template_id: 'x' }, 'template_id'],
      [{ validity: { valid_to: '2020-01-01T00:00:00Z' } }, 'validity.valid_to'],
    ] as const) {
      const answer = await tenant.post(`${ca}/ca`, { name: 'x', cert_type: 'root', ...more })
      assert.deepEqual([answer.status, answer.field], [400, field], JSON.stringify(more))
    }
  })

  test('a CA ends in the very second that valid_to names, at creation and when it is recertified', async () => {
    const now = service.engine.clock.now()
    const named = (to: string) => ({ validity: { valid_to: to } })
    const create = (to: string) => tenant.post(`${ca}/ca`, { name: 'Exact', cert_type: 'root', ...named(to) })
    const root = await create('2031-05-06T07:08:09.750+02:00')
    assert.equal(root.json().valid_to, '2031-05-06T05:08:09Z', root.text)
    const download = await tenant.get(`${ca}/ca/${root.json().id}/download`)
    assert.equal(new X509Certificate(download.text).validTo, 'May  6 05:08:09 2031 GMT')
    const soon = new Date(now + 3_600_000).toISOString()
    const recertify = (to: string) => tenant.post(`${ca}/ca/${root.json().id}/recertify`, named(to))
    assert.equal((await recertify(soon)).json().valid_to, `${soon.slice(0, 19)}Z`)
    const below = await tenant.post(`${ca}/ca`, {
      name: 'Outlives',
      cert_type: 'intermediate',
      issuer: { id: root.json().id },
      ...named('2031-05-06T05:08:10Z'),
    })
    assert.deepEqual([below.status, below.field], [400, 'validity.valid_to'])
    assert.match(below.json().message, /the limit is/)
  })

  test('an end that lies in the past is refused as such, and the end of a moment ahead is taken', async () => {
    const now = service.engine.clock.now()
    const ending = (at: number) => ({ validity: { valid_to: new Date(at).toISOString() } })
    const made = await tenant.post(`${ca}/ca`, { name: 'Past', cert_type: 'root', key: { size: 'P-256' } })
    for (const [url, more] of [
      [`${ca}/certificate`, body()],
      [`${ca}/ca`, { name: 'Brief', cert_type: 'root' }],
      [`${ca}/ca/${made.json().id}/recertify`, {}],
    ] as const) {
      for (const at of [now - 400 * 86_400_000, now - 60_000, now]) {
        const answer = await tenant.post(url, { ...more, ...ending(at) })
        assert.deepEqual(
          [answer.status, answer.field, answer.json().message],
          [400, 'validity.valid_to', 'validity.valid_to lies in the past.'],
          url,
        )
      }
      const answer = await tenant.post(url, { ...more, ...ending(now + 1_000) })
      assert.ok(answer.status < 300, answer.text)
    }
  })

  test('P14 (ONE) a key that may only issue makes no CA', async () => {
    const clerk = await tenant.program('issuer', ['CM_CERTIFICATE_ISSUER'])
    assert.equal((await clerk.post(`${ca}/certificate`, body())).status, 201)
    assert.equal((await clerk.post(`${ca}/ca`, { name: 'x', cert_type: 'root' })).status, 403)
    const reader = await tenant.program('reader', ['CM_READ_ONLY'])
    assert.equal((await reader.get(`${ca}/ca`)).status, 200)
    assert.equal((await reader.post(`${ca}/certificate`, body())).status, 403)
  })

  test('P17 (ONE) an issue repeated with its idempotency key gives the first certificate', async () => {
    const headers = { 'idempotency-key': 'ca-1' }
    const request = body({ csr: freshCsrPem() })
    const first = await tenant.post(`${ca}/certificate`, request, { headers })
    const again = await tenant.post(`${ca}/certificate`, request, { headers })
    assert.deepEqual([first.status, again.text], [201, first.text])
    assert.equal((await tenant.post(`${ca}/certificate`, body(), { headers })).status, 409)
  })

  test('templates of CAs and certificates are listed and shown', async () => {
    const list = (await tenant.get(`${ca}/template`)).json()
    assert.ok(list.total >= 4)
    assert.deepEqual(
      new Set(list.items.map((each: { type: string }) => each.type)),
      new Set(['root', 'intermediate', 'end_entity']),
    )
    const [template] = list.items
    assert.deepEqual((await tenant.get(`${ca}/template/${template.id}`)).json(), template)
    assert.equal((await tenant.get(`${ca}/template/x`)).status, 404)
  })

  test('CRLs and OCSP signers are shown, asked for as they are, and a CRL is published at once', async () => {
    const crl = await tenant.post(`${ca}/crl`, { ca: { id: issuer } })
    assert.equal(crl.status, 201, crl.text)
    assert.match(crl.json().distribution_url, /^http:\/\/ca\.example\.test\/crl\/\d+\.crl$/)
    assert.equal((await tenant.post(`${ca}/crl/${crl.json().id}/publish`)).status, 204)
    const shown = (await tenant.get(`${ca}/crl/${crl.json().id}`)).json()
    assert.match(shown.crl_number, /^\d+$/)
    const other = await tenant.post(`${ca}/crl`, {
      ca: { id: issuer },
      distribution_url: 'http://elsewhere.example/x.crl',
    })
    assert.deepEqual([other.status, other.field], [400, 'distribution_url'])
    assert.equal((await tenant.get(`${ca}/crl`)).json().items.length > 1, true)
    const responder = await tenant.post(`${ca}/ocsp-responder`, {
      ca: { id: issuer },
      signing_mode: 'delegated',
    })
    assert.deepEqual([responder.status, responder.json().signing_mode], [201, 'delegated'])
    assert.equal((await tenant.get(`${ca}/ocsp-responder`)).status, 200)
  })

  test('a CA is recertified over its key, or succeeded by one with another key', async () => {
    const made = (
      await tenant.post(`${ca}/ca`, {
        name: 'Quay Issuing',
        cert_type: 'intermediate',
        issuer: { id: (await tenant.get(`${ca}/ca/${issuer}`)).json().issuer_id },
        key: { algorithm: 'EC', size: 'P-256' },
      })
    ).json()
    const keyOf = async (id: string) => (await tenant.get(`${ca}/key-pair/${id}`)).json().public_key_sha256
    const recertify = (more?: object) => tenant.post(`${ca}/ca/${made.id}/recertify`, more)
    const again = await recertify()
    assert.equal(again.status, 200, again.text)
    assert.equal(again.json().id, made.id)
    assert.notEqual(again.json().serial_number, made.serial_number)
    const next = (await recertify({ new_key: true, validity: { valid_to: '2028-01-01T00:00:00Z' } })).json()
    assert.notEqual(next.id, made.id)
    assert.notEqual(await keyOf(next.id), await keyOf(made.id))
    assert.ok(Date.parse(next.valid_to) <= Date.parse('2028-01-01T00:00:00Z'))
    const past = await recertify({ validity: { valid_to: '2020-01-01T00:00:00Z' } })
    assert.deepEqual([past.status, past.field], [400, 'validity.valid_to'])
  })

  test('the keys of CAs are shown, and none is made without its CA', async () => {
    const { items } = (await tenant.get(`${ca}/key-pair?limit=1000`)).json()
    assert.equal(items.length, (await tenant.get(`${ca}/ca`)).json().total)
    const of = items.find(({ ca: { id } }: { ca: { id: string } }) => id === issuer)
    assert.deepEqual([of.algorithm, of.size, of.status], ['EC', 'P-256', 'active'])
    assert.deepEqual((await tenant.get(`${ca}/key-pair/${of.id}`)).json(), of)
    assert.equal((await tenant.post(`${ca}/key-pair`, { name: 'x' })).status, 405)
    assert.equal((await other.get(`${ca}/key-pair/${of.id}`)).status, 404)
  })

  test('a CA whose record cannot be opened is 500 in JSON', async () => {
    const broken = await tenant.post(`${ca}/ca`, {
      name: 'Broken',
      cert_type: 'root',
      key: { algorithm: 'EC', size: 'P-256' },
    })
    const number = Number.parseInt(broken.json().id.slice(20), 16)
    await service.engine.query(`UPDATE authority SET spki_der = x'00' WHERE id = ${number}`)
    await service.engine.store.write(function* (transaction) {
      transaction.configurationChanged()
    })
    const answer = await tenant.post(`${ca}/certificate`, body({ issuer: { id: broken.json().id } }))
    assert.deepEqual([answer.status, answer.code], [500, 'internal_server_error'])
  })
})
