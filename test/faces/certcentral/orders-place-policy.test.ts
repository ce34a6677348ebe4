import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { AccountPolicy } from '../../../src/core/identity/account-policy.ts'
import { organizations } from '../../../src/core/organizations/organization.ts'
import { lastFirst } from '../../support/stores.ts'
import { orderBody, silentNetwork, testDomain, testOperator, testOrganization } from './ordering.ts'
import { TestService } from './service.ts'

const one = 'private_ssl_plus'

describe('orders that the account’s own rules refuse', () => {
  const scope = lastFirst({ after })
  let service: TestService
  before(async () => {
    service = await TestService.start(scope, { outside: silentNetwork })
  })

  for (const [title, policy, product, certificate, rest, expected] of [
    ['a product that is off', { disabledProducts: [one] }, one, {}, {}, 'product_not_allowed'],
    ['a private product without CAs', { privateCa: false }, one, {}, {}, 'no_private_ca_enabled'],
    ['a private product without a default', { privateCaDefault: false }, one, {}, {}, 'missing_ca_cert_id'],
    [
      'a CT choice with CT off',
      { certificateTransparency: false },
      one,
      {},
      { disable_ct: false },
      'ct_logging_disabled',
    ],
    [
      'a CT choice that is the account’s',
      { ctChoicePerOrder: false },
      one,
      {},
      { disable_ct: true },
      'not_allowed_to_change_ct_setting_per_order',
    ],
    [
      'days where years alone are sold',
      { customExpirationDates: false },
      one,
      {},
      { order_validity: { days: 3 } },
      'custom_expiration_not_allowed',
    ],
    ['a protected name', { protectedNames: ['shop.example.com'] }, one, {}, {}, 'protected_domain'],
    [
      'a price beyond the funds',
      { creditLimit: 0, prices: [{ product: one, centsPerYear: 100 }] },
      one,
      {},
      {},
      'insufficient_funds',
    ],
  ] as const satisfies readonly (readonly [
    string,
    Partial<AccountPolicy>,
    string,
    object,
    object,
    string,
  ])[]) {
    test(`${title} gives ${expected}`, async () => {
      const other = await service.tenant(`${expected}@example.test`)
      await other.setPolicy(policy)
      const body = await orderBody(await testOrganization(other), certificate, rest)
      assert.deepEqual((await other.post(`/order/certificate/${product}`, body)).codes(), [expected])
    })
  }

  test('orders placed at the same time do not spend the same money', async () => {
    const other = await service.tenant('spender@example.test')
    await other.setPolicy({ creditLimit: 300, prices: [{ product: one, centsPerYear: 100 }] })
    const organization = await testOrganization(other)
    const body = await orderBody(organization)
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => other.post(`/order/certificate/${one}`, body)),
    )
    const issued = answers.filter(({ status }) => status === 201)
    assert.equal(issued.length, 3)
    for (const answer of issued) assert.equal(answer.json().certificate_chain.length, 3)
    for (const answer of answers.filter((each) => !issued.includes(each))) {
      assert.deepEqual(answer.codes(), ['insufficient_funds'])
    }
    assert.equal((await other.get('/order/certificate')).json().page.total, 3)
    assert.equal((await other.get('/finance/balance')).json().total_available_funds, '0.00')
  })

  test('a required custom field without a value gives missing_required_custom_field, after the CSR', async () => {
    const other = await service.tenant('fields@example.test')
    const organization = await testOrganization(other)
    await other.post('/account/metadata', {
      label: 'Cost',
      is_required: true,
      is_active: true,
      data_type: 'int',
    })
    const { id } = (await other.get('/account/metadata')).json().metadata[0]
    const order = async (certificate: object, rest: object) =>
      (
        await other.post(`/order/certificate/${one}`, await orderBody(organization, certificate, rest))
      ).codes()
    assert.deepEqual(await order({}, {}), ['missing_required_custom_field'])
    assert.deepEqual(await order({ csr: 'MIIB' }, {}), ['csr_invalid_cannot_parse'])
    assert.deepEqual(await order({}, { custom_fields: [{ metadata_id: id, value: 'much' }] }), [
      'invalid_custom_field_value',
    ])
    assert.deepEqual(await order({}, { custom_fields: [{ metadata_id: id, value: 7 }] }), [])
  })

  test('a deactivated organization gives inactive_organization', async () => {
    const other = await service.tenant('inactive@example.test')
    const id = await testOrganization(other)
    await service.engine.store.write(function* (transaction) {
      const held = yield* transaction.collection(organizations).hold(other.accountId, id)
      if (held) yield* transaction.collection(organizations).replace({ ...held, isActive: false })
    })
    const answer = await other.post(`/order/certificate/${one}`, await orderBody(id))
    assert.deepEqual(answer.codes(), ['inactive_organization'])
  })
})

describe('orders of names whose CAA records nobody can read', () => {
  const scope = lastFirst({ after })
  test('D14 are refused by the name and leave nothing', async () => {
    const service = await TestService.start(scope)
    await testOperator(service)
    const tenant = await service.tenant()
    const organizationId = await testOrganization(tenant, ['ov'])
    await testDomain(tenant, organizationId, 'shop.example.com')
    const answer = await tenant.post('/order/certificate/ssl_plus', await orderBody(organizationId))
    assert.equal(answer.status, 400)
    assert.deepEqual(answer.codes(), ['caa_check_failed|www.shop.example.com'])
    assert.equal((await tenant.get('/order/certificate')).json().page.total, 0)
  })
})
