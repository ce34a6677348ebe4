import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { AccountPolicy } from '../../../src/core/identity/account-policy.ts'
import { containers } from '../../../src/core/identity/container.ts'
import { organizations } from '../../../src/core/organizations/organization.ts'
import { lastFirst } from '../../support/stores.ts'
import { type OrderOptions, Shop } from './issued-orders.ts'
import { csrPem, testDomain } from './ordering.ts'
import { fullPolicy } from './policies.ts'

/** A wish for a reissue and what is answered to it. */
interface Case {
  readonly name: string
  readonly order?: OrderOptions
  readonly certificate?: object
  readonly rest?: object
  readonly policy?: Partial<AccountPolicy>
  readonly codes: readonly string[]
}

const publicOrder: OrderOptions = { product: 'ssl_multi_domain' }
const long = 'a'.repeat(65)

const cases: readonly Case[] = [
  { name: 'no CSR', certificate: { csr: '' }, codes: ['required_param:certificate.csr'] },
  { name: 'a CSR that is none', certificate: { csr: 'AAAA' }, codes: ['csr_invalid_cannot_parse'] },
  {
    name: 'several members of a wrong form',
    certificate: { signature_hash: 'md5', server_platform: { id: 999 } },
    rest: { dcv_method: 'carrier-pigeon' },
    codes: [
      'invalid_value:certificate.signature_hash',
      'invalid_value:certificate.server_platform.id',
      'invalid_value:dcv_method',
    ],
  },
  {
    name: 'a common name that is no host name',
    certificate: { common_name: 'not a host' },
    codes: ['rfc5280_common_name_invalid'],
  },
  {
    name: 'a common name of more than 64 characters',
    certificate: { common_name: `${'a'.repeat(33)}.${'b'.repeat(33)}.example.com` },
    codes: ['rfc5280_common_name_too_long'],
  },
  {
    name: 'units that say nothing and too much',
    certificate: { organization_units: ['...', long] },
    codes: ['rfc5280_org_unit_invalid', 'rfc5280_org_unit_too_long'],
  },
  {
    name: 'an internal name of a public product',
    order: publicOrder,
    certificate: { dns_names: ['db.internal'] },
    codes: ['internal_names_not_allowed'],
  },
  {
    name: 'more names than the product takes',
    order: { product: 'private_ssl_plus' },
    certificate: { dns_names: ['one.example.com', 'two.example.com'] },
    codes: ['product_name_limit_exceeded'],
  },
  {
    name: 'a foreign name beside a wildcard',
    order: { product: 'private_ssl_wildcard', certificate: { common_name: '*.shop.example.com' } },
    certificate: { dns_names: ['www.example.org'] },
    codes: ['other_domain_on_wildcard'],
  },
  {
    name: 'a CA that there is not',
    certificate: { ca_cert_id: '0011223344556677' },
    codes: ['invalid_ca_cert_id'],
  },
  {
    name: 'a choice of CT where the account logs nothing',
    rest: { disable_ct: false },
    policy: { certificateTransparency: false },
    codes: ['ct_logging_disabled'],
  },
  {
    name: 'a choice of CT where there is none for each order',
    rest: { disable_ct: true },
    policy: { ctChoicePerOrder: false },
    codes: ['not_allowed_to_change_ct_setting_per_order'],
  },
  {
    name: 'a name on the protected list',
    certificate: { dns_names: ['vault.example.org'] },
    policy: { protectedNames: ['example.org'] },
    codes: ['protected_domain'],
  },
  {
    name: 'no private CA any more',
    policy: { privateCa: false },
    codes: ['no_private_ca_enabled'],
  },
  {
    name: 'a custom field that there is not',
    rest: { custom_fields: [{ metadata_id: 4711, value: 'x' }] },
    codes: ['invalid_value:custom_fields'],
  },
]

describe('codes of reissues', () => {
  const scope = lastFirst({ after })
  let shop: Shop
  before(async () => {
    shop = await Shop.open(scope)
  })

  const ask = async (id: number, certificate: object = {}, rest: object = {}) =>
    shop.tenant.post(`/order/certificate/${id}/reissue`, {
      certificate: { csr: await csrPem(), ...certificate },
      skip_approval: true,
      ...rest,
    })

  for (const { name, order, certificate, rest, policy = {}, codes } of cases) {
    test(`${name}: ${codes.join(', ')}`, async () => {
      const { id, certificateId } = await shop.order(order)
      await shop.tenant.setPolicy(policy)
      const answer = await ask(id, certificate, rest)
      await shop.tenant.setPolicy(fullPolicy)
      assert.deepEqual([answer.status, answer.codes()], [400, codes], answer.text)
      const info = await shop.info(id)
      assert.deepEqual([info.status, info.certificate.id], ['issued', certificateId])
    })
  }

  test('an order that waits, is canceled or over: invalid_value:status', async () => {
    const waiting = await shop.waiting()
    assert.deepEqual((await ask(waiting.id)).codes(), ['invalid_value:status'])
    await shop.tenant.put(`/order/certificate/${waiting.id}/status`, { status: 'canceled', note: 'x' })
    assert.deepEqual((await ask(waiting.id)).codes(), ['invalid_value:status'])
  })

  test('an unknown order is told before anything about the body', async () => {
    for (const body of [{}, { certificate: { csr: '' } }]) {
      const answer = await shop.tenant.post('/order/certificate/999999/reissue', body)
      assert.deepEqual([answer.status, answer.codes()], [404, ['not_found|order']])
    }
  })

  test('a deactivated domain: disabled_domain', async () => {
    await testDomain(shop.tenant, shop.organizationId, 'closed.example.net', { isActive: false })
    const { id } = await shop.order()
    const answer = await ask(id, { dns_names: ['www.closed.example.net'] })
    assert.deepEqual(answer.codes(), ['disabled_domain'])
  })

  test("a name outside the container's domains: domain_not_allowed", async () => {
    const { id } = await shop.order()
    const { engine } = shop.service
    const bounds = (allowedDomainNames: readonly string[]) =>
      engine.store.write((transaction) =>
        transaction.collection(containers).replace({ ...shop.tenant.rootContainer, allowedDomainNames }),
      )
    await bounds(['shop.example.com'])
    const answer = await ask(id, { dns_names: ['www.example.org'] })
    await bounds([])
    assert.deepEqual(answer.codes(), ['domain_not_allowed'])
  })

  test('a deactivated organization: inactive_organization', async () => {
    const { id } = await shop.order()
    const { engine } = shop.service
    const active = (isActive: boolean) =>
      engine.store.write(function* (transaction) {
        const held = yield* transaction
          .collection(organizations)
          .hold(shop.tenant.accountId, shop.organizationId)
        if (held !== undefined) yield* transaction.collection(organizations).replace({ ...held, isActive })
      })
    await active(false)
    const answer = await ask(id)
    await active(true)
    assert.deepEqual(answer.codes(), ['inactive_organization'])
  })

  test('a value that a custom field does not take: invalid_custom_field_value', async () => {
    const field = await shop.tenant.post('/account/metadata', {
      label: 'Cost',
      is_required: false,
      is_active: true,
      data_type: 'int',
    })
    const { id } = await shop.order()
    const answer = await ask(id, {}, { custom_fields: [{ metadata_id: field.json().id, value: 'much' }] })
    assert.deepEqual(answer.codes(), ['invalid_custom_field_value'])
  })

  test('a key that is not allowed to order: access_denied|missing_permission', async () => {
    const { id } = await shop.order()
    const reader = await shop.tenant.as('administrator', { restriction: 'view' })
    const answer = await reader.post(`/order/certificate/${id}/reissue`, {})
    assert.deepEqual([answer.status, answer.codes()], [403, ['access_denied|missing_permission']])
  })
})
