import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { containers } from '../../../src/core/identity/container.ts'
import { prefixes } from '../../../src/faces/one/api.ts'
import { routes } from '../../../src/faces/one/routes.ts'
import { bodies, isRead, openEveryRoute } from './every-route.ts'

const { service, tenant, asked, everything } = await openEveryRoute({ after })

test('P12 (ONE) a key without roles is refused by every route that asks for a permission', async () => {
  const bot = await tenant.program('idle', [])
  const before = await everything()
  const passed: string[] = []
  for (const route of routes) {
    if (route.access === 'member' || route.access === 'anyone') continue
    const url = `${prefixes[route.api]}${route.path.replace(/:\w+/g, 'x')}`
    const options = isRead(route) ? {} : { body: {} }
    const { status, code } = await service.call(bot.key, route.method, url, options)
    if (status !== 403 || code !== 'access_denied') passed.push(`${route.method} ${url}: ${status} ${code}`)
  }
  assert.deepEqual(passed, [])
  assert.deepEqual(await everything(), before)
})

test('P12 (ONE) an administrator of a division reaches nothing that belongs to the whole account', async () => {
  const { rootContainer } = tenant.made
  const division = await service.engine.store.write(function* (transaction) {
    const id = yield* transaction.collection(containers).nextId()
    yield* transaction
      .collection(containers)
      .insert({ ...rootContainer, id, parentId: rootContainer.id, name: 'Other' })
    return id
  })
  const divided = await tenant.as('administrator', null, division)
  const before = await everything()
  assert.equal((await divided.get('/account/api/v1/user/me')).json().id, divided.id('user', divided.user.id))
  const passed: string[] = []
  for (const { route, own } of asked()) {
    for (const body of isRead(route) ? [undefined] : bodies) {
      const { status, text } = await service.call(divided.key, route.method, own, body && { body })
      if (status < 400) passed.push(`${route.method} ${own}: ${text}`)
    }
  }
  assert.deepEqual(passed, [])
  const user = { user_type: 'service', friendly_name: 'climber', roles: [{ role_code: 'AM_ACCOUNT_ADMIN' }] }
  assert.equal((await divided.post('/account/api/v1/user', user)).status, 403)
  assert.deepEqual(await everything(), before)
})

test('every answer but those of success names its request, on every route', async () => {
  for (const route of routes) {
    const url = `${prefixes[route.api]}${route.path.replace(/:\w+/g, 'x')}`
    if (route.access === 'anyone') continue
    // An address that shows many wrong keys within a minute is told to wait.
    service.advance(60_000)
    const answer = await service.call('nobody', route.method, url, isRead(route) ? {} : { body: {} })
    assert.deepEqual([answer.status, typeof answer.json().request_id], [401, 'string'], url)
  }
})

test('a change that was meant for another state of an object is refused, on every route that changes one', async () => {
  const before = await everything()
  const changes: Readonly<Record<string, object>> = {
    '/v1/enrollment/:code/status': { new_status: 'rejected' },
  }
  const headers = { 'if-match': '"00000000000000000000000000000000"' }
  const passed: string[] = []
  for (const { route, own } of asked()) {
    if (route.method !== 'PUT' && route.method !== 'DELETE') continue
    const body = changes[route.path] ?? { name: 'Other', seat_type: { id: 'DEVICE_SEAT' } }
    const { status, code, text } = await service.call(tenant.key, route.method, own, { headers, body })
    if (status !== 409 || code !== 'version_conflict') passed.push(`${route.method} ${own}: ${text}`)
  }
  assert.deepEqual(passed, [])
  assert.deepEqual(await everything(), before)
})
