import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startInternet } from '../../support/internet.ts'
import { testDomain, testOrganization } from './ordering.ts'
import { TestService, type TestTenant } from './service.ts'

async function place(t: TestContext) {
  const internet = await startInternet(t)
  const service = await TestService.start(t, { outside: internet.outside })
  const tenant = await service.tenant()
  return { internet, service, tenant, organizationId: await testOrganization(tenant) }
}

const submission = (organizationId: number, changes: object = {}) => ({
  ...{ name: 'shop.example.com', organization: { id: organizationId }, validations: [{ type: 'ov' }] },
  ...changes,
})

async function addDomain(tenant: TestTenant, organizationId: number, changes: object = {}) {
  const answer = await tenant.post('/domain', submission(organizationId, changes))
  assert.equal(answer.status, 201, answer.text)
  return answer.json()
}

test('a domain by e-mail tells whom it asked, one by a token what has to be published', async (t) => {
  const { internet, tenant, organizationId } = await place(t)
  const byMail = await addDomain(tenant, organizationId)
  assert.deepEqual(byMail.validation_emails.base_emails, [
    ...['admin@shop.example.com', 'administrator@shop.example.com', 'webmaster@shop.example.com'],
    ...['hostmaster@shop.example.com', 'postmaster@shop.example.com'],
  ])
  assert.equal(internet.smtp.received.length, 5)
  const byText = await addDomain(tenant, organizationId, {
    name: 'a.example.com',
    dcv_method: 'dns-txt-token',
  })
  assert.equal(byText.dcv_token.status, 'pending')
  assert.match(byText.dcv_token.token, /^[a-z2-7]{32}$/)
  const byAlias = await addDomain(tenant, organizationId, {
    ...{ name: 'b.example.com', dcv: { method: 'dns-cname-token' }, organization: `${organizationId}` },
  })
  assert.equal(byAlias.dcv_token.verification_value, 'dcv.ca.example.test')
  const byFile = await addDomain(tenant, organizationId, {
    name: 'www.c.example.com',
    dcv_method: 'http-token',
  })
  assert.match(byFile.http_url, /^http:\/\/www\.c\.example\.com.*\/fileauth\.txt$/)
})

test('www. goes from the name unless it is kept or a file proves the host', async (t) => {
  const { tenant, organizationId } = await place(t)
  const nameOf = async (changes: object) => {
    const { id } = await addDomain(tenant, organizationId, { dcv_method: 'dns-txt-token', ...changes })
    return (await tenant.get(`/domain/${id}`)).json().name
  }
  assert.equal(await nameOf({ name: 'www.One.example.com' }), 'one.example.com')
  assert.equal(await nameOf({ name: 'www.two.example.com', keep_www: true }), 'www.two.example.com')
  assert.equal(
    await nameOf({ name: 'www.three.example.com', dcv_method: 'http-token' }),
    'www.three.example.com',
  )
})

test('the same name of the same organization is the same domain, for another one a domain of its own', async (t) => {
  const { tenant, organizationId } = await place(t)
  const first = await addDomain(tenant, organizationId, { dcv_method: 'dns-txt-token' })
  const again = await addDomain(tenant, organizationId, {
    validations: [{ type: 'EV' }],
    dcv_method: 'dns-txt-token',
  })
  assert.deepEqual([again.id, again.dcv_token.token], [first.id, first.dcv_token.token])
  const { validations } = (await tenant.get(`/domain/${first.id}/validation`)).json()
  assert.deepEqual(
    validations.map(({ type }: { type: string }) => type),
    ['ov', 'ev'],
  )
  const other = await addDomain(tenant, await testOrganization(tenant))
  assert.notEqual(other.id, first.id)
})

const refusals: readonly [what: string, changes: object, codes: readonly string[]][] = [
  [
    'nothing',
    { name: '', organization: null, validations: [] },
    [...['required_param:name', 'required_param:organization.id', 'required_param:validations']],
  ],
  ['a name with forbidden characters', { name: 'sh_op.example.com' }, ['invalid_chars:name']],
  ['a wildcard', { name: '*.example.com' }, ['invalid_chars:name']],
  ['an address', { name: '192.0.2.1' }, ['invalid_value:name']],
  ['an internal name', { name: 'shop.local' }, ['internal_names_not_allowed']],
  ['a public suffix', { name: 'co.uk' }, ['internal_names_not_allowed']],
  ['an unknown organization', { organization: { id: 999_999 } }, ['invalid_value:organization.id']],
  ['an unknown container', { container: { id: 999_999 } }, ['invalid_value:container.id']],
  ['an unknown type', { validations: [{ type: 'dv' }] }, ['invalid_value:validations.0.type']],
  ['an unknown method', { dcv_method: 'fax' }, ['invalid_value:dcv_method']],
  ['an approver who may not approve', { email_array: ['eve@example.com'] }, ['invalid_value:email_array']],
  ['no address', { email_array: ['eve'] }, ['email_not_valid_email_format']],
]

for (const [what, changes, codes] of refusals) {
  test(`a domain with ${what} is refused and not kept`, async (t) => {
    const { tenant, organizationId } = await place(t)
    const answer = await tenant.post('/domain', submission(organizationId, changes))
    assert.deepEqual([answer.status, answer.codes()], [400, codes], answer.text)
    assert.equal((await tenant.get('/domain')).json().page.total, 0)
  })
}

test('a domain is refused where its organization, its division or the account is against it', async (t) => {
  const { tenant, organizationId } = await place(t)
  const codesOf = async (changes: object = {}) =>
    (await tenant.post('/domain', submission(organizationId, changes))).codes()
  await tenant.setPolicy({ protectedNames: ['example.com'] })
  assert.deepEqual(await codesOf(), ['protected_domain'])
  await tenant.setPolicy({ protectedNames: [] })
  const allowed = { allowed_domain_names: ['example.net'] }
  await tenant.put(`/container/${tenant.rootContainer.id}/allowed-domain-names`, allowed)
  assert.deepEqual(await codesOf(), ['domain_not_allowed'])
  assert.deepEqual(await codesOf({ name: 'shop.example.net' }), [])
  await tenant.put(`/organization/${organizationId}/deactivate`)
  assert.deepEqual(await codesOf({ name: 'shop.example.net' }), ['inactive_organization'])
})

test('an internal name can be submitted for private certificates alone', async (t) => {
  const { tenant, organizationId } = await place(t)
  const types = { name: 'shop.local', validations: [{ type: 'private_ssl' }] }
  assert.ok((await addDomain(tenant, organizationId, types)).id > 0)
})

for (const [method, code, publish] of [
  ['dns-txt-token', 'invalid_dns_txt', 'publishTxt'],
  ['dns-cname-token', 'invalid_dns_cname', 'publishAlias'],
  ['http-token', 'file_random_value_not_found', 'publishFile'],
] as const) {
  test(`a domain by ${method} is validated when its value is found, and says by its code when it is not`, async (t) => {
    const { internet, tenant, organizationId } = await place(t)
    const { id, dcv_token: token } = await addDomain(tenant, organizationId, { dcv_method: method })
    const validate = (body?: unknown) => tenant.put(`/domain/${id}/dcv/validate-token`, body)
    assert.deepEqual((await validate()).codes(), [code])
    assert.deepEqual((await validate({ token: 'another' })).codes(), ['invalid_value:token'])
    if (publish === 'publishAlias')
      internet.publishAlias(`${token.token}.shop.example.com`, 'dcv.ca.example.test')
    else internet[publish]('shop.example.com', token.token)
    const done = await validate({ token: token.token })
    assert.deepEqual([done.status, done.json()], [200, { token: token.token, status: 'active' }])
    const info = (await tenant.get(`/domain/${id}?include_dcv=true&include_validation=true`)).json()
    assert.deepEqual(
      [info.status, info.is_pending_validation, info.dcv_token.status],
      ['approved', false, 'active'],
    )
    assert.deepEqual([info.validations[0].status, info.validations[0].dcv_status], ['active', 'complete'])
  })
}

test('a domain tells older clients by which mails it was asked about, or that no mail is wanted', async (t) => {
  const { tenant, organizationId } = await place(t)
  const { id } = await addDomain(tenant, organizationId, { email_array: ['webmaster@shop.example.com'] })
  const control = async () => (await tenant.get(`/domain/${id}?include_dcv=true`)).json().dcv
  const { dcv_invitations: invitations, ...rest } = await control()
  assert.deepEqual(rest, { method: 'email', name_scope: 'shop.example.com' })
  assert.equal(invitations.length, 1)
  const [{ invitation_id: invitation, date_sent: sent, ...mail }] = invitations
  assert.ok(Number.isSafeInteger(invitation))
  assert.match(sent, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/)
  const address = { email: 'webmaster@shop.example.com', source: 'base' }
  assert.deepEqual(mail, { ...address, name_scope: 'shop.example.com' })
  assert.equal('dcv' in (await tenant.get(`/domain/${id}`)).json(), false, 'only who asks for it is told')
  await tenant.put(`/domain/${id}/dcv/method`, { dcv_method: 'dns-txt-token' })
  assert.deepEqual(await control(), { method: 'dns-txt-token', name_scope: 'shop.example.com' })
})

test('a domain shows whom its organization is verified with, for the types that want people', async (t) => {
  const { tenant, organizationId } = await place(t)
  const person = { first_name: 'Eva', last_name: 'Berg', email: 'eva@example.com' }
  const asked = { validations: [{ type: 'ev', verified_users: [person] }] }
  assert.equal((await tenant.post(`/organization/${organizationId}/validation`, asked)).status, 204)
  const { id } = await addDomain(tenant, organizationId, { validations: [{ type: 'ov' }, { type: 'ev' }] })
  for (const path of [`/domain/${id}`, `/domain/${id}/validation`]) {
    const { validations } = (await tenant.get(path)).json()
    const shown = validations.map((each: Record<string, unknown>) => [each.type, each.verified_users])
    assert.deepEqual(shown, [
      ['ov', undefined],
      ['ev', [person]],
    ])
  }
})

test('a new token makes the old one worthless', async (t) => {
  const { internet, tenant, organizationId } = await place(t)
  const { id, dcv_token: old } = await addDomain(tenant, organizationId, { dcv_method: 'dns-txt-token' })
  internet.publishTxt('shop.example.com', old.token)
  const fresh = await tenant.post(`/domain/${id}/dcv/token`)
  assert.equal(fresh.status, 201)
  assert.equal(fresh.json().token, fresh.json().dcv_token.token)
  assert.notEqual(fresh.json().token, old.token)
  assert.deepEqual((await tenant.put(`/domain/${id}/dcv/validate-token`)).codes(), ['invalid_dns_txt'])
})

test('the method of a domain is changed by PUT and POST; only the change to e-mail sends mails', async (t) => {
  const { internet, tenant, organizationId } = await place(t)
  const { id } = await addDomain(tenant, organizationId, { dcv_method: 'dns-txt-token' })
  const change = (body: object) => tenant.put(`/domain/${id}/dcv/method`, body)
  assert.equal((await tenant.post(`/domain/${id}/dcv/method`, { dcv_method: 'http-token' })).status, 200)
  await change({ dcv_method: 'email', send_dcv_email_flag: false })
  assert.equal(internet.smtp.received.length, 0)
  await change({ dcv_method: 'email' })
  assert.equal(internet.smtp.received.length, 0, 'e-mail once more sends none')
  await change({ dcv_method: 'dns-txt-token' })
  const answer = await change({ dcv_method: 'email' })
  assert.equal(answer.json().validation_emails.name_scope, 'shop.example.com')
  assert.equal(internet.smtp.received.length, 5)
  for (const method of ['put', 'post'] as const) {
    tenant.service.advance(60_000)
    const resent = await tenant[method](`/domain/${id}/dcv/emails`, { name_scope: 'shop.example.com' })
    assert.deepEqual([resent.status, resent.text], [204, ''])
  }
  assert.equal(internet.smtp.received.length, 15)
  await tenant.put(`/domain/${id}/dcv/emails`)
  assert.equal(internet.smtp.received.length, 15, 'not twice in a minute')
  for (const path of ['dcv/validate-token', 'dcv/token']) {
    const method = path.endsWith('token') && path !== 'dcv/token' ? 'put' : 'post'
    assert.deepEqual((await tenant[method](`/domain/${id}/${path}`)).codes(), ['invalid_dns_method'], path)
  }
})

test('a domain is activated, deactivated, submitted again and deleted', async (t) => {
  const { tenant, organizationId } = await place(t)
  const { id } = await addDomain(tenant, organizationId, { dcv_method: 'dns-txt-token' })
  assert.equal((await tenant.put(`/domain/${id}/deactivate`, null)).status, 204)
  assert.equal((await tenant.get(`/domain/${id}`)).json().is_active, false)
  const submit = () => tenant.post(`/domain/${id}/validation`, { validations: [{ type: 'ev' }] })
  assert.deepEqual((await submit()).codes(), ['disabled_domain'])
  assert.equal((await tenant.put(`/domain/${id}/activate`)).status, 204)
  assert.equal((await submit()).status, 204)
  assert.deepEqual((await tenant.post(`/domain/${id}/validation`, {})).codes(), [
    'required_param:validations',
  ])
  assert.deepEqual((await tenant.post(`/domain/${id}/validation`, { validations: 'ov' })).codes(), [
    'invalid_value:validations',
  ])
  assert.equal((await tenant.delete(`/domain/${id}`)).status, 204)
  assert.deepEqual((await tenant.get(`/domain/${id}`)).codes(), ['not_found'])
})

test('P12 a domain of another account is not found, whatever is asked of it', async (t) => {
  const { service, tenant, organizationId } = await place(t)
  const id = await testDomain(tenant, organizationId, 'shop.example.com')
  const other = await service.tenant('eve@example.test')
  const calls: readonly (readonly ['get' | 'put' | 'post' | 'delete', string])[] = [
    ...([
      ['get', ''],
      ['delete', ''],
      ['put', '/activate'],
      ['put', '/deactivate'],
    ] as const),
    ...([
      ['get', '/validation'],
      ['post', '/validation'],
      ['put', '/dcv/method'],
    ] as const),
    ...([
      ['post', '/dcv/token'],
      ['put', '/dcv/validate-token'],
      ['get', '/dcv/emails'],
    ] as const),
    ...([
      ['put', '/dcv/emails'],
      ['post', '/dcv'],
      ['put', '/activate-domain-locking'],
    ] as const),
    ...([
      ['put', '/deactivate-domain-locking'],
      ['put', '/caa'],
    ] as const),
  ]
  for (const [method, path] of calls) {
    const url = `/domain/${id}${path}`
    const body = method === 'put' || method === 'post' ? { dcv_method: 'nonsense' } : undefined
    const answer =
      method === 'get' || method === 'delete' ? await other[method](url) : await other[method](url, body)
    assert.deepEqual([answer.status, answer.codes()], [404, ['not_found']], `${method} ${url}`)
  }
  assert.deepEqual((await other.get('/domain')).json().domains, [])
  assert.equal((await tenant.get(`/domain/${id}`)).json().is_active, true)
})

test('P14 whoever only views domains changes none', async (t) => {
  const { tenant, organizationId } = await place(t)
  const id = await testDomain(tenant, organizationId, 'shop.example.com')
  const standard = await tenant.as('standard')
  assert.equal((await standard.get(`/domain/${id}`)).status, 200)
  assert.deepEqual((await standard.delete(`/domain/${id}`)).codes(), ['access_denied|missing_permission'])
  assert.deepEqual((await standard.post('/domain', submission(organizationId))).codes(), [
    'access_denied|missing_permission',
  ])
})

test('types and methods are listed whole', async (t) => {
  const { tenant } = await place(t)
  const { validation_types: types } = (await tenant.get('/domain/validation-type')).json()
  assert.deepEqual(types[0], {
    ...{ type: 'ov', name: 'OV', description: 'Normal Organization Validation' },
    ...{ requires_user: false, requires_dcv: true },
  })
  const { methods } = (await tenant.get('/domain/dcv/method')).json()
  assert.deepEqual(
    methods.map((method: { name: string; default: boolean }) => [method.name, method.default]),
    [
      ['email', true],
      ['dns-txt-token', false],
      ['dns-cname-token', false],
      ['http-token', false],
    ],
  )
  const { base_emails: emails } = (await tenant.get('/domain/dcv/emails/shop.example.com')).json()
  assert.equal(emails.length, 5)
  assert.deepEqual((await tenant.get('/domain/dcv/emails/no%20name')).codes(), ['invalid_value:domain'])
})

test('D11 a domain expires by the rules of the day and is proven anew', async (t) => {
  const { service, tenant, organizationId } = await place(t)
  service.engine.clock.time = Date.parse('2026-11-22T00:00:00Z')
  const id = await testDomain(tenant, organizationId, 'shop.example.com', {
    validations: [{ type: 'ov', createdAt: service.engine.clock.time }],
  })
  const info = async () => (await tenant.get(`/domain/${id}?include_dcv_expiration_time=true`)).json()
  assert.equal((await info()).dcv_expiration.ov, '2027-06-10T00:00:00+00:00')
  // From 2027-03-15 on a proof may be 100 days old.
  service.engine.clock.time = Date.parse('2027-03-14T00:00:00Z')
  assert.equal((await info()).validations[0].dcv_status, 'complete')
  service.engine.clock.time = Date.parse('2027-03-15T00:00:00Z')
  assert.equal((await info()).validations[0].dcv_status, 'expired')
  assert.equal((await info()).dcv_expiration.ov, '2027-03-02T00:00:00+00:00')
})
