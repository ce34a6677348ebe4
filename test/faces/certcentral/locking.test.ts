import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { footprint } from '../../support/engine.ts'
import { startInternet, type TestInternet } from '../../support/internet.ts'
import { orderBody, testDomain, testOperator, testOrganization } from './ordering.ts'
import { TestService, type TestTenant } from './service.ts'

const dayMs = 86_400_000

async function place(t: TestContext) {
  const internet = await startInternet(t)
  const service = await TestService.start(t, { outside: internet.outside })
  await testOperator(service)
  const tenant = await service.tenant()
  const organizationId = await testOrganization(tenant, ['ov'])
  const id = await testDomain(tenant, organizationId, 'shop.example.com')
  return { internet, service, tenant, id }
}

/** A DV order for a name below the domain. */
const order = async (tenant: TestTenant, certificate: object = {}) =>
  tenant.post(
    '/order/certificate/ssl_dv_geotrust_flex',
    await orderBody(undefined, certificate, { dcv_method: 'dns-txt-token' }),
  )

const lockOf = async (tenant: TestTenant, id: number) => {
  const { domain_locking_status: status, account_token: token } = (await tenant.get(`/domain/${id}`)).json()
  return { status, token }
}

test('a lock is pending until a CAA record with the account token is seen, and again when control expires', async (t) => {
  const { internet, service, tenant, id } = await place(t)
  assert.equal((await lockOf(tenant, id)).status, 'disabled')
  assert.equal((await tenant.put(`/domain/${id}/activate-domain-locking`)).status, 204)
  const { status, token } = await lockOf(tenant, id)
  assert.equal(status, 'pending')
  assert.match(token, /^[0-9a-f]{32}$/)
  const check = async (given: unknown = token) =>
    (await tenant.put(`/domain/${id}/caa`, { account_token: given })).json()
  assert.deepEqual(await check(), { status: '0' })
  internet.publishCaa('shop.example.com', 'ca.example.test; account=another')
  assert.deepEqual(await check(), { status: '0' })
  internet.records.length = 0
  internet.publishCaa('example.com', `ca.example.test; account=${token}`)
  assert.deepEqual(await check('another'), { status: '0' })
  assert.equal((await lockOf(tenant, id)).status, 'pending')
  assert.deepEqual(await check(), { status: '1' })
  assert.equal((await lockOf(tenant, id)).status, 'enabled')
  service.advance(400 * dayMs)
  assert.equal((await lockOf(tenant, id)).status, 'pending')
})

test('a locked domain is ordered by its own account while its record holds the token, and by no other', async (t) => {
  const { internet, service, tenant, id } = await place(t)
  await tenant.put(`/domain/${id}/activate-domain-locking`)
  const { token } = await lockOf(tenant, id)
  internet.publishCaa('shop.example.com', `ca.example.test; account=${token}`)
  await tenant.put(`/domain/${id}/caa`, { account_token: token })
  const issued = await order(tenant)
  assert.equal(issued.status, 201, issued.text)
  assert.equal(issued.json().certificate_chain.length > 1, true)
  const other = await service.tenant('eve@example.test')
  const refused = await order(other)
  assert.deepEqual([refused.status, refused.codes()], [400, ['protected_domain']])
  const submitted = await other.post('/domain', {
    ...{ name: 'shop.example.com', validations: [{ type: 'ov' }] },
    organization: { id: await testOrganization(other) },
  })
  assert.deepEqual(submitted.codes(), ['protected_domain'])
  internet.records.length = 0
  internet.publishCaa('shop.example.com', 'ca.example.test')
  assert.deepEqual((await order(tenant)).codes(), ['caa_check_failed|www.shop.example.com'])
  internet.records.length = 0
  assert.deepEqual((await order(tenant)).codes(), ['caa_not_found|www.shop.example.com'])
  assert.equal((await tenant.put(`/domain/${id}/deactivate-domain-locking`)).status, 204)
  assert.equal((await order(tenant)).status, 201)
  assert.notDeepEqual((await order(other)).codes(), ['protected_domain'])
})

test('an account without locking can neither lock nor unlock', async (t) => {
  const { tenant, id } = await place(t)
  await tenant.setPolicy({ domainLocking: false })
  const codes = async (path: string) => (await tenant.put(`/domain/${id}/${path}`)).codes()
  assert.deepEqual(await codes('activate-domain-locking'), ['cannot_activate_domain_lock'])
  assert.deepEqual(await codes('deactivate-domain-locking'), ['cannot_deactivate_domain_lock'])
})

type Refusal = readonly [title: string, name: string, publish: (internet: TestInternet) => void]

const refusals: readonly Refusal[] = [
  [
    'D14 issuewild that names another CA forbids a wildcard',
    '*.shop.example.com',
    ({ publishCaa }) => publishCaa('shop.example.com', 'elsewhere.example', 'issuewild'),
  ],
  [
    'D15 an unknown critical property forbids',
    'www.shop.example.com',
    ({ records }) => {
      // The library's type knows the tags of RFC 8659 alone; it writes any.
      const data = { flags: 128, tag: 'unheard' as 'issue', value: 'x' }
      records.push({ type: 'CAA', name: 'shop.example.com', ttl: 60, data })
    },
  ],
  ...[
    ['D17 the accounturi of another account forbids', '; accounturi=http://ca.example.test/account/999'],
    ['D17 a method that did not prove control forbids', '; validationmethods=ca-email'],
    ['another CA forbids', 'x'],
  ].map(
    ([title = '', value = '']) =>
      [
        title,
        'www.shop.example.com',
        ({ publishCaa }: TestInternet) => publishCaa('shop.example.com', `ca.example.test${value}`),
      ] as const,
  ),
]

for (const [title, name, publish] of refusals) {
  test(`${title}, and no certificate is issued`, async (t) => {
    const { internet, tenant } = await place(t)
    assert.equal((await order(tenant)).status, 201, 'without records everybody may')
    const { certificates } = await footprint(tenant.service.engine)
    publish(internet)
    const answer = await order(tenant, { common_name: name })
    assert.deepEqual([answer.status, answer.codes()], [400, [`caa_check_failed|${name.replace('*.', '')}`]])
    assert.equal((await footprint(tenant.service.engine)).certificates, certificates)
  })
}

test('D16 a CAA lookup that fails forbids', async (t) => {
  const { internet, tenant } = await place(t)
  internet.replies.set('example.com', { rcode: 2 })
  assert.deepEqual((await order(tenant)).codes(), ['caa_check_failed|www.shop.example.com'])
  internet.replies.clear()
  assert.equal((await order(tenant)).status, 201)
})

test('D17 records that name this account and the method that proved control permit', async (t) => {
  const { internet, service, tenant } = await place(t)
  const { publicUrl } = service.engine.settings
  const uri = `${publicUrl}/account/${tenant.accountId}`
  internet.publishCaa(
    'shop.example.com',
    `ca.example.test; accounturi=${uri}; validationmethods=ca-dns-txt-token`,
  )
  const answer = await order(tenant)
  assert.equal(answer.status, 201, answer.text)
})

test('D13 every name is looked up right before signing, however lately another order did', async (t) => {
  const { internet, tenant } = await place(t)
  const names = ['a', 'b', 'c', 'd', 'e'].map((label) => `${label}.shop.example.com`)
  const lookups = () =>
    names.map((name) => internet.dns.asked.filter((text) => text.startsWith(`${name} CAA`)).length)
  for (const round of [1, 2]) {
    assert.equal((await order(tenant, { common_name: names[0], dns_names: names })).status, 201)
    assert.deepEqual(
      lookups(),
      names.map(() => round),
    )
  }
})

test('a policy that asks for CAA records refuses names that have none', async (t) => {
  const { internet, tenant } = await place(t)
  await tenant.setPolicy({ caaRequired: true })
  assert.deepEqual((await order(tenant)).codes(), ['caa_not_found|www.shop.example.com'])
  internet.publishCaa('example.com', 'ca.example.test')
  assert.equal((await order(tenant)).status, 201)
})

test('what CAA said stands in the audit log', async (t) => {
  const { internet, service, tenant } = await place(t)
  internet.publishCaa('shop.example.com', 'ca.example.test')
  await order(tenant)
  const rows = await service.engine.query(`SELECT body FROM event WHERE body LIKE '%"action":"caa.checked"%'`)
  assert.equal(rows.length, 1)
  assert.match(String(rows[0]?.body), /shop\.example\.com/)
})
