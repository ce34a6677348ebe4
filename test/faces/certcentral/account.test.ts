import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lastFirst } from '../../support/stores.ts'
import { testOrganization } from './ordering.ts'
import { TestService, type TestTenant } from './service.ts'

describe('the account at the CertCentral face', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  before(async () => {
    service = await TestService.start(scope)
    tenant = await service.tenant()
  })

  test('an account shows what clients read of it', async () => {
    const account = (await tenant.get('/account')).json()
    assert.equal(account.id, tenant.accountId)
    assert.equal(account.root_container_id, tenant.rootContainer.id)
    assert.equal(account.rep_name, '')
    assert.equal(account.cert_transparency, 'embed')
    assert.equal(account.admin_email, 'ada@example.test')
  })

  test('switches are shown as they were set, and the others stay', async () => {
    const changes = {
      approval_steps: 2,
      cert_transparency: 'off',
      ct_choice_per_order: false,
      private_ca_enabled: 0,
      domain_locking_enabled: 'False',
      payment_methods: ['balance', 'wire_transfer'],
      disabled_products: ['ssl_plus'],
      protected_domains: ['Bank.Example'],
      rep_name: 'Carla',
      default_country: 'AT',
    }
    assert.equal((await tenant.put('/account', changes)).status, 204)
    const account = (await tenant.get('/account')).json()
    assert.equal(account.approval_steps, 2)
    assert.equal(account.private_ca_enabled, false)
    assert.equal(account.caa_required, false)
    assert.deepEqual(account.protected_domains, ['bank.example'])
    assert.equal(account.rep_name, 'Carla')
    assert.equal(account.default_country, 'at')
    const wrong = await tenant.put('/account', {
      approval_steps: 3,
      payment_methods: ['cash'],
      protected_domains: ['a b'],
      caa_required: 'perhaps',
      disabled_products: ['ssl_plus', 'ssl_cheese'],
      default_country: 'Austria',
      rep_email: 'nobody',
    })
    assert.deepEqual([...wrong.codes()].sort(), [
      'email_not_valid_email_format',
      'invalid_chars:protected_domains.0',
      'invalid_value:approval_steps',
      'invalid_value:caa_required',
      'invalid_value:default_country',
      'invalid_value:disabled_products.1',
      'invalid_value:payment_methods.0',
    ])
  })

  test('the primary organization is one of the account', async () => {
    const other = await testOrganization(await service.tenant('other@example.test'))
    for (const id of [other, 99_999]) {
      const answer = await tenant.put('/account', { primary_organization_id: id })
      assert.deepEqual(answer.codes(), ['invalid_value:primary_organization_id'])
    }
    const own = await testOrganization(tenant)
    assert.equal((await tenant.put('/account', { primary_organization_id: own })).status, 204)
    assert.equal((await tenant.get('/account')).json().primary_organization_id, own)
  })

  test('P13 an account cannot be moved or renamed by what is sent', async () => {
    await tenant.put('/account', { id: 99, account_id: 99, root_container_id: 99, rep_phone: '1' })
    const account = (await tenant.get('/account')).json()
    assert.deepEqual([account.id, account.root_container_id], [tenant.accountId, tenant.rootContainer.id])
  })

  test('P14 only an administrator changes the account', async () => {
    for (const role of ['manager', 'finance', 'standard', 'limited'] as const) {
      const user = await tenant.as(role)
      assert.equal((await user.get('/account')).status, 200)
      assert.deepEqual((await user.put('/account', {})).codes(), ['access_denied|missing_permission'])
    }
  })

  test('custom fields are made, listed, changed and removed', async () => {
    assert.equal((await tenant.get('/account/metadata')).text, '{}')
    const made = await tenant.post('/account/metadata', {
      label: 'Cost centre',
      is_required: true,
      is_active: true,
      data_type: 'int',
      show_in_receipt: true,
    })
    assert.equal(made.status, 201)
    const { id } = made.json()
    const bulk = await tenant.post('/account/metadata/bulk', { metadata: [{ label: 'A' }, { label: 'B' }] })
    assert.equal(bulk.status, 201)
    const { metadata } = (await tenant.get('/account/metadata')).json()
    assert.deepEqual(metadata[0], {
      id,
      label: 'Cost centre',
      is_required: true,
      is_active: true,
      data_type: 'int',
      show_in_receipt: true,
    })
    assert.deepEqual(metadata[1], { id: metadata[1].id, label: 'A', is_required: false, is_active: true })
    const changed = await tenant.put(`/account/metadata/${id}`, { is_required: false, label: 'Centre' })
    assert.deepEqual(
      [changed.status, changed.json().label, changed.json().is_required],
      [200, 'Centre', false],
    )
    assert.equal((await tenant.delete(`/account/metadata/${id}`)).status, 204)
    assert.deepEqual((await tenant.delete(`/account/metadata/${id}`)).codes(), ['not_found'])
  })

  test('a label that is taken, no label and an unknown type are refused, and a bulk is all or nothing', async () => {
    await tenant.post('/account/metadata', { label: 'Taken' })
    const count = (await tenant.get('/account/metadata')).json().metadata.length
    const bulk = await tenant.post('/account/metadata/bulk', {
      metadata: [{ label: 'New' }, { label: 'TAKEN' }],
    })
    assert.deepEqual(bulk.codes(), ['invalid_value:label'])
    assert.equal((await tenant.get('/account/metadata')).json().metadata.length, count)
    assert.deepEqual((await tenant.post('/account/metadata', { data_type: 'x' })).codes(), [
      'required_param:label',
    ])
    assert.deepEqual((await tenant.post('/account/metadata', { label: 'y', data_type: 'x' })).codes(), [
      'invalid_value:data_type',
    ])
    assert.deepEqual((await tenant.post('/account/metadata/bulk', { metadata: [{}] })).codes(), [
      'required_param:metadata.0.label',
    ])
  })

  test('P6 custom fields of another account are unknown', async () => {
    const other = await service.tenant('bob@example.test')
    const [mine] = (await tenant.get('/account/metadata')).json().metadata
    assert.equal((await other.get('/account/metadata')).text, '{}')
    assert.equal((await other.put(`/account/metadata/${mine.id}`, { label: 'x' })).status, 404)
    assert.equal((await other.delete(`/account/metadata/${mine.id}`)).status, 404)
  })

  test('what a caller may is told in words', async () => {
    const { authorizations } = (await tenant.get('/authorization')).json()
    assert.ok(authorizations.includes('manage_users'))
    const limited = (await (await tenant.as('limited')).get('/authorization')).json().authorizations
    assert.ok(limited.includes('manage_orders'))
    assert.ok(!limited.includes('approve_requests'))
    assert.ok(!limited.includes('view_users'))
  })
})
