import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lastFirst } from '../../support/stores.ts'
import { Shop } from './issued-orders.ts'
import { csrPem, orderBody } from './ordering.ts'

const withoutArmour = (pem: string): string => pem.replaceAll(/-----[^-]+-----|\s/g, '')

/** Ways in which clients send the same request. */
const csrForms: readonly (readonly [form: string, change: (pem: string) => string])[] = [
  ['with CRLF', (pem) => pem.replaceAll(/\r?\n/g, '\r\n')],
  ['with every line break removed', (pem) => pem.replaceAll(/\r?\n/g, '')],
  ['as bare base64', withoutArmour],
  ['as base64 without padding', (pem) => withoutArmour(pem).replaceAll('=', '')],
  ['as base64url', (pem) => withoutArmour(pem).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')],
  ['as NEW CERTIFICATE REQUEST', (pem) => pem.replaceAll('CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST')],
  ['with written-out line breaks', (pem) => pem.replaceAll(/\r?\n/g, '\\n')],
]

describe('requests as clients write them', () => {
  const scope = lastFirst({ after })
  let shop: Shop
  before(async () => {
    shop = await Shop.open(scope)
  })

  /** Places an order that has to be issued within the call. */
  const issues = async (certificate: object, rest: object = {}, product = 'private_ssl_plus') => {
    const body = await orderBody(shop.organizationId, certificate, rest)
    const answer = await shop.tenant.post(`/order/certificate/${product}`, body)
    assert.equal(answer.status, 201, answer.text)
    const placed = answer.json()
    assert.equal(placed.certificate_chain.length, 3)
    return placed
  }

  for (const [form, change] of csrForms) {
    test(`trap 3 a CSR is read ${form}`, async () => {
      await issues({ csr: change(await csrPem()) })
    })
  }

  test('trap 3 a CSR that is cut short is refused by name', async () => {
    const csr = withoutArmour(await csrPem()).slice(0, 80)
    const body = await orderBody(shop.organizationId, { csr })
    const answer = await shop.tenant.post('/order/certificate/private_ssl_plus', body)
    assert.deepEqual([answer.status, answer.codes()], [400, ['csr_invalid_cannot_parse']])
  })

  test('trap 4 ids and years are taken as strings', async () => {
    const { id } = await issues(
      { server_platform: { id: '45' } },
      { organization: { id: String(shop.organizationId) }, order_validity: undefined, validity_years: '1' },
    )
    const info = await shop.info(id)
    assert.equal(info.organization.id, shop.organizationId)
    assert.equal(info.certificate.server_platform.id, 45)
    assert.equal(info.validity_years, 1)
  })

  test('trap 4 the server platform is taken as a bare number, an empty organizational unit as none', async () => {
    const { id } = await issues({ server_platform: 2, organization_units: [''] })
    const { certificate } = await shop.info(id)
    assert.equal(certificate.server_platform.id, 2)
    assert.equal(certificate.organization_units, undefined)
  })

  test('trap 4 postal code and telephone of an organization are taken as numbers', async () => {
    const person = { first_name: 'Ada', last_name: 'Moser', email: 'ada@shop.example', telephone: 5550100 }
    const answer = await shop.tenant.post('/organization', {
      ...{ name: 'Numbers Ltd', address: 'Main Street 1', city: 'Graz', state: 'Styria', country: 'AT' },
      ...{ zip: 8010, telephone: 5550100, organization_contact: person },
    })
    assert.equal(answer.status, 201, answer.text)
    const { zip, telephone } = (await shop.tenant.get(`/organization/${answer.json().id}`)).json()
    assert.deepEqual([zip, telephone], ['8010', '5550100'])
  })

  test('trap 6 members that a client echoes from an answer change nothing', async () => {
    const { id } = await issues(
      { id: 0, status: '', serial_number: '', thumbprint: '', server_platform: { id: 0, name: '' } },
      {
        ...{ id: 0, status: '', certificate_id: 0, price: 1, requests: [], user: null, product: null },
        ...{ container: { id: 0, name: '', is_active: false }, renewal_of_order_id: 0 },
        ...{ custom_expiration_date: '', validity_years: 0, validity_days: 0, alternative_order_id: '' },
      },
    )
    const info = await shop.info(id)
    assert.equal(info.status, 'issued')
    assert.equal(info.is_renewal, false)
    assert.equal(info.container.id, shop.tenant.rootContainer.id)
    assert.equal(info.certificate.server_platform.id, -1)
    assert.deepEqual(info.order_validity, { years: 1 })
  })

  test('trap 6 the product sent again where the CA is named means the CA of the product', async () => {
    const product = 'private_ssl_plus'
    const { id } = await issues({ ca_cert_id: product }, {}, product)
    const reissued = await shop.tenant.post(`/order/certificate/${id}/reissue`, {
      certificate: { csr: await csrPem(), ca_cert_id: product },
      skip_approval: true,
    })
    assert.equal(reissued.status, 201, reissued.text)
    const body = await orderBody(shop.organizationId, { ca_cert_id: 'no_such_product' })
    const refused = await shop.tenant.post(`/order/certificate/${product}`, body)
    assert.deepEqual(refused.codes(), ['invalid_ca_cert_id'])
  })

  test('trap 7 paths end with a slash or without, in every method', async () => {
    for (const path of ['/key/', '/organization/', '/user/me/', '/order/certificate/?limit=5&offset=0']) {
      assert.equal((await shop.tenant.get(path)).status, 200, path)
    }
    const body = await orderBody(shop.organizationId)
    const placed = await shop.tenant.post('/order/certificate/private_ssl_plus/', body)
    assert.equal(placed.status, 201, placed.text)
    const revoke = `/certificate/${placed.json().certificate_id}/revoke/`
    assert.equal((await shop.tenant.put(revoke, { skip_approval: true })).status, 204)
  })

  for (const [form, body] of [
    ['nothing', undefined],
    ['an empty text', ''],
    ['null', 'null'],
    ['an empty object', {}],
  ] as const) {
    test(`trap 7 what needs no body is done with ${form} for a body`, async () => {
      const { tenant, organizationId } = shop
      for (const act of ['deactivate', 'activate']) {
        const answer = await tenant.put(`/organization/${organizationId}/${act}`, body)
        assert.equal(answer.status, 204, `${act} ${answer.text}`)
      }
      const order = await shop.order({
        ...{ product: 'ssl_basic', certificate: { common_name: 'www.waiting.example.com' } },
        rest: { dcv_method: 'dns-txt-token' },
      })
      const value = await tenant.put(`/order/certificate/${order.id}/dcv-random-value`, body)
      assert.equal(value.status, 200, value.text)
      const checked = await tenant.put(`/order/certificate/${order.id}/check-dcv`, body)
      assert.deepEqual(checked.codes(), ['invalid_dns_txt'])
    })
  }

  test('trap 7 a body with GET is not looked at', async () => {
    const answer = await shop.tenant.get('/order/certificate', {
      body: 'limit=5&offset=0',
      headers: { 'content-type': 'application/x-pem-file' },
    })
    assert.equal(answer.status, 200)
    assert.equal(answer.json().page.limit, 1000)
  })

  for (const path of ['/container123', '/domain/1/include_dcv=true', '/order/certificates', '/users']) {
    test(`trap 17 the mistyped path ${path} is no route`, async () => {
      const answer = await shop.tenant.get(path)
      assert.deepEqual([answer.status, answer.codes()], [404, ['not_found|route']])
    })
  }

  test('trap 20 an order that says no validity is refused for it, and nothing is made', async () => {
    const before = (await shop.tenant.get('/order/certificate?limit=1')).json().page.total
    const body = await orderBody(shop.organizationId, {}, { order_validity: undefined })
    const answer = await shop.tenant.post('/order/certificate/private_ssl_plus', body)
    assert.deepEqual([answer.status, answer.codes()], [400, ['required_param:order_validity']])
    assert.equal((await shop.tenant.get('/order/certificate?limit=1')).json().page.total, before)
  })
})
