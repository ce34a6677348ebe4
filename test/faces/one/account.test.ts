import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { insertApiKey } from '../../../src/core/accounts/api-key-create.ts'
import { eventsOf, testCaller } from '../../support/installation.ts'
import { lastFirst } from '../../support/stores.ts'
import { csrPem } from './requests.ts'
import { TestService, type TestTenant } from './service.ts'

const am = '/account/api/v1'
const day = 86_400_000
const manager = 'EM_EPKI_USER_&_CERT_MANAGER'

describe('Account Manager', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  before(async () => {
    service = await TestService.start(scope)
    tenant = await service.tenant()
  })
  const dayFromNow = (days: number) =>
    new Date(service.engine.clock.now() + days * day).toISOString().slice(0, 10)
  const work = (key: string) => service.call(key, 'GET', `${am}/user`)

  test('a newly made key lists its account and shows it by id', async () => {
    const list = await tenant.get(`${am}/account`)
    assert.equal(list.status, 200)
    const [account] = list.json()
    assert.equal(account.id, tenant.accountUuid)
    assert.equal(account.active, true)
    assert.equal(account.admins[0].email, 'ada@example.test')
    assert.equal(account.sign_in_methods[0].signInMethod, 'client_auth_certificate')
    assert.deepEqual((await tenant.get(`${am}/account/${account.id}`)).json(), account)
  })

  test('a key with rights elsewhere sees its account too, but not who administers it; one without any does not', async () => {
    const fresh = await service.tenant('new@example.test')
    const [account] = (await fresh.get(`${am}/account`)).json()
    const program = await fresh.program('first call', [manager])
    for (const [url, shown] of [
      [`${am}/account`, [{ ...account, admins: [] }]],
      [`${am}/account/${account.id}`, { ...account, admins: [] }],
    ]) {
      const answer = await program.get(url)
      assert.deepEqual([answer.status, answer.json()], [200, shown])
    }
    assert.equal((await program.get(`${am}/organization`)).status, 403)
    assert.equal((await (await fresh.program('no right', [])).get(`${am}/account`)).status, 403)
  })

  test('P6 P12 (ONE) another account, and users and tokens of it, are 404 as if they did not exist', async () => {
    const other = await service.tenant('eve@example.test')
    const foreign = (await other.get(`${am}/user/me`)).json().id
    const [token] = (await other.get(`${am}/api-access-token?user_id=me`)).json()
    for (const url of [
      `/account/${other.accountUuid}`,
      `/user/${foreign}`,
      `/api-access-token/${token.id}`,
      `/api-access-token?user_id=${foreign}`,
    ]) {
      const answer = await tenant.get(am + url)
      const unknown = await tenant.get(am + url.replace(/[0-9a-f]{12}$/, '00007fffffff'))
      assert.deepEqual([answer.status, answer.code], [404, 'resource_not_found'], url)
      assert.equal(answer.json().message, unknown.json().message)
    }
    assert.equal((await tenant.put(`${am}/api-access-token/${token.id}`, { status: 'disabled' })).status, 404)
    assert.equal((await tenant.delete(`${am}/api-access-token/${token.id}`)).status, 404)
    assert.equal((await work(other.key)).status, 200)
    const listed = (await tenant.get(`${am}/user`)).json()
    assert.equal(
      listed.some((user: { id: string }) => user.id === foreign),
      false,
    )
  })

  test('me stands for the caller, with the permissions of the key', async () => {
    const me = (await tenant.get(`${am}/user/me`)).json()
    assert.equal(me.user_type, 'standard')
    assert.equal(me.email, 'ada@example.test')
    assert.ok(me.permissions.includes('MANAGE_CM_CA'))
    const limited = await tenant.as('limited')
    assert.equal((await limited.get(`${am}/user/me`)).json().permissions.includes('MANAGE_CM_CA'), false)
  })

  test('a service user is made with a token that is shown once and works, and is listed among the programs', async () => {
    const answer = await tenant.post(`${am}/user`, {
      user_type: 'service',
      friendly_name: 'harbour-bot',
      description: 'quay pumps',
      email: 'ops@harbour.example',
      end_date: dayFromNow(40),
      account_ids: [tenant.accountUuid],
      roles: [{ application_code: 'enterprise_manager', role_code: manager }],
    })
    assert.equal(answer.status, 201)
    const made = answer.json()
    assert.equal(made.friendly_name, 'harbour-bot')
    assert.equal(made.status, 'ACTIVE')
    assert.match(made.token.value, /^[0-9a-f]{26}_[0-9a-f]{64}$/)
    const own = await service.call(made.token.value, 'GET', `${am}/user`)
    assert.equal(own.json()[0].email, 'ops@harbour.example')
    const programs = (await tenant.get(`${am}/user?user_type=service`)).json()
    assert.deepEqual(
      programs.map((user: { id: string }) => user.id),
      [made.id],
    )
    assert.deepEqual(programs[0].roles, [{ application_code: 'enterprise_manager', role_code: manager }])
    const people = (await tenant.get(`${am}/user?user_type=standard`)).json()
    assert.equal(
      people.some((user: { id: string }) => user.id === made.id),
      false,
    )
    const shown = await tenant.get(`${am}/api-access-token/${made.token.id}`)
    assert.equal(shown.text.includes(made.token.value), false)
    const created = (await eventsOf(service.engine.installation, 'user.created')).at(-1)
    assert.equal(created?.detail.friendlyName, 'harbour-bot')
  })

  test('P17 (ONE) a service user asked for twice with one idempotency key is one, with the same token', async () => {
    const headers = { 'idempotency-key': 'user-1' }
    const body = { user_type: 'service', friendly_name: 'once' }
    const first = await tenant.post(`${am}/user`, body, { headers })
    const again = await tenant.post(`${am}/user`, body, { headers })
    assert.deepEqual([first.status, again.status], [201, 201])
    assert.equal(again.text, first.text)
    const other = await tenant.post(`${am}/user`, { ...body, friendly_name: 'twice' }, { headers })
    assert.equal(other.status, 409)
  })

  test('a name that is taken is 409 duplicate_error naming it, in any letter case', async () => {
    await tenant.program('taken', [])
    const user = await tenant.post(`${am}/user`, { user_type: 'service', friendly_name: 'TAKEN' })
    assert.deepEqual([user.status, user.code], [409, 'duplicate_error'])
    assert.match(user.json().message, /TAKEN/)
    const body = { user_id: 'me', name: 'rotation' }
    assert.equal((await tenant.post(`${am}/api-access-token`, body)).status, 201)
    const token = await tenant.post(`${am}/api-access-token`, { ...body, name: 'Rotation' })
    assert.deepEqual([token.status, token.code], [409, 'duplicate_error'])
  })

  test('a name outside the alphabet, a day that is none and one in the past are 400 naming the field', async () => {
    for (const [members, field] of [
      [{ friendly_name: 'a.b' }, 'friendly_name'],
      [{ friendly_name: 'ünder' }, 'friendly_name'],
      [{ friendly_name: 'x'.repeat(101) }, 'friendly_name'],
      [{}, 'friendly_name'],
      [{ friendly_name: 'ok', end_date: '2026-02-30' }, 'end_date'],
      [{ friendly_name: 'ok', end_date: dayFromNow(-1) }, 'end_date'],
      [{ friendly_name: 'ok', email: 'nobody' }, 'email'],
      [{ friendly_name: 'ok', roles: [{ role_code: 'KING' }] }, 'roles.0.role_code'],
      [
        { friendly_name: 'ok', roles: [{ role_code: manager, application_code: 'ca_manager' }] },
        'roles.0.application_code',
      ],
      [{ friendly_name: 'ok', user_type: 'standard' }, 'user_type'],
    ] as const) {
      const answer = await tenant.post(`${am}/user`, { user_type: 'service', ...members })
      assert.deepEqual(
        [answer.status, answer.code, answer.field],
        [400, 'invalid_request', field],
        JSON.stringify(members),
      )
    }
    assert.equal((await tenant.get(`${am}/user?user_type=robot`)).field, 'user_type')
  })

  test('P13 (ONE) fields that the server owns are ignored', async () => {
    const answer = await tenant.post(`${am}/user`, {
      user_type: 'service',
      friendly_name: 'modest',
      id: 'x',
      status: 'INACTIVE',
      primary_account_id: 'x',
      permissions: ['MANAGE_CM_CA'],
      is_admin: true,
      token: { value: 'mine' },
    })
    assert.equal(answer.status, 201)
    assert.equal(answer.json().status, 'ACTIVE')
    assert.equal(answer.json().primary_account_id, tenant.accountUuid)
    assert.notEqual(answer.json().token.value, 'mine')
    const me = await service.call(answer.json().token.value, 'GET', `${am}/user/me`)
    assert.deepEqual(me.json().permissions, [])
  })

  test('a service user is rights of its roles only, and nobody gives away what he has not', async () => {
    const clerk = await tenant.program('clerk', ['AM_USER_MANAGER'])
    assert.equal((await clerk.get(`${am}/role`)).status, 200)
    assert.equal((await clerk.get(`${am}/audit-log`)).status >= 403, true)
    const raised = await clerk.post(`${am}/user`, {
      user_type: 'service',
      friendly_name: 'raised',
      roles: [{ role_code: 'CM_PKI_MANAGER' }],
    })
    assert.deepEqual([raised.status, raised.code], [403, 'access_denied'])
    const me = (await clerk.get(`${am}/user/me`)).json().id
    const own = await clerk.put(`${am}/user/${me}`, { roles: [{ role_code: 'AM_ACCOUNT_ADMIN' }] })
    assert.equal(own.status, 403)
    const administrator = (await tenant.get(`${am}/user/me`)).json().id
    const stolen = await clerk.post(`${am}/api-access-token`, { user_id: administrator, name: 'stolen' })
    assert.equal(stolen.status, 403)
    const [token] = (await tenant.get(`${am}/api-access-token?user_id=me`)).json()
    assert.equal((await clerk.delete(`${am}/api-access-token/${token.id}`)).status, 403)
    const foreign = await tenant.post(`${am}/user`, {
      user_type: 'service',
      friendly_name: 'far',
      account_ids: ['x'],
    })
    assert.equal(foreign.status, 403)
  })

  test('a token made with a narrowed key is narrowed as well', async () => {
    const viewer = await tenant.as('administrator', 'view')
    const made = await viewer.post(`${am}/api-access-token`, { user_id: 'me', name: 'mine' })
    assert.equal(made.status, 201)
    const permissions = (await service.call(made.json().token, 'GET', `${am}/user/me`)).json().permissions
    assert.ok(permissions.length > 0)
    assert.ok(permissions.every((each: string) => each.startsWith('VIEW_')))
  })

  test('a narrowed key gets its owner nothing wider: no client certificate, no hold of his other tokens', async () => {
    await service.engine.store.write(function* (transaction) {
      yield* transaction.runtime.setSetting('operator-authority', String(tenant.made.authorities.issuing.id))
    })
    const certificates = `${am}/client-auth-certificate`
    const admin = await tenant.as('administrator')
    const wide = (await admin.post(`${am}/api-access-token`, { user_id: 'me', name: 'wide' })).json()
    const wideCertificate = (await admin.post(certificates, { user_id: 'me', name: 'laptop' })).json()
    const { text } = await service.engine.store.write((transaction) =>
      insertApiKey(
        transaction,
        service.engine,
        {
          accountId: tenant.accountId,
          userId: admin.user.id,
          role: 'administrator',
          restriction: 'view',
          endDate: null,
        },
        testCaller,
      ),
    )
    const viewer = admin.with(text)
    const mine = (await viewer.post(`${am}/api-access-token`, { user_id: 'me', name: 'narrow' })).json()
    for (const answer of [
      await viewer.post(certificates, { user_id: 'me', name: 'wider', csr: csrPem() }),
      await viewer.put(`${certificates}/${wideCertificate.id}/enable`, { enabled: false }),
      await viewer.delete(`${certificates}/${wideCertificate.id}`),
      await viewer.put(`${am}/api-access-token/${wide.id}`, { status: 'disabled' }),
      await viewer.delete(`${am}/api-access-token/${wide.id}`),
    ]) {
      assert.deepEqual([answer.status, answer.code], [403, 'access_denied'], answer.text)
    }
    assert.equal((await viewer.put(`${am}/api-access-token/${mine.id}`, { status: 'disabled' })).status, 204)
    assert.equal((await viewer.delete(`${am}/api-access-token/${mine.id}`)).status, 204)
    assert.equal((await admin.delete(`${am}/api-access-token/${wide.id}`)).status, 204)
  })

  test('several tokens of one user work side by side; one that is disabled, enabled and deleted does as told', async () => {
    const program = await tenant.program('rotating', [])
    const id = (await program.get(`${am}/user/me`)).json().id
    const second = (
      await tenant.post(`${am}/api-access-token`, {
        user_id: id,
        name: 'rotation 2',
        end_date: dayFromNow(90),
      })
    ).json()
    assert.equal(second.status, 'enabled')
    assert.equal((await work(program.key)).status, 200)
    assert.equal((await work(second.token)).status, 200)
    assert.equal((await tenant.get(`${am}/api-access-token?user_id=${id}`)).json().length, 2)
    const url = `${am}/api-access-token/${second.id}`
    assert.equal((await tenant.put(url, { status: 'disabled' })).status, 204)
    const refused = await work(second.token)
    assert.deepEqual([refused.status, refused.code], [401, 'invalid_api_key'])
    assert.equal((await tenant.get(url)).json().status, 'disabled')
    assert.equal((await work(program.key)).status, 200)
    assert.equal((await tenant.put(url, { status: 'enabled' })).status, 204)
    assert.equal((await work(second.token)).status, 200)
    assert.equal((await tenant.delete(url)).status, 204)
    assert.equal((await work(second.token)).status, 401)
    assert.equal((await tenant.get(url)).status, 404)
    assert.equal(
      (await tenant.post(`${am}/api-access-token`, { user_id: id, name: 'rotation 2' })).status,
      201,
    )
  })

  test('a change meant for another version is 409 version_conflict, one for the present is made', async () => {
    const program = await tenant.program('versioned', [])
    const id = (await program.get(`${am}/user/me`)).json().id
    const url = `${am}/user/${id}`
    const { etag } = (await tenant.get(url)).headers
    const put = (version: unknown, description: string) =>
      tenant.put(url, { description }, { headers: { 'if-match': String(version) } })
    assert.equal((await put(etag, 'one')).status, 204)
    const stale = await put(etag, 'two')
    assert.deepEqual([stale.status, stale.code], [409, 'version_conflict'])
    assert.equal((await put('*', 'three')).status, 204)
    assert.equal((await put(`"x", ${(await tenant.get(url)).headers.etag}`, 'four')).status, 204)
    assert.equal((await tenant.get(url)).json().description, 'four')
    const [token] = (await tenant.get(`${am}/api-access-token?user_id=${id}`)).json()
    const tokenUrl = `${am}/api-access-token/${token.id}`
    const version = (await tenant.get(tokenUrl)).headers.etag
    assert.equal(
      (await tenant.put(tokenUrl, { name: 'new' }, { headers: { 'if-match': String(version) } })).status,
      204,
    )
    assert.equal((await tenant.delete(tokenUrl, { headers: { 'if-match': String(version) } })).status, 409)
  })

  test('a service user who is switched off or deleted stops at once, with all tokens', async () => {
    const program = await tenant.program('stopping', [])
    const url = `${am}/user/${(await program.get(`${am}/user/me`)).json().id}`
    assert.equal((await tenant.put(url, { status: 'INACTIVE' })).status, 204)
    assert.equal((await work(program.key)).status, 401)
    assert.equal((await tenant.put(url, { status: 'ACTIVE' })).status, 204)
    assert.equal((await work(program.key)).status, 200)
    assert.equal((await tenant.delete(url)).status, 204)
    assert.equal((await work(program.key)).status, 401)
    assert.equal((await tenant.get(url)).status, 404)
    assert.equal(
      (await tenant.post(`${am}/user`, { user_type: 'service', friendly_name: 'stopping' })).status,
      201,
    )
  })

  test('people are not changed here', async () => {
    const me = (await tenant.get(`${am}/user/me`)).json().id
    assert.equal((await tenant.put(`${am}/user/${me}`, { status: 'INACTIVE' })).status, 404)
    assert.equal((await tenant.delete(`${am}/user/${me}`)).status, 404)
  })

  test('roles are listed by application with their permissions', async () => {
    const roles = (await tenant.get(`${am}/role?application_code=account_manager`)).json()
    assert.ok(roles.some((role: { code: string }) => role.code === 'AM_USER_MANAGER'))
    assert.ok(
      roles.every((role: { application_code: string }) => role.application_code === 'account_manager'),
    )
    assert.equal((await tenant.get(`${am}/role?application_code=x`)).field, 'application_code')
  })
})

describe('end dates', () => {
  test('a token and a service user work until 23:59:59 UTC of their last day, then are 401 and stay as they are', async (context) => {
    const service = await TestService.start(lastFirst(context))
    const tenant = await service.tenant()
    const { clock } = service.engine
    const today = new Date(clock.now()).toISOString().slice(0, 10)
    const program = await tenant.program('dated', [], { end_date: today })
    const id = (await program.get(`${am}/user/me`)).json().id
    const token = (
      await tenant.post(`${am}/api-access-token`, { user_id: 'me', name: 'dated', end_date: today })
    ).json()
    clock.time = Date.parse(`${today}T23:59:59.999Z`)
    assert.equal((await program.get(`${am}/user`)).status, 200)
    assert.equal((await service.call(token.token, 'GET', `${am}/user`)).status, 200)
    clock.time += 1
    for (const key of [program.key, token.token]) {
      const answer = await service.call(key, 'GET', `${am}/user`)
      assert.deepEqual([answer.status, answer.code], [401, 'invalid_api_key'])
    }
    assert.equal((await tenant.get(`${am}/api-access-token/${token.id}`)).json().status, 'expired')
    assert.equal((await tenant.get(`${am}/user/${id}`)).json().status, 'EXPIRED')
    const tomorrow = new Date(clock.now() + day).toISOString().slice(0, 10)
    const moved = await tenant.put(`${am}/api-access-token/${token.id}`, { end_date: tomorrow })
    assert.deepEqual([moved.status, moved.code], [409, 'state_conflict'])
    assert.equal((await tenant.put(`${am}/user/${id}`, { end_date: tomorrow })).status, 409)
    assert.equal((await tenant.post(`${am}/api-access-token`, { user_id: id, name: 'late' })).status, 409)
  })

  test('an end that has not passed can be moved and taken away', async (context) => {
    const service = await TestService.start(lastFirst(context))
    const tenant = await service.tenant()
    const today = new Date(service.engine.clock.now()).toISOString().slice(0, 10)
    const program = await tenant.program('moving', [], { end_date: today })
    const id = (await program.get(`${am}/user/me`)).json().id
    assert.equal((await tenant.put(`${am}/user/${id}`, { end_date: null })).status, 204)
    service.advance(2 * day)
    assert.equal((await program.get(`${am}/user`)).status, 200)
    const past = await tenant.put(`${am}/user/${id}`, { end_date: today })
    assert.deepEqual([past.status, past.field], [400, 'end_date'])
  })
})
