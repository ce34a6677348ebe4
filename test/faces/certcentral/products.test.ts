import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { products } from '../../../src/core/products/catalogue.ts'
import { lastFirst } from '../../support/stores.ts'
import { testOperator } from './ordering.ts'
import { TestService, type TestTenant } from './service.ts'

interface ListedProduct {
  readonly name_id: string
  readonly [name: string]: unknown
}

interface TestProduct {
  readonly allowed_ca_certs: readonly { readonly id: string }[]
}

describe('products of the CertCentral face', () => {
  const scope = lastFirst({ after })
  let tenant: TestTenant
  let root: number
  before(async () => {
    const service = await TestService.start(scope)
    tenant = await service.tenant()
    root = tenant.rootContainer.id
  })

  const child = async (): Promise<number> =>
    (await tenant.post(`/container/${root}/children`, { name: 'Division', template_id: 1 })).json().id

  const listed = async (query = ''): Promise<ReadonlyMap<string, ListedProduct>> => {
    const { products: found } = (await tenant.get(`/product${query}`)).json()
    return new Map(found.map((product: ListedProduct) => [product.name_id, product]))
  }

  test('the list has every product of the catalogue, with what an order of it may choose', async () => {
    const found = await listed()
    assert.deepEqual(
      [...found.keys()],
      products.map(({ nameId }) => nameId),
    )
    assert.deepEqual(found.get('ssl_basic'), {
      group_name: 'ssl_certificate',
      name_id: 'ssl_basic',
      name: 'Basic OV',
      type: 'ssl_certificate',
      validation_type: 'OV',
      allowed_container_ids: [],
      allowed_validity_years: [1],
      allowed_order_validity_years: [1, 2, 3],
      signature_hash_types: {
        allowed_hash_types: [
          { id: 'sha256', name: 'SHA-256' },
          { id: 'sha384', name: 'SHA-384' },
          { id: 'sha512', name: 'SHA-512' },
        ],
        default_hash_type_id: 'sha256',
      },
      allowed_ca_certs: [],
      csr_required: true,
      custom_order_expiration_date_allowed: true,
    })
    assert.equal(found.get('client_premium_sha2')?.replacement_product_name_id, 'client_premium')
    assert.equal(found.get('code_signing_ev')?.validation_type, 'EV CS')
    assert.equal('validation_type' in (found.get('client_premium') ?? {}), false)
  })

  test('a private product names the CA of the account, by the id that its certificates are found under', async () => {
    const { allowed_ca_certs: allowed } = (await tenant.get('/product/private_ssl_plus')).json()
    assert.equal(allowed.length, 1)
    assert.match(allowed[0].id, /^[0-9A-F]{16}$/)
    const { intermediates } = (await tenant.get('/certificate/intermediates')).json()
    const own = intermediates.find(({ id }: { readonly id: string }) => id === allowed[0].id)
    assert.equal(allowed[0].name, own.subject_common_name)
    assert.equal(allowed[0].chain_info, `${own.subject_common_name} < ${own.issuer_common_name}`)
    assert.equal(own.is_private, '1')
    assert.match(own.valid_from, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
    assert.match(own.thumbprint, /^[0-9A-F]{40}$/)
    assert.equal(own.signature_hash, 'SHA256')
    const single = await tenant.get(`/certificate/intermediates/${own.id.toLowerCase()}`)
    assert.equal(single.headers['content-type'], 'application/x-pem-file')
    assert.equal(single.text, own.pem)
    assert.equal((await tenant.get(`/ca-cert/${own.id}/pem`)).text, own.pem)
    assert.deepEqual((await tenant.get('/ca-cert/0000000000000000/pem')).codes(), ['not_found'])
  })

  test('public products name the CA of the installation as soon as somebody may choose it', async () => {
    const other = await TestService.start(scope)
    await testOperator(other)
    const buyer = await other.tenant('buyer@example.test')
    const { allowed_ca_certs: first } = (await buyer.get('/product/ssl_basic')).json()
    assert.equal(first.length, 1)
    assert.match(first[0].chain_info, / TLS CA < .* TLS Root CA$/)
    const { products: all } = (await buyer.get('/product')).json()
    for (const product of all) assert.equal(product.allowed_ca_certs.length, 1, product.name_id)
    const ids = new Set(all.map((each: TestProduct) => each.allowed_ca_certs[0]?.id))
    // Servers, mail, code, documents, and the account's own.
    assert.equal(ids.size, 5)
    const { intermediates } = (await buyer.get('/certificate/intermediates')).json()
    assert.equal(intermediates.length, 5)
    assert.equal(intermediates.filter((each: { is_private: string }) => each.is_private === '0').length, 4)
  })

  test('intermediates are told before the first order, those of public products too', async () => {
    const other = await TestService.start(scope)
    await testOperator(other)
    const buyer = await other.tenant('early@example.test')
    const { intermediates } = (await buyer.get('/certificate/intermediates')).json()
    assert.equal(intermediates.length, 5)
    const { allowed_ca_certs: allowed } = (await buyer.get('/product/ssl_basic')).json()
    assert.ok(intermediates.some(({ id }: { readonly id: string }) => id === allowed[0].id))
  })

  test('one product tells more than the list does', async () => {
    const product = (await tenant.get('/product/ssl_multi_domain')).json()
    assert.equal(product.duplicates_allowed, true)
    assert.equal(product.max_multi_year_order_validity_years, 3)
    assert.equal(product.additional_dns_names_allowed, true)
    assert.equal(product.custom_expiration_date_allowed, true)
    assert.equal(product.allow_auto_renew, true)
    assert.equal(product.allowed_auto_renew, true)
    const nginx = product.server_platforms.find(({ id }: { readonly id: number }) => id === 45)
    assert.equal(nginx.name, 'nginx')
    assert.match(nginx.install_url, /^https:/)
    assert.match(nginx.csr_url, /^https:/)
  })

  test('a product that is not there is not_found|product, one that is switched off is in no list', async () => {
    const unknown = await tenant.get('/product/ssl_nothing')
    assert.equal(unknown.status, 404)
    assert.deepEqual(unknown.codes(), ['not_found|product'])
    await tenant.setPolicy({ disabledProducts: ['ssl_ev_plus'] })
    assert.equal((await listed()).has('ssl_ev_plus'), false)
    assert.deepEqual((await tenant.get('/product/ssl_ev_plus')).codes(), ['product_not_allowed'])
    await tenant.setPolicy({ disabledProducts: [] })
  })

  test('limits of a division leave the products they list, with the years they list, there and below', async () => {
    const division = await child()
    const limits = {
      container_id: division,
      product_limits: [
        {
          product_name_id: 'ssl_basic',
          allowed_order_lifetimes: ['1', 2],
          custom_expiration_date_allowed: 0,
        },
        { product_name_id: 'private_ssl_plus', allowed_lifetimes: [1] },
      ],
    }
    assert.equal((await tenant.put('/product/limits', { limits: [limits] })).status, 204)
    const below = (
      await tenant.post(`/container/${division}/children`, { name: 'Below', template_id: 1 })
    ).json()
    for (const id of [division, below.id]) {
      const found = await listed(`?container_id=${id}`)
      assert.deepEqual([...found.keys()], ['ssl_basic', 'private_ssl_plus'])
      assert.deepEqual(found.get('ssl_basic')?.allowed_order_validity_years, [1, 2])
      assert.equal(found.get('ssl_basic')?.custom_order_expiration_date_allowed, false)
      assert.deepEqual(found.get('private_ssl_plus')?.allowed_validity_years, [1])
    }
    assert.deepEqual((await tenant.get(`/product/ssl_plus?container_id=${division}`)).codes(), [
      'product_not_allowed',
    ])
    assert.equal((await listed()).size, products.length)
    assert.deepEqual((await tenant.get(`/product/limits?container_id=${division}`)).json(), {
      limits: [
        {
          container_id: division,
          product_limits: [
            {
              product_name_id: 'ssl_basic',
              allowed_order_lifetimes: [1, 2],
              custom_expiration_date_allowed: false,
            },
            {
              product_name_id: 'private_ssl_plus',
              allowed_lifetimes: [1],
              custom_expiration_date_allowed: true,
            },
          ],
        },
      ],
    })
    await tenant.put('/product/limits', { container_id: division, product_limits: [] })
    assert.equal((await listed(`?container_id=${division}`)).size, products.length)
  })

  test('limits of a role count before those of everybody', async () => {
    const division = await child()
    const everybody = { container_id: division, product_limits: [{ product_name_id: 'ssl_basic' }] }
    const standard = {
      container_id: division,
      access_roles: [{ id: 5 }],
      product_limits: [{ product_name_id: 'ssl_plus' }],
    }
    await tenant.put('/product/limits', { limits: [everybody, standard] })
    const user = await tenant.as('standard', { containerId: division })
    const seen = (await user.get('/product')).json().products
    assert.deepEqual(
      seen.map(({ name_id }: ListedProduct) => name_id),
      ['ssl_plus'],
    )
    assert.deepEqual([...(await listed(`?container_id=${division}`)).keys()], ['ssl_basic'])
  })

  test('limits of what is not there are refused, and nothing is changed', async () => {
    const before = (await tenant.get('/product/limits')).text
    const refused = async (body: unknown) => (await tenant.put('/product/limits', body)).codes()
    assert.deepEqual(await refused({ container_id: 2 ** 30, product_limits: [] }), ['not_found'])
    assert.deepEqual(await refused({ container_id: root, product_limits: [{ product_name_id: 'x' }] }), [
      'invalid_value:product_limits.0.product_name_id',
    ])
    assert.deepEqual(await refused({ product_limits: [{}] }), [
      'required_param:container_id',
      'required_param:product_limits.0.product_name_id',
    ])
    const limits = [{ container_id: 'root', product_limits: [] }]
    assert.deepEqual(await refused({ limits }), ['invalid_value:limits.0.container_id'])
    assert.equal((await tenant.get('/product/limits')).text, before)
    const standard = await tenant.as('standard')
    assert.deepEqual((await standard.put('/product/limits', { container_id: root })).codes(), [
      'access_denied|missing_permission',
    ])
  })

  test('prices are numbers by years, and platforms name their format', async () => {
    await tenant.setPolicy({ prices: [{ product: 'ssl_basic', centsPerYear: 19_950 }] })
    const { products: priced } = (await tenant.get('/product/pricing')).json()
    const basic = priced.find(({ name_id }: ListedProduct) => name_id === 'ssl_basic')
    assert.deepEqual(basic, {
      name_id: 'ssl_basic',
      name: 'Basic OV',
      currency: 'USD',
      prices: [
        { validity_years: 1, price: 199.5 },
        { validity_years: 2, price: 399 },
        { validity_years: 3, price: 598.5 },
      ],
    })
    const { platforms } = (await tenant.get('/product/platform-certformat-mapping')).json()
    assert.deepEqual(
      platforms.find(({ id }: { readonly id: number }) => id === 2),
      { id: 2, name: 'Apache', format: 'apache', content_type: 'application/zip' },
    )
  })
})
