import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pemBlocks } from '../../../src/pki/pem.ts'
import { openssl, opensslMissing, opensslText } from '../../support/openssl.ts'
import { lastFirst } from '../../support/stores.ts'
import { temporaryFolder } from '../../support/tmp.ts'
import { orderBody, testOrganization } from './ordering.ts'
import { type Answer, TestService, type TestTenant } from './service.ts'

const unzipMissing = spawnSync('unzip', ['-v']).status === 0 ? false : 'NOT RUN: unzip is not installed'

const pemFile = 'application/x-pem-file'
const zipFile = 'application/zip'
const pkcs7File = 'application/x-pkcs7-certificates'

describe('downloads of the CertCentral face', () => {
  const scope = lastFirst({ after })
  let tenant: TestTenant
  let organization: number
  /** An issued order of a wildcard, its certificate and the chain it was answered with. */
  let order: number
  let id: number
  let chain: readonly { readonly subject_common_name: string; readonly pem: string }[]
  before(async () => {
    const service = await TestService.start(scope)
    tenant = await service.tenant()
    organization = await testOrganization(tenant)
    const placed = await place({ common_name: '*.shop.example', dns_names: ['*.shop.example'] })
    order = placed.json().id
    id = placed.json().certificate_id
    chain = placed.json().certificate_chain
  })

  const place = async (certificate: object, more: object = {}): Promise<Answer> => {
    const body = await orderBody(organization, certificate, more)
    const placed = await tenant.post('/order/certificate/private_ssl_flex', body)
    assert.equal(placed.status, 201, placed.text)
    return placed
  }

  const at = (format: string): Promise<Answer> => tenant.get(`/certificate/${id}/download/format/${format}`)

  /** Names of the files in a zip, and what is in each, as unzip sees them. */
  const unzipped = (zip: Buffer): ReadonlyMap<string, string> => {
    const path = join(temporaryFolder(scope, 'zip'), 'download.zip')
    writeFileSync(path, zip)
    execFileSync('unzip', ['-tq', path])
    const names = execFileSync('unzip', ['-Z1', path], { encoding: 'utf8' }).trim().split('\n')
    // unzip takes a name for a pattern.
    return new Map(
      names.map((name) => [name, execFileSync('unzip', ['-p', path, name], { encoding: 'utf8' })]),
    )
  }

  /** The form in which clients split and concatenate certificates. */
  const assertCrlfPem = (text: string, count: number) => {
    assert.equal(text.replaceAll('\r\n', '').includes('\n'), false)
    assert.equal(text.endsWith('-----END CERTIFICATE-----\r\n'), true)
    assert.equal(text.includes('\r\n\r\n'), false)
    assert.equal(text.split('-----END CERTIFICATE-----\r\n').length, count + 1)
  }

  const pemCases: readonly (readonly [format: string, places: readonly number[]])[] = [
    ['pem_all', [0, 1, 2]],
    ['pem_noroot', [0, 1]],
    ['pem_nointermediate', [0]],
    ['pem', [0]],
    ['crt', [0]],
  ]
  for (const [format, places] of pemCases) {
    test(`trap 2: ${format} is one file of PEM with CRLF and ${places.length} certificates`, async () => {
      const answer = await at(format)
      assert.equal(answer.status, 200)
      assert.equal(answer.headers['content-type'], pemFile)
      const extension = format === 'crt' ? 'crt' : 'pem'
      assert.equal(
        answer.headers['content-disposition'],
        `attachment; filename="star_shop_example_${id}.${extension}"`,
      )
      assertCrlfPem(answer.text, places.length)
      assert.equal(answer.text, places.map((place) => chain[place]?.pem).join(''))
    })
  }

  test('trap 2: downloads are the file whatever is accepted', async () => {
    for (const accept of ['application/json', 'text/plain', '*/*', 'application/xml', 'image/png']) {
      const answer = await tenant.get(`/certificate/${id}/download/format/pem_all`, { headers: { accept } })
      assert.equal(answer.status, 200, accept)
      assert.equal(answer.headers['content-type'], pemFile)
      assertCrlfPem(answer.text, 3)
    }
  })

  const zipCases: readonly (readonly [format: string, extension: string, count: number])[] = [
    ['default', 'crt', 3],
    ['default_cer', 'cer', 3],
    ['default_pem', 'crt', 3],
    ['apache', 'crt', 2],
  ]
  for (const [format, extension, count] of zipCases) {
    test(`${format} is a zip of ${count} .${extension} files that unzip takes`, {
      skip: unzipMissing,
    }, async () => {
      const answer = await at(format)
      assert.equal(answer.headers['content-type'], zipFile)
      assert.equal(
        answer.headers['content-disposition'],
        `attachment; filename="star_shop_example_${id}.zip"`,
      )
      const files = unzipped(answer.bytes)
      const names = [...files.keys()]
      assert.equal(names.length, count)
      for (const name of names) assert.match(name, new RegExp(`^[A-Za-z0-9_-]+\\.${extension}$`))
      assert.equal(names.at(-1), `star_shop_example.${extension}`)
      assert.equal(names.includes(`TrustedRoot.${extension}`), count === 3)
      for (const text of files.values()) assertCrlfPem(text, 1)
      assert.equal(files.get(`star_shop_example.${extension}`), chain[0]?.pem)
      const wanted = chain.slice(0, count).map(({ pem }) => pem)
      assert.deepEqual([...files.values()].toSorted(), wanted.toSorted())
    })
  }

  for (const format of ['p7b', 'cer']) {
    test(`${format} is a PKCS#7 in PEM that openssl reads`, { skip: opensslMissing }, async () => {
      const answer = await at(format)
      assert.equal(answer.headers['content-type'], pkcs7File)
      assert.equal(answer.text.startsWith('-----BEGIN PKCS7-----\r\n'), true)
      assert.equal(answer.text.endsWith('-----END PKCS7-----\r\n'), true)
      const files = { 'a.p7b': answer.text }
      const read = await opensslText(['pkcs7', '-in', 'a.p7b', '-print_certs'], { files })
      const found = pemBlocks(read).map(({ der }) => new X509Certificate(der).fingerprint256)
      const wanted = chain.map(({ pem }) => new X509Certificate(pem).fingerprint256)
      assert.deepEqual(found.toSorted(), wanted.toSorted())
    })
  }

  test('root and intermediate of a download prove the certificate to openssl', {
    skip: opensslMissing,
  }, async () => {
    const [leaf = '', intermediate = '', root = ''] = chain.map(({ pem }) => pem)
    const files = { 'leaf.pem': leaf, 'intermediate.pem': intermediate, 'root.pem': root }
    const now = String(Math.floor(tenant.service.engine.clock.time / 1_000))
    const verify = ['verify', '-attime', now, '-CAfile', 'root.pem', '-untrusted', 'intermediate.pem']
    const { status, stderr } = await openssl([...verify, '-x509_strict', 'leaf.pem'], { files })
    assert.equal(status, 0, stderr)
  })

  test('platforms by id and by word have the format that they take', async () => {
    const cases: readonly (readonly [platform: string, type: string])[] = [
      ['29', pemFile],
      ['2', zipFile],
      ['-1', zipFile],
      ['apache', zipFile],
      ['nginx', pemFile],
      ['IIS', pkcs7File],
      ['67', pkcs7File],
      ['pem_all', pemFile],
    ]
    for (const [platform, type] of cases) {
      const answer = await tenant.get(`/certificate/${id}/download/platform/${platform}`)
      assert.equal(answer.headers['content-type'], type, platform)
    }
    assertCrlfPem((await tenant.get(`/certificate/${id}/download/platform/29`)).text, 3)
    for (const platform of ['9999', 'teapot']) {
      const answer = await tenant.get(`/certificate/${id}/download/platform/${platform}`)
      assert.deepEqual(answer.codes(), ['invalid_value:platform_id'])
    }
  })

  test('the platform of the order decides where the caller names no format', async () => {
    const placed = await place({ common_name: 'nginx.shop.example', server_platform: { id: 45 } })
    const { id: nginxOrder, certificate_id } = placed.json()
    for (const url of [
      `/certificate/${certificate_id}/download/platform`,
      `/certificate/download/order/${nginxOrder}`,
    ]) {
      const answer = await tenant.get(url)
      assert.equal(answer.headers['content-type'], pemFile)
      assertCrlfPem(answer.text, 2)
    }
    const named = await tenant.get(`/certificate/download/order/${nginxOrder}?formatType=p7b`)
    assert.equal(named.headers['content-type'], pkcs7File)
  })

  test('an order gives its certificate by id, serial number and thumbprint, a subId that of a duplicate', async () => {
    const { certificate } = (await tenant.get(`/order/certificate/${order}`)).json()
    for (const reference of [order, certificate.serial_number.toLowerCase(), certificate.thumbprint]) {
      const answer = await tenant.get(`/certificate/download/order/${reference}/format/pem_nointermediate`)
      assert.equal(answer.text, chain[0]?.pem)
    }
    const { csr } = certificate
    const made = await tenant.post(`/order/certificate/${order}/duplicate`, {
      certificate: { common_name: '*.shop.example', dns_names: ['*.shop.example'], csr },
      skip_approval: true,
    })
    assert.equal(made.status, 201, made.text)
    const duplicate = made.json().certificate_chain[0].pem
    for (const subId of ['001', '1']) {
      const url = `/certificate/download/order/${order}?subId=${subId}&formatType=crt`
      assert.equal((await tenant.get(url)).text, duplicate)
    }
    assert.equal((await tenant.get(`/certificate/download/order/${order}/format/crt`)).text, chain[0]?.pem)
    assert.deepEqual((await tenant.get(`/certificate/download/order/${order}?subId=002`)).codes(), [
      'not_found',
    ])
  })

  test('the chain of a certificate is leaf, intermediate and root under the name of intermediates', async () => {
    const answer = (await tenant.get(`/certificate/${id}/chain`)).json()
    assert.deepEqual(answer, { intermediates: chain })
    assert.equal(chain.length, 3)
    assert.equal(chain[0]?.subject_common_name, '*.shop.example')
    for (const { pem } of chain) assertCrlfPem(pem, 1)
  })

  test('certificate info has what clients look for, by id and by serial number', async () => {
    const info = (await tenant.get(`/certificate/${id}`)).json()
    assert.equal(info.id, id)
    assert.equal(info.order_id, order)
    assert.equal(info.common_name, '*.shop.example')
    assert.equal(info.status, 'issued')
    assert.match(info.serial_number, /^[0-9A-F]{32}$/)
    assert.match(info.valid_till, /^\d{4}-\d\d-\d\d$/)
    assert.equal(info.product.name_id, 'private_ssl_flex')
    assert.equal(info.organization.id, organization)
    assert.deepEqual((await tenant.get(`/certificate/${info.serial_number.toLowerCase()}`)).json(), info)
  })

  test('a certificate that is still to be issued is unavailable, and of a canceled order not found', async () => {
    const waiting = await place({ common_name: 'wait.shop.example' }, { skip_approval: false })
    const pending = (await tenant.get(`/order/certificate/${waiting.json().id}`)).json()
    const urls = [
      `/certificate/${pending.certificate.id}/download/format/pem_all`,
      `/certificate/${pending.certificate.id}/download/platform`,
      `/certificate/download/order/${pending.id}`,
    ]
    for (const url of urls) {
      const answer = await tenant.get(url)
      assert.deepEqual([answer.status, answer.codes()], [400, ['cert_unavailable_processing']], url)
    }
    await tenant.put(`/order/certificate/${pending.id}/status`, { status: 'canceled', note: 'over' })
    for (const url of urls) assert.deepEqual((await tenant.get(url)).codes(), ['not_found'], url)
  })

  test('a certificate that is unknown or belongs to others is not found, nor is the chain of one to come', async () => {
    const waiting = await place({ common_name: 'wait.shop.example' }, { skip_approval: false })
    const pending = (await tenant.get(`/order/certificate/${waiting.json().id}`)).json()
    const other = await tenant.service.tenant('bob@example.test')
    const unknown = [
      [tenant, `/certificate/${pending.certificate.id}/chain`, 'not_found'],
      [tenant, `/certificate/${2 ** 30}/download/platform`, 'not_found'],
      [tenant, `/certificate/download/order/${2 ** 30}`, 'not_found|order'],
      [other, `/certificate/${id}/download/format/pem_all`, 'not_found'],
      [other, `/certificate/download/order/${order}/format/pem_all`, 'not_found|order'],
    ] as const
    for (const [caller, url, code] of unknown) {
      const answer = await caller.get(url)
      assert.equal(answer.status, 404, url)
      assert.deepEqual(answer.codes(), [code], url)
    }
  })

  test('an unknown format is invalid_value:format', async () => {
    assert.deepEqual((await at('pfx')).codes(), ['invalid_value:format'])
    const byOrder = await tenant.get(`/certificate/download/order/${order}/format/pfx`)
    assert.deepEqual(byOrder.codes(), ['invalid_value:format'])
  })

  test('names that are no file names make none', async () => {
    const placed = await place({ common_name: 'münchen.shop.example' })
    const { certificate_id } = placed.json()
    const answer = await tenant.get(`/certificate/${certificate_id}/download/format/crt`)
    assert.equal(
      answer.headers['content-disposition'],
      `attachment; filename="xn--mnchen-3ya_shop_example_${certificate_id}.crt"`,
    )
  })
})
