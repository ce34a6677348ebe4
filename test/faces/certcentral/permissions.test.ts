import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ApiKeyRestriction, ApiKeyRole } from '../../../src/core/accounts/account.ts'
import { createContainer } from '../../../src/core/identity/create-container.ts'
import type { Resource, Right } from '../../../src/core/identity/permissions.ts'
import { identify } from '../../../src/core/identity/principal.ts'
import { done } from '../../../src/faces/certcentral/reply.ts'
import { defineRoute } from '../../../src/faces/certcentral/route.ts'
import { eventsOf, testCaller } from '../../support/installation.ts'
import { lastFirst } from '../../support/stores.ts'
import { TestService, type TestTenant } from './service.ts'

/** A for administrator, M manager, F finance manager, S standard user, L limited user: who may view, manage, approve. */
const matrix: Readonly<Record<Resource, readonly [view: string, manage: string, approve: string]>> = {
  self: ['AMFSL', '', ''],
  orders: ['AMFSL', 'AMFSL', 'AM'],
  requests: ['AMFSL', 'AMFSL', 'AM'],
  certificates: ['AMFSL', 'AMFSL', 'AM'],
  domains: ['AMFSL', 'AM', 'AM'],
  organizations: ['AMFSL', 'AM', 'AM'],
  products: ['AMFSL', 'A', ''],
  containers: ['AMFSL', 'A', ''],
  users: ['AM', 'AM', ''],
  keys: ['A', 'A', ''],
  account: ['AMFSL', 'A', ''],
  'custom-fields': ['AMFSL', 'A', ''],
  'auth-keys': ['A', 'A', ''],
  finance: ['AMF', 'AMF', ''],
  reports: ['AMF', 'AMF', ''],
  webhooks: ['A', 'A', ''],
  subaccounts: ['A', 'A', ''],
}

/** What each restriction leaves of it. */
const reach: Readonly<Record<ApiKeyRestriction, (resource: Resource, right: Right) => boolean>> = {
  orders: (resource, right) =>
    ['self', 'orders', 'requests', 'certificates'].includes(resource) ||
    (resource === 'products' && right === 'view'),
  'orders-domains-organizations': (resource, right) =>
    ['self', 'orders', 'requests', 'certificates', 'domains', 'organizations'].includes(resource) ||
    (resource === 'products' && right === 'view'),
  view: (_, right) => right === 'view',
  users: (resource) => ['self', 'users'].includes(resource),
}

const letters: Readonly<Record<ApiKeyRole, string>> = {
  administrator: 'A',
  manager: 'M',
  finance: 'F',
  standard: 'S',
  limited: 'L',
}
const rights = ['view', 'manage', 'approve'] as const
const roles = Object.keys(letters) as ApiKeyRole[]
const restrictions = [null, ...(Object.keys(reach) as ApiKeyRestriction[])]
const resources = Object.keys(matrix) as Resource[]

const routes = resources.flatMap((resource) =>
  rights.map((right) =>
    defineRoute({
      method: right === 'view' ? 'GET' : 'PUT',
      path: `/${resource}/${right}`,
      resource,
      right,
      tier: 'A',
      body: 'optional',
      handler: () => done,
    }),
  ),
)

describe('the rights of roles and restricted keys', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  before(async () => {
    service = await TestService.start(scope, { routes })
    tenant = await service.tenant()
  })

  for (const role of roles) {
    for (const restriction of restrictions) {
      test(`P14 a key of the ${role} role, ${restriction ?? 'not'} restricted, may what the table says and nothing else`, async () => {
        const caller = await tenant.as(role, { restriction })
        for (const resource of resources) {
          for (const [place, right] of rights.entries()) {
            const mayRole = matrix[resource][place]?.includes(letters[role]) === true
            const may = mayRole && (restriction === null || reach[restriction](resource, right))
            const answer = await service.call(
              caller.key,
              right === 'view' ? 'GET' : 'PUT',
              `/${resource}/${right}`,
            )
            assert.equal(answer.status, may ? 204 : 403, `${resource} ${right}`)
            if (!may) assert.deepEqual(answer.codes(), ['access_denied|missing_permission'])
          }
        }
      })
    }
  }

  test('P14 an administrator of a division changes nothing that is the whole account’s', async () => {
    const { engine } = service
    const { container } = await createContainer(
      engine,
      await identify(engine, tenant.key, 'test'),
      {
        parentId: tenant.rootContainer.id,
        name: 'Division',
        description: '',
        templateId: 1,
        allowedDomainNames: [],
      },
      testCaller,
    )
    const caller = await tenant.as('administrator', { containerId: container.id })
    for (const resource of resources) {
      const isShared = [
        'products',
        'account',
        'custom-fields',
        'auth-keys',
        'webhooks',
        'subaccounts',
      ].includes(resource)
      const may = matrix[resource][1] !== '' && !isShared
      const answer = await service.call(caller.key, 'PUT', `/${resource}/manage`)
      assert.equal(answer.status, may ? 204 : 403, resource)
      assert.equal((await service.call(caller.key, 'GET', `/${resource}/view`)).status, 204, resource)
    }
  })

  test('P14 every refusal is told to the audit log with who and what', async () => {
    const caller = await tenant.as('limited')
    const before = (await eventsOf(service.engine.installation, 'access.refused')).length
    await service.call(caller.key, 'PUT', '/webhooks/manage?secret=1')
    const events = await eventsOf(service.engine.installation, 'access.refused')
    assert.equal(events.length, before + 1)
    const event = events.at(-1)
    assert.deepEqual(event?.detail, {
      permission: 'webhooks:manage',
      request: 'PUT /services/v2/webhooks/manage',
    })
    assert.equal(event?.accountId, tenant.accountId)
    assert.equal(event?.actor.type, 'api-key')
  })

  test('a key of a lower role than its user may no more than its own role', async () => {
    const { engine } = service
    const key = await tenant.as('administrator')
    await engine.query(`update api_key set role = 'standard' where user_id = ${key.administrator.id}`)
    assert.equal((await service.call(key.key, 'PUT', '/orders/manage')).status, 204)
    assert.equal((await service.call(key.key, 'PUT', '/requests/approve')).status, 403)
    assert.equal((await service.call(key.key, 'GET', '/users/view')).status, 403)
  })
})
