import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lastFirst, storeKinds } from '../../support/stores.ts'
import { TestService, type TestTenant } from './service.ts'

for (const kind of storeKinds) {
  describe(`API keys of the CertCentral face on ${kind.name}`, { skip: kind.skip }, () => {
    const scope = lastFirst({ after })
    let service: TestService
    let tenant: TestTenant
    before(async () => {
      service = await TestService.start(scope, { kind })
      tenant = await service.tenant()
    })

    test('a key is made, told once, listed without its text, revoked and taken back', async () => {
      const standard = await tenant.as('standard')
      const created = await tenant.post(`/key/user/${standard.administrator.id}`, { name: 'deploy' })
      assert.equal(created.status, 201)
      const { id, api_key: key } = created.json()
      assert.ok(key.length >= 50)
      assert.equal((await service.call(key, 'GET', '/user/me')).json().id, standard.administrator.id)
      const read = await tenant.get(`/key/${id}`)
      assert.doesNotMatch(read.text, new RegExp(key.slice(30)))
      assert.deepEqual(
        { ...read.json(), create_date: '', last_used_date: '' },
        {
          id,
          user: { id: standard.administrator.id, first_name: 'Given', last_name: 'standard' },
          status: 'active',
          create_date: '',
          last_used_date: '',
          name: 'deploy',
        },
      )
      assert.equal((await tenant.put(`/key/${id}/status`, { status: 'REVOKED' })).status, 204)
      assert.deepEqual((await service.call(key, 'GET', '/user/me')).codes(), [
        'access_denied|access_denied_invalid_key',
      ])
      await tenant.put(`/key/${id}/status`, { status: 'active' })
      assert.equal((await service.call(key, 'GET', '/user/me')).status, 200)
      assert.equal((await tenant.delete(`/key/${id}`)).status, 204)
      const { api_keys: keys } = (await tenant.get('/key/')).json()
      assert.equal(keys.find((each: { id: number }) => each.id === id).status, 'revoked')
    })

    test('a key is renamed and narrowed', async () => {
      const { id, api_key: key } = (
        await tenant.post(`/key/user/${tenant.administrator.id}`, { name: 'a', restricted_to_role_id: '100' })
      ).json()
      assert.equal((await service.call(key, 'GET', '/container')).status, 403)
      assert.equal((await tenant.put(`/key/${id}`, { name: 'b', restricted_to_role_id: 0 })).status, 204)
      assert.equal((await service.call(key, 'GET', '/container')).status, 200)
      await tenant.put(`/key/${id}`, { restricted_to_role_id: 103 })
      const read = (await tenant.get(`/key/${id}`)).json()
      assert.deepEqual([read.name, read.restricted_to_role], ['b', { id: 103, name: 'User Management' }])
      assert.deepEqual((await tenant.put(`/key/${id}`, { restricted_to_role_id: 104 })).codes(), [
        'invalid_value:restricted_to_role_id',
      ])
    })

    test('names and states are required and checked', async () => {
      const url = `/key/user/${tenant.administrator.id}`
      assert.deepEqual((await tenant.post(url, { name: '' })).codes(), ['required_param:name'])
      assert.deepEqual((await tenant.post(url, { name: 'x', restricted_to_role_id: 5 })).codes(), [
        'invalid_value:restricted_to_role_id',
      ])
      const { id } = (await tenant.post(url, { name: 'x' })).json()
      assert.deepEqual((await tenant.put(`/key/${id}/status`, {})).codes(), ['required_param:status'])
      assert.deepEqual((await tenant.put(`/key/${id}/status`, { status: 'x' })).codes(), [
        'invalid_value:status',
      ])
    })

    test('the vendor sample of JSON declared as XML makes a key', async () => {
      const answer = await tenant.post(`/key/user/${tenant.administrator.id}`, '{\n "name": "sample"\n}', {
        headers: { 'content-type': 'application/xml', accept: 'application/json' },
      })
      assert.equal(answer.status, 201)
    })

    test('the use of a key is noted to the minute', async () => {
      const first = (await tenant.get('/key')).json().api_keys[0].last_used_date
      service.advance(30_000)
      assert.equal((await tenant.get('/key')).json().api_keys[0].last_used_date, first)
      service.advance(31_000)
      await tenant.get('/key')
      assert.notEqual((await tenant.get('/key')).json().api_keys[0].last_used_date, first)
    })

    test('P6 P12 keys of another account are unknown and in no list', async () => {
      const other = await service.tenant('bob@example.test')
      const [mine] = (await tenant.get('/key')).json().api_keys
      for (const answer of [
        await other.get(`/key/${mine.id}`),
        await other.put(`/key/${mine.id}`, { name: 'x' }),
        await other.put(`/key/${mine.id}/status`, { status: 'revoked' }),
        await other.delete(`/key/${mine.id}`),
      ]) {
        assert.deepEqual([answer.status, answer.codes()], [404, ['not_found']])
      }
      assert.equal((await other.get('/key')).json().api_keys.length, 1)
      assert.equal((await tenant.get('/user/me')).status, 200)
    })

    test("a key that was made before its account had users becomes its administrator's", async () => {
      const { engine } = service
      await engine.query(`update api_key set user_id = null where account_id = ${tenant.accountId}`)
      assert.equal((await tenant.get('/user/me')).json().id, tenant.administrator.id)
    })
  })
}
