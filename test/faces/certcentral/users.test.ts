import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lastFirst, storeKinds } from '../../support/stores.ts'
import { TestService, type TestTenant } from './service.ts'

const person = (username: string, roleId = 5) => ({
  username,
  first_name: 'Ben',
  last_name: 'Ochs',
  email: `${username}@shop.example`,
  access_roles: [{ id: roleId }],
})

for (const kind of storeKinds) {
  describe(`users of the CertCentral face on ${kind.name}`, { skip: kind.skip }, () => {
    const scope = lastFirst({ after })
    let service: TestService
    let tenant: TestTenant
    let other: TestTenant
    before(async () => {
      service = await TestService.start(scope, { kind })
      tenant = await service.tenant()
      other = await service.tenant('bob@example.test')
    })

    test('who calls sees himself with container and role', async () => {
      const answer = await tenant.get('/user/me')
      const { container, ...user } = answer.json()
      assert.deepEqual(user, {
        id: tenant.administrator.id,
        username: 'ada@example.test',
        account_id: tenant.accountId,
        first_name: 'Example',
        last_name: 'Administrator',
        email: 'ada@example.test',
        status: 'active',
        access_roles: [{ id: 1, name: 'Administrator' }],
        type: 'standard',
        is_cert_central: true,
        is_enterprise: false,
        is_saml_sso_only: false,
        has_container_assignments: false,
        container_visibility: [{ id: tenant.rootContainer.id, name: 'Example' }],
      })
      assert.equal(container.id, tenant.rootContainer.id)
      assert.equal(container.parent_id, 0)
      assert.deepEqual(Object.keys(container).sort(), [
        'ekey',
        'has_logo',
        'id',
        'is_active',
        'name',
        'parent_id',
        'public_id',
        'template_id',
      ])
    })

    test('a user is made, read, changed, given a role and ended', async () => {
      const created = await tenant.post('/user', {
        ...person('Ben.Ochs'),
        job_title: 'Admin',
        telephone: 5550101,
      })
      assert.equal(created.status, 201)
      const { id } = created.json()
      const read = (await tenant.get(`/user/${id}`)).json()
      assert.deepEqual(
        [read.username, read.telephone, read.job_title, read.status, read.access_roles],
        ['ben.ochs', '5550101', 'Admin', 'pending', [{ id: 5, name: 'Standard User' }]],
      )
      assert.equal((await tenant.put(`/user/${id}`, { first_name: 'Benno', status: 'inactive' })).status, 204)
      const changed = (await tenant.get(`/user/${id}`)).json()
      assert.deepEqual(
        [changed.first_name, changed.last_name, changed.status, changed.job_title, changed.telephone],
        ['Benno', 'Ochs', 'inactive', undefined, undefined],
      )
      assert.equal((await tenant.put(`/user/${id}/role`, { access_roles: [{ id: '4' }] })).status, 204)
      assert.equal((await tenant.get(`/user/${id}`)).json().access_roles[0].name, 'Manager')
      assert.equal((await tenant.delete(`/user/${id}`)).status, 204)
      for (const answer of [await tenant.get(`/user/${id}`), await tenant.delete(`/user/${id}`)]) {
        assert.deepEqual([answer.status, answer.codes()], [404, ['not_found']])
      }
      assert.deepEqual((await tenant.get('/user/availability/ben.ochs')).json(), { available: true })
    })

    test('a name is taken in the whole installation, in any letter case', async () => {
      assert.equal((await other.post('/user', person('carl'))).status, 201)
      assert.deepEqual((await tenant.get('/user/availability/CARL')).json(), { available: false })
      const refused = await tenant.post('/user', person('CARL'))
      assert.deepEqual([refused.status, refused.codes()], [400, ['username_unavailable']])
      const dora = (await tenant.post('/user', person('dora'))).json()
      const renamed = await tenant.put(`/user/${dora.id}`, { username: 'carl' })
      assert.deepEqual(renamed.codes(), ['username_unavailable'])
    })

    test('of two users made at once with one name exactly one is there', async () => {
      const answers = await Promise.all([1, 2, 3].map(() => tenant.post('/user', person('erna'))))
      assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 400, 400])
    })

    test('everything that is absent is told at once; forms come after', async () => {
      assert.deepEqual((await tenant.post('/user', {})).codes(), [
        'required_param:username',
        'required_param:first_name',
        'required_param:last_name',
        'required_param:email',
        'required_param:access_roles',
      ])
      const wrong = { ...person('x y'), email: 'nobody', first_name: '<b>', access_roles: [{ id: 7 }] }
      assert.deepEqual((await tenant.post('/user', wrong)).codes(), [
        'invalid_chars:username',
        'invalid_chars:first_name',
        'email_not_valid_email_format',
        'invalid_value:access_roles',
      ])
      for (const container of [{ id: other.rootContainer.id }, { id: 999_999 }, 'x']) {
        const refused = await tenant.post('/user', { ...person('fritz'), container })
        assert.match(refused.codes().join(), /^invalid_value:container/)
      }
    })

    test('a service user comes with its key, which is told once', async () => {
      const created = await tenant.post('/user', {
        is_api_only: true,
        email: 'robot@shop.example',
        api_name: 'deploy',
        restricted_to_role_id: 102,
      })
      assert.equal(created.status, 201)
      const { id, api_key: key } = created.json()
      assert.equal((await service.call(key, 'GET', '/user/me')).json().id, id)
      assert.equal((await service.call(key, 'GET', '/container')).status, 200)
      assert.equal((await service.call(key, 'GET', '/key')).status, 403)
      const { users } = (await tenant.get('/user/api-only')).json()
      assert.deepEqual(
        users.map((user: { id: number }) => user.id),
        [id],
      )
    })

    test('keys of an inactive and of an ended user are no keys any more', async () => {
      const standard = await tenant.as('standard')
      const { id } = standard.administrator
      assert.equal((await standard.get('/user/me')).status, 200)
      await tenant.put(`/user/${id}`, { status: 'inactive' })
      assert.deepEqual((await standard.get('/user/me')).codes(), ['access_denied|access_denied_invalid_key'])
      await tenant.put(`/user/${id}`, { status: 'active' })
      assert.equal((await standard.get('/user/me')).status, 200)
      await tenant.delete(`/user/${id}`)
      assert.deepEqual((await standard.get('/user/me')).codes(), ['access_denied|access_denied_invalid_key'])
    })

    test('the last administrator stays one', async () => {
      const other = await service.tenant('last@example.test')
      const { id } = other.administrator
      assert.deepEqual((await other.delete(`/user/${id}`)).codes(), ['invalid_value:user_id'])
      assert.deepEqual((await other.put(`/user/${id}`, { status: 'inactive' })).codes(), [
        'invalid_value:status',
      ])
      const demoted = await other.put(`/user/${id}/role`, { access_roles: [{ id: 5 }] })
      assert.deepEqual(demoted.codes(), ['invalid_value:access_roles'])
      await other.as('administrator')
      assert.equal((await other.put(`/user/${id}/role`, { access_roles: [{ id: 5 }] })).status, 204)
    })

    test('P14 a manager makes users, but neither administrators nor service users, and changes none', async () => {
      const manager = await tenant.as('manager')
      assert.equal((await manager.post('/user', person('gerda'))).status, 201)
      for (const answer of [
        await manager.post('/user', person('hugo', 1)),
        await manager.post('/user', { is_api_only: true, email: 'r@shop.example', api_name: 'r' }),
        await manager.put(`/user/${tenant.administrator.id}`, { email: 'mine@shop.example' }),
        await manager.delete(`/user/${tenant.administrator.id}`),
        await manager.put(`/user/${manager.administrator.id}/role`, { access_roles: [{ id: 1 }] }),
      ]) {
        assert.deepEqual([answer.status, answer.codes()], [403, ['access_denied|missing_permission']])
      }
    })

    test('P6 P12 users of another account are unknown and in no list', async () => {
      const { id } = tenant.administrator
      for (const answer of [
        await other.get(`/user/${id}`),
        await other.put(`/user/${id}`, { first_name: 'x' }),
        await other.put(`/user/${id}/role`, { access_roles: [{ id: 5 }] }),
        await other.delete(`/user/${id}`),
        await other.post(`/key/user/${id}`, { name: 'x' }),
        await other.get('/user/999999'),
      ]) {
        assert.equal(answer.status, 404)
        assert.equal(
          answer.text,
          '{"errors":[{"code":"not_found","message":"The specified object was not found."}]}',
        )
      }
      const { users } = (await other.get('/user')).json()
      assert.ok(users.every((user: { account_id: number }) => user.account_id === other.accountId))
    })

    test("P13 members that are the server's are ignored", async () => {
      const body = {
        ...person('ida'),
        id: 1,
        account_id: other.accountId,
        status: 'active',
        is_admin: true,
        container: { id: 0 },
      }
      const { id } = (await tenant.post('/user', body)).json()
      const read = (await tenant.get(`/user/${id}`)).json()
      assert.deepEqual(
        [read.account_id, read.status, read.container.id, read.access_roles[0].id],
        [tenant.accountId, 'pending', tenant.rootContainer.id, 5],
      )
    })

    test('lists are narrowed, sorted and paged, with exact totals', async () => {
      const third = await service.tenant('lists@example.test')
      for (const name of ['anna', 'berta', 'clara']) await third.post('/user', person(`list-${name}`))
      const names = async (query: string) => {
        const { users, page } = (await third.get(`/user?${query}`)).json()
        return [users.map((user: { username: string }) => user.username), page]
      }
      assert.deepEqual(await names('sort=-username&limit=2&offset=1'), [
        ['list-clara', 'list-berta'],
        { total: 4, limit: 2, offset: 1 },
      ])
      assert.deepEqual(await names('filters[username]=LIST-anna'), [
        ['list-anna'],
        { total: 1, limit: 1000, offset: 0 },
      ])
      assert.deepEqual((await names('filters%5Busername%5D=%25BERT'))[0], ['list-berta'])
      assert.deepEqual((await names('filters[username][0]=list-anna&filters[username][1]=list-clara'))[0], [
        'list-anna',
        'list-clara',
      ])
      assert.deepEqual(await names('offset=99'), [[], { total: 4, limit: 1000, offset: 99 }])
      assert.deepEqual((await names(`container_id=${tenant.rootContainer.id}`))[0], [])
      const csv = await third.get('/user?filters[username]=list-anna', { headers: { accept: 'text/csv' } })
      assert.match(csv.text, /^id,username,.*\r\n\d+,list-anna,/)
    })

    test('P19 limits, offsets and filters out of range or full of signs give a bounded page or 400', async () => {
      for (const [query, codes] of [
        ['limit=1e9', ['invalid_value:limit']],
        ['limit=1001', ['invalid_value:limit']],
        ['limit=0', ['invalid_value:limit']],
        ['offset=-1', ['invalid_value:offset']],
        ['limit=x&offset=y', ['invalid_value:limit', 'invalid_value:offset']],
        ['filters[container_id]=x', ['invalid_value:filters.container_id']],
      ] as const) {
        const answer = await tenant.get(`/user?${query}`)
        assert.deepEqual([answer.status, answer.codes()], [400, codes], query)
      }
      for (const value of ['%', '_', "'", '"', '.*', "' or 1=1 --", '%_%', '\\', '\0', '%00', '[', '>x']) {
        const answer = await tenant.get(`/user?filters[username]=${encodeURIComponent(value)}&sort=;drop`)
        assert.equal(answer.status, 200, value)
        // "%00" asks for what contains "00", which the random name of a service user may.
        const part = value.startsWith('%') ? value.slice(1) : value
        for (const { username } of answer.json().users)
          assert.ok(username.includes(part), `${value}: ${username}`)
      }
    })
  })
}
