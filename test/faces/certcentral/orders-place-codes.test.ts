import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lastFirst } from '../../support/stores.ts'
import { orderBody, silentNetwork, testDomain, testOperator, testOrganization } from './ordering.ts'
import { TestService, type TestTenant } from './service.ts'

describe('orders that are refused', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  let organizationId: number
  before(async () => {
    service = await TestService.start(scope, { outside: silentNetwork })
    await testOperator(service)
    tenant = await service.tenant()
    organizationId = await testOrganization(tenant, ['ov', 'smime'])
    await testDomain(tenant, organizationId, 'closed.example.com', { isActive: false })
  })

  const codes = async (product: string, certificate: object = {}, rest: object = {}) => {
    const before = (await tenant.get('/order/certificate?limit=1')).json().page.total
    const body = await orderBody(organizationId, certificate, rest)
    const answer = await tenant.post(`/order/certificate/${product}`, body)
    assert.equal(
      (await tenant.get('/order/certificate?limit=1')).json().page.total,
      before,
      'nothing is stored',
    )
    return answer.codes()
  }
  const one = 'private_ssl_plus'
  const long = `${'a'.repeat(60)}.example.com`

  for (const [title, product, certificate, rest, expected] of [
    ['a product that is none', 'nothing', {}, {}, ['not_found|product']],
    [
      'everything absent',
      'ssl_plus',
      { common_name: null, csr: '' },
      { organization: {}, order_validity: {} },
      [
        'required_param:certificate.common_name',
        'required_param:certificate.csr',
        'required_param:organization.id',
        'required_param:order_validity',
      ],
    ],
    [
      'several values of a wrong form',
      one,
      { signature_hash: 'md5', server_platform: { id: 9999 } },
      {
        order_validity: undefined,
        locale: 'tlh',
        validity_years: 'soon',
        dcv_method: 'fax',
        additional_emails: ['x'],
      },
      [
        'invalid_value:certificate.signature_hash',
        'invalid_value:certificate.server_platform.id',
        'invalid_value:validity_years',
        'email_not_valid_email_format',
        'invalid_value:locale',
        'invalid_value:dcv_method',
      ],
    ],
    [
      'a hash for private products only',
      'ssl_plus',
      { signature_hash: 'sha1' },
      {},
      ['invalid_value:certificate.signature_hash'],
    ],
    ['an unknown organization', one, {}, { organization: { id: 9999 } }, ['invalid_value:organization.id']],
    ['an unknown container', one, {}, { container: { id: 9999 } }, ['invalid_value:container.id']],
    [
      'an unknown renewed order',
      one,
      {},
      { renewal_of_order_id: 9999 },
      ['invalid_value:renewal_of_order_id'],
    ],
    [
      'several unknown references',
      one,
      {},
      { organization: { id: 9999 }, container: { id: 9999 } },
      ['invalid_value:container.id', 'invalid_value:organization.id'],
    ],
    [
      'years the product does not have',
      one,
      {},
      { order_validity: { years: 4 } },
      ['invalid_value:order_validity'],
    ],
    ...(
      [
        ['validity_years', 4],
        ['validity_days', 9999],
        ['custom_expiration_date', '2020-01-01'],
      ] as const
    ).map(
      ([name, value]) =>
        [
          `too long or past as ${name}`,
          one,
          {},
          { order_validity: undefined, [name]: value },
          [`invalid_value:${name}`],
        ] as const,
    ),
    [
      'years the product does not have, said of the certificate alone',
      one,
      { cert_validity: { years: 4 } },
      { order_validity: undefined },
      ['invalid_value:certificate.cert_validity'],
    ],
    [
      'a certificate that outlasts its order',
      one,
      { cert_validity: { years: 2 } },
      {},
      ['cert_validity_exceeds_order_validity'],
    ],
    [
      'an option the product does not have',
      one,
      { profile_option: 'other' },
      {},
      ['invalid_value:certificate.profile_option'],
    ],
    ['a CA that is not the product’s', one, { ca_cert_id: '00' }, {}, ['invalid_ca_cert_id']],
    [
      'several rules of the product at once',
      one,
      { ca_cert_id: '00', profile_option: 'other' },
      { order_validity: { years: 4 } },
      ['invalid_value:order_validity', 'invalid_value:certificate.profile_option', 'invalid_ca_cert_id'],
    ],
    ['a common name that is no name', one, { common_name: 'no name' }, {}, ['rfc5280_common_name_invalid']],
    ['a common name of 72 characters', one, { common_name: long }, {}, ['rfc5280_common_name_too_long']],
    [
      'an organization unit without a letter',
      one,
      { organization_units: ['--'] },
      {},
      ['rfc5280_org_unit_invalid'],
    ],
    [
      'an organization unit with a control character',
      one,
      { organization_units: ['a\u0007b', 'a\u0085b'] },
      {},
      ['rfc5280_org_unit_invalid'],
    ],
    [
      'an organization unit with an angle bracket',
      one,
      { organization_units: ['a<b'] },
      {},
      ['invalid_chars:certificate.organization_units.0'],
    ],
    [
      'an organization unit of 65 characters',
      one,
      { organization_units: ['u'.repeat(65)] },
      {},
      ['rfc5280_org_unit_too_long'],
    ],
    [
      'several names at once',
      'private_ssl_multi_domain',
      { common_name: 'no name', dns_names: ['-a.example.com'], organization_units: ['-'] },
      {},
      ['rfc5280_org_unit_invalid', 'rfc5280_common_name_invalid', 'invalid_value:certificate.dns_names.0'],
    ],
    [
      'names with characters that no host name has',
      'private_ssl_multi_domain',
      { dns_names: ['a_b.example.com', 'c d.example.com', '-e.example.com'] },
      {},
      [
        'invalid_chars:certificate.dns_names.0',
        'invalid_chars:certificate.dns_names.1',
        'invalid_value:certificate.dns_names.2',
      ],
    ],
    [
      'two names where one is sold',
      one,
      { dns_names: ['b.example.com'] },
      {},
      ['product_name_limit_exceeded'],
    ],
    [
      '251 names',
      'private_ssl_flex',
      { dns_names: Array.from({ length: 250 }, (_, n) => `h${n}.example.com`) },
      {},
      ['product_name_limit_exceeded'],
    ],
    [
      'a foreign name beside a wildcard',
      'private_ssl_wildcard',
      { common_name: '*.a.example.com', dns_names: ['b.example.com'] },
      {},
      ['other_domain_on_wildcard'],
    ],
    [
      'an internal name for the public',
      'ssl_plus',
      { common_name: 'host.internal' },
      {},
      ['internal_names_not_allowed'],
    ],
    [
      'a private address for the public',
      'ssl_plus',
      { common_name: '10.0.0.1' },
      {},
      ['internal_names_not_allowed'],
    ],
    ['a deactivated domain', one, { common_name: 'x.closed.example.com' }, {}, ['disabled_domain']],
    [
      'a file that would prove a wildcard',
      'ssl_wildcard',
      { common_name: '*.shop.example.com' },
      { dcv_method: 'http-token' },
      ['invalid_value:dcv_method'],
    ],
    [
      'an address of nobody’s domain',
      'client_premium',
      { common_name: 'Ada', emails: ['a@b.example.com'] },
      {},
      ['email_domain_not_validated'],
    ],
    [
      'an address that is none',
      'client_premium',
      { common_name: 'Ada', emails: ['a@'] },
      {},
      ['email_not_valid_email_format'],
    ],
    ['a CSR that is none', one, { csr: 'MIIB' }, {}, ['csr_invalid_cannot_parse']],
    [
      'a value for an unknown custom field',
      one,
      {},
      { custom_fields: [{ metadata_id: 77, value: 'x' }] },
      ['invalid_value:custom_fields'],
    ],
    ['a payment that is not enabled', one, {}, { payment_method: 'card' }, ['invalid_payment_method']],
  ] as const) {
    test(`${title} gives ${expected.join(', ')}`, async () => {
      assert.deepEqual(await codes(product, certificate, rest), expected)
    })
  }

  test('a hint that no product fits gives ambiguous_product', async () => {
    const certificate = { common_name: '*.shop.example.com' }
    assert.deepEqual(await codes('ssl', certificate, { product: { type_hint: 'ev' } }), ['ambiguous_product'])
  })

  test('a name outside of the container gives domain_not_allowed', async () => {
    const root = tenant.rootContainer.id
    const container = await tenant.post(`/container/${root}/children`, {
      name: 'Bounded',
      template_id: 2,
      allowed_domain_names: ['other.example'],
    })
    assert.deepEqual(await codes(one, {}, { container: { id: container.json().id } }), ['domain_not_allowed'])
  })

  test('P12 what belongs to another account is unknown', async () => {
    const other = await service.tenant('foreign@example.test')
    const foreign = await testOrganization(other)
    assert.deepEqual(await codes(one, {}, { organization: { id: foreign } }), [
      'invalid_value:organization.id',
    ])
    const placed = await other.post(`/order/certificate/${one}`, await orderBody(foreign))
    assert.equal(placed.status, 201)
    assert.deepEqual(await codes(one, {}, { renewal_of_order_id: placed.json().id }), [
      'invalid_value:renewal_of_order_id',
    ])
  })

  test('P14 a key that only views may not order', async () => {
    const viewer = await tenant.as('administrator', { restriction: 'view' })
    const answer = await viewer.post(`/order/certificate/${one}`, await orderBody(organizationId))
    assert.equal(answer.status, 403)
    assert.deepEqual(answer.codes(), ['access_denied|missing_permission'])
  })
})
