import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { pemBlocks } from '../../../src/pki/pem.ts'
import { lastFirst } from '../../support/stores.ts'
import { Shop } from './issued-orders.ts'
import { orderBody } from './ordering.ts'

/** Every member of a JSON value, with the names that lead to it. */
function* membersOf(value: unknown, path = ''): Generator<readonly [path: string, value: unknown]> {
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`
    yield [at, member]
    yield* membersOf(member, at)
  }
}

/** RFC 3339 with seconds and an explicit offset. */
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/
const day = /^\d{4}-\d\d-\d\d$/

const knownStatuses = new Set([
  ...['needs_approval', 'pending', 'processing', 'reissue_pending', 'waiting_pickup', 'needs_csr'],
  ...['issued', 'approved', 'expired', 'rejected', 'canceled', 'revoked', 'denied'],
])

describe('answers that clients read in their own ways', () => {
  const scope = lastFirst({ after })
  let shop: Shop
  before(async () => {
    shop = await Shop.open(scope)
  })

  test('trap 1 errors are exactly application/json, creation is 201, and 204 has no octet', async () => {
    const unknown = await shop.tenant.get('/order/certificate/999999')
    assert.deepEqual([unknown.status, unknown.headers['content-type']], [404, 'application/json'])
    const wrongKey = await shop.service.call('wrong', 'GET', '/organization')
    assert.deepEqual([wrongKey.status, wrongKey.headers['content-type']], [403, 'application/json'])

    const body = await orderBody(shop.organizationId)
    const placed = await shop.tenant.post('/order/certificate/private_ssl_plus', body)
    assert.deepEqual([placed.status, placed.headers['content-type']], [201, 'application/json'])
    const revoked = await shop.tenant.put(`/certificate/${placed.json().certificate_id}/revoke`, {
      skip_approval: true,
    })
    assert.deepEqual([revoked.status, revoked.bytes.length], [204, 0])
    assert.equal(revoked.headers['content-type'], undefined)
  })

  for (const accept of ['application/json', 'text/plain', '*/*', 'image/png']) {
    test(`trap 2 a download gives the file whatever is accepted: ${accept}`, async () => {
      const { certificateId } = await shop.order()
      const answer = await shop.tenant.get(`/certificate/${certificateId}/download/format/pem_all`, {
        headers: { accept },
      })
      assert.deepEqual([answer.status, answer.headers['content-type']], [200, 'application/x-pem-file'])
      const parts = answer.text.split('-----END CERTIFICATE-----\r\n')
      assert.deepEqual([parts.length, parts.at(-1)], [4, ''])
      assert.equal(answer.text.replaceAll('\r\n', '').includes('\n'), false)
      assert.equal(answer.text.includes('\r\n\r\n'), false)
      assert.equal(pemBlocks(answer.text).length, 3)
    })
  }

  test('trap 8 an order that is issued at once tells the chain, and shows issued to who polls instead', async () => {
    const body = await orderBody(shop.organizationId, { common_name: 'www.shop.example.com' })
    const placed = (await shop.tenant.post('/order/certificate/ssl_basic', body)).json()
    const chain: readonly { pem: string; subject_common_name: string }[] = placed.certificate_chain
    assert.equal(chain.length, 3)
    const certificates = chain.map(({ pem }) => new X509Certificate(pem))
    for (const [index, certificate] of certificates.entries()) {
      const issuer = certificates[index + 1] ?? certificate
      assert.equal(certificate.verify(issuer.publicKey), true)
    }
    for (const { pem } of chain) {
      assert.equal(pem.endsWith('-----END CERTIFICATE-----\r\n'), true)
      assert.equal(pemBlocks(pem).length, 1)
    }
    assert.equal(await shop.status(placed.id), 'issued')
  })

  test('trap 9 an order that waits for approval names its request, pending and first', async () => {
    const body = await orderBody(shop.organizationId, {}, { skip_approval: false })
    const placed = (await shop.tenant.post('/order/certificate/private_ssl_plus', body)).json()
    assert.deepEqual(Object.keys(placed), ['id', 'requests'])
    assert.equal(placed.requests[0].status, 'pending')
    const approved = await shop.tenant.put(`/request/${placed.requests[0].id}/status`, { status: 'approved' })
    assert.equal(approved.status, 204)
    assert.equal(await shop.status(placed.id), 'issued')
  })

  for (const [url, list] of [
    ['/order/certificate', 'orders'],
    ['/user', 'users'],
    ['/organization', 'organizations'],
    ['/domain', 'domains'],
    ['/request', 'requests'],
  ] as const) {
    test(`trap 11 pages of ${list} reach the total, also one by one and behind a filter that fits nothing`, async () => {
      const whole = (await shop.tenant.get(url)).json()
      assert.equal(whole.page.total, whole[list].length)
      let offset = 0
      let total: number
      do {
        const part = (await shop.tenant.get(`${url}?offset=${offset}&limit=1`)).json()
        assert.equal(part[list].length, 1)
        assert.deepEqual([part.page.limit, part.page.offset], [1, offset])
        offset += part[list].length
        total = part.page.total
      } while (offset !== total)
      assert.equal(total, whole.page.total)
      const past = (await shop.tenant.get(`${url}?offset=${total}&limit=1`)).json()
      assert.deepEqual([past[list], past.page.total], [[], total])
    })
  }

  test('trap 11 the total of a filtered list is what the filter leaves', async () => {
    await shop.order({ certificate: { common_name: 'filtered.shop.example.com' } })
    const url = '/order/certificate?filters[common_name]=filtered.shop.example.com'
    const { orders, page } = (await shop.tenant.get(url)).json()
    assert.deepEqual([orders.length, page.total], [1, 1])
    const none = (await shop.tenant.get('/order/certificate?filters[common_name]=none.example')).json()
    assert.deepEqual([none.orders, none.page.total], [[], 0])
  })

  test('trap 12 trap 13 every order of a list has certificate.id, product.type and a status that gateways know', async () => {
    const { id } = await shop.waiting()
    const { orders } = (await shop.tenant.get('/order/certificate')).json()
    assert.equal(
      orders.some((order: { id: number }) => order.id === id),
      true,
    )
    for (const order of orders) {
      assert.equal(Number.isSafeInteger(order.certificate.id), true)
      assert.equal(order.product.type, 'ssl_certificate')
      assert.equal(knownStatuses.has(order.status), true, order.status)
    }
  })

  test('trap 14 serial numbers are hex without separators, and found in any letter case', async () => {
    const { id } = await shop.order()
    const { certificate } = await shop.info(id)
    const serial: string = certificate.serial_number
    assert.match(serial, /^[0-9A-F]+$/)
    assert.match(certificate.thumbprint, /^[0-9A-F]{40}$/)
    for (const spelling of [serial.toLowerCase(), serial.toUpperCase()]) {
      assert.equal((await shop.tenant.get(`/order/certificate/${spelling}`)).json().id, id)
    }
    const revoked = await shop.tenant.put(`/certificate/${serial.toLowerCase()}/revoke`, {
      skip_approval: true,
    })
    assert.equal(revoked.status, 204)
  })

  test('trap 15 trap 19 times have seconds and an offset, and validity is told in days', async () => {
    const { id, requestId } = await shop.order({ product: 'ssl_basic' })
    const answers = [
      `/order/certificate/${id}`,
      '/order/certificate',
      `/request/${requestId}`,
      '/organization?include_validation=true',
      '/domain?include_dcv=true&include_validation=true',
      '/user/me',
      '/key',
    ]
    const days = new Set(['valid_from', 'valid_till', 'order_valid_from', 'order_valid_till', 'ov', 'ev'])
    let seen = 0
    for (const url of answers) {
      for (const [path, value] of membersOf((await shop.tenant.get(url)).json())) {
        const name = path.split('.').at(-1) ?? path
        if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value)) continue
        assert.match(value, days.has(name) ? day : dateTime, `${url}: ${path} ${value}`)
        seen += 1
      }
    }
    assert.equal(seen > 20, true)
  })
})
