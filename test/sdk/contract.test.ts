import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ChanceryClient } from '../../sdk/src/index.ts'
import { prefixes } from '../../src/faces/one/api.ts'
import { routes } from '../../src/faces/one/routes.ts'
import { TestService, type TestTenant } from '../faces/one/service.ts'
import { insertOrganization } from '../support/organizations.ts'
import { lastFirst } from '../support/stores.ts'
import { callAccountManager } from './account-manager.ts'
import { otherAddresses } from './other-addresses.ts'
import { isOtherName } from './other-names.ts'
import { callPrivateCa } from './private-ca.ts'
import { Recorder } from './recorder.ts'
import { callTrustLifecycle } from './trust-lifecycle.ts'

const isOtherAddress = (name: string) => otherAddresses.some((address) => address === name)

// Each call says all that its type names (see complete.ts), so that what is sent is what the contract tells of.
describe('the contract of the client', () => {
  const scope = lastFirst({ after })
  const recorder = new Recorder()
  const { exchanges } = recorder
  before(async () => {
    const service = await TestService.start(scope, { routes: recorder.around(routes) })
    const tenant = await service.tenant()
    const foreign = await service.tenant('eve@harbour.example')
    const { engine } = service
    await insertOrganization(engine.store, {
      accountId: tenant.accountId,
      containerId: tenant.made.rootContainer.id,
      at: engine.clock.now(),
    })
    await engine.store.write(function* (transaction) {
      yield* transaction.runtime.setSetting('operator-authority', String(foreign.made.authorities.issuing.id))
    })
    const clientOf = ({ key }: TestTenant) =>
      new ChanceryClient({
        baseUrl: 'https://ca.example',
        apiKey: key,
        transport: recorder.transport(service),
        retry: { attempts: 1 },
      })
    const client = clientOf(tenant)
    const [authority] = (await clientOf(foreign).privateCa.authorities()).items
    assert.ok(authority)
    await callAccountManager(client)
    await callPrivateCa(client, tenant.accountUuid)
    await callTrustLifecycle(client, {
      accountId: tenant.accountUuid,
      templateId: tenant.id('template', 4),
      authorityId: tenant.id('authority', tenant.made.authorities.issuing.id),
      foreignCertificate: await clientOf(foreign).privateCa.downloadAuthority(authority.id),
      colleague: clientOf(await tenant.program('recovery', ['EM_RECOVERY_MANAGER'])),
    })
  })

  test('every endpoint of the face is called, and answers', () => {
    const served = routes.map(({ method, api, path }) => `${method} ${prefixes[api]}${path}`)
    const answered = [...exchanges].flatMap(([name, exchange]) => (exchange.answered > 0 ? [name] : []))
    assert.deepEqual(answered.toSorted(), served.filter((name) => !isOtherAddress(name)).toSorted())
  })

  test('nothing is sent that the endpoint does not read', () => {
    const ignored = [...exchanges].flatMap(([endpoint, { sent, read }]) =>
      [...sent.difference(read)].map((name) => `${endpoint}: ${name}`),
    )
    assert.deepEqual(ignored, [])
  })

  test('nothing is read that the client cannot send, but for names of other clients', () => {
    const unsent = [...exchanges].flatMap(([endpoint, { sent, read }]) =>
      [...read.difference(sent)]
        .filter((name) => !isOtherName(endpoint, name))
        .map((name) => `${endpoint}: ${name}`),
    )
    assert.deepEqual(unsent, [])
  })
})
