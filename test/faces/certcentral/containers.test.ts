import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lastFirst } from '../../support/stores.ts'
import { TestService, type TestTenant } from './service.ts'

const ids = (items: readonly { readonly id: number }[]) => items.map(({ id }) => id)

describe('containers of the CertCentral face', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  let root: number
  before(async () => {
    service = await TestService.start(scope)
    tenant = await service.tenant()
    root = tenant.rootContainer.id
  })

  const child = async (parent: number, name = 'Division'): Promise<number> =>
    (await tenant.post(`/container/${parent}/children`, { name, template_id: 1 })).json().id

  test('a container is made below another, read, changed and found from both sides', async () => {
    const created = await tenant.post(`/container/${root}/children`, {
      name: 'History',
      description: 'of everything',
      template_id: '2',
      allowed_domain_names: ['Shop.Example', 'shop.example', 'münchen.example'],
    })
    assert.equal(created.status, 201)
    const { id } = created.json()
    const read = (await tenant.get(`/container/${id}`)).json()
    assert.match(read.public_id, /^[a-z0-9]{20,}$/)
    assert.deepEqual(
      { ...read, public_id: '', ekey: '' },
      {
        id,
        public_id: '',
        name: 'History',
        description: 'of everything',
        parent_id: root,
        template_id: 2,
        ekey: '',
        has_logo: false,
        is_active: true,
        allowed_domain_names: ['shop.example', 'xn--mnchen-3ya.example'],
        organization_assignments: [],
      },
    )
    assert.equal((await tenant.put(`/container/${id}`, { name: 'Geography' })).status, 204)
    assert.equal((await tenant.get(`/container/${id}`)).json().name, 'Geography')
    assert.ok(ids((await tenant.get(`/container/${root}/children`)).json().containers).includes(id))
    assert.equal((await tenant.get(`/container/${id}/parent`)).json().id, root)
    assert.equal((await tenant.get(`/container/${root}/parent`)).status, 404)
    const names = await tenant.put(`/container/${id}/allowed-domain-names`, { allowed_domain_names: [] })
    assert.equal(names.status, 204)
    assert.deepEqual((await tenant.get(`/container/${id}`)).json().allowed_domain_names, [])
  })

  test('a container is closed and opened with all below it; the root stays open', async () => {
    const upper = await child(root)
    const lower = await child(upper)
    const isActive = async () => (await tenant.get(`/container/${lower}`)).json().is_active
    assert.equal((await tenant.put(`/container/${upper}/deactivate`)).status, 204)
    assert.equal(await isActive(), false)
    assert.equal((await tenant.put(`/container/${upper}/active`, 'null')).status, 204)
    assert.equal(await isActive(), true)
    assert.deepEqual((await tenant.put(`/container/${root}/deactivate`)).codes(), [
      'invalid_value:container_id',
    ])
  })

  test('a container begins with its first user, or not at all when his name is taken', async () => {
    const user = {
      username: 'history-head',
      first_name: 'Ada',
      last_name: 'Moser',
      email: 'ada@shop.example',
      access_roles: [{ id: 1 }],
    }
    const made = await tenant.post(`/container/${root}/children`, { name: 'A', template_id: 1, user })
    assert.equal(made.status, 201)
    const before = (await tenant.get('/container')).json().containers.length
    const refused = await tenant.post(`/container/${root}/children`, { name: 'B', template_id: 1, user })
    assert.deepEqual(refused.codes(), ['username_unavailable'])
    assert.equal((await tenant.get('/container')).json().containers.length, before)
    const { users } = (await tenant.get(`/user?container_id=${made.json().id}`)).json()
    assert.equal(users[0].username, 'history-head')
  })

  test('parameters are required and checked', async () => {
    const url = `/container/${root}/children`
    assert.deepEqual((await tenant.post(url, {})).codes(), [
      'required_param:name',
      'required_param:template_id',
    ])
    assert.deepEqual((await tenant.post(url, { name: 'x', template_id: 99 })).codes(), [
      'invalid_value:template_id',
    ])
    const names = { name: 'x', template_id: 1, allowed_domain_names: ['ok.example', 'not a name'] }
    assert.deepEqual((await tenant.post(url, names)).codes(), ['invalid_chars:allowed_domain_names.1'])
    const user = { username: 'x' }
    assert.deepEqual((await tenant.post(url, { name: 'x', template_id: 1, user })).codes(), [
      'required_param:user.first_name',
      'required_param:user.last_name',
      'required_param:user.email',
      'required_param:user.access_roles',
    ])
  })

  test('templates and roles of a container can be asked for', async () => {
    const { container_templates: templates } = (await tenant.get(`/container/${root}/template`)).json()
    assert.equal(templates[0].id, 1)
    const template = (await tenant.get(`/container/${root}/template/2`)).json()
    assert.deepEqual(ids(template.access_roles), [1, 5, 2])
    assert.equal((await tenant.get(`/container/${root}/template/77`)).status, 404)
    assert.equal((await tenant.get(`/container/${root}/role`)).json().access_roles.length, 5)
  })

  test('a role that the template does not know is refused', async () => {
    const { id } = (await tenant.post(`/container/${root}/children`, { name: 'x', template_id: 2 })).json()
    const user = {
      username: 'payer',
      first_name: 'P',
      last_name: 'P',
      email: 'p@shop.example',
      access_roles: [{ id: 3 }],
      container: { id },
    }
    assert.deepEqual((await tenant.post('/user', user)).codes(), ['invalid_value:access_roles'])
  })

  test('P12 who is in a division sees it and what is below, nothing beside it', async () => {
    const mine = await child(root, 'Mine')
    const below = await child(mine, 'Below')
    const beside = await child(root, 'Beside')
    const inside = await tenant.as('administrator', { containerId: mine })
    const outside = await tenant.as('administrator', { containerId: beside })
    assert.deepEqual(ids((await inside.get('/container')).json().containers), [mine, below])
    for (const id of [root, beside, 999_999]) {
      for (const answer of [
        await inside.get(`/container/${id}`),
        await inside.put(`/container/${id}`, { name: 'x' }),
        await inside.put(`/container/${id}/deactivate`),
        await inside.post(`/container/${id}/children`, { name: 'x', template_id: 1 }),
        await inside.get(`/authorization?container_id=${id}`),
      ]) {
        assert.deepEqual([answer.status, answer.codes()], [404, ['not_found']])
      }
    }
    for (const user of [tenant.administrator, outside.administrator]) {
      assert.equal((await inside.get(`/user/${user.id}`)).status, 404)
    }
    const { users } = (await inside.get('/user')).json()
    assert.deepEqual(ids(users), [inside.administrator.id])
    const { api_keys: keys } = (await inside.get('/key')).json()
    assert.deepEqual(
      keys.map((key: { user: { id: number } }) => key.user.id),
      [inside.administrator.id],
    )
    const assigned = await tenant.put(`/user/${inside.administrator.id}/assignments`, {
      container_id_assignments: [beside],
    })
    assert.equal(assigned.status, 204)
    assert.deepEqual(ids((await inside.get('/container')).json().containers), [mine, below, beside])
  })
})
