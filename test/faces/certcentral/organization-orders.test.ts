import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { validateOrganization } from '../../../src/core/organizations/validate-organization.ts'
import { pollValidationsJob } from '../../../src/jobs/poll-validations.ts'
import { testCaller } from '../../support/installation.ts'
import { lastFirst } from '../../support/stores.ts'
import { csrPem, silentNetwork, testDomain, testOperator, testOrganization } from './ordering.ts'
import { TestService, type TestTenant } from './service.ts'

const dayMs = 86_400_000

describe('orders that wait for their organization', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  before(async () => {
    service = await TestService.start(scope, { outside: silentNetwork })
    await testOperator(service)
    tenant = await service.tenant()
  })

  const place = async (product: string, certificate: object, organizationId: number) => {
    const placed = await tenant.post(`/order/certificate/${product}`, {
      certificate: { csr: await csrPem(), ...certificate },
      organization: { id: organizationId },
      order_validity: { years: 1 },
      dcv_method: 'dns-txt-token',
      skip_approval: true,
    })
    assert.equal(placed.status, 201, placed.text)
    return placed.json().id as number
  }
  const statusOf = async (id: number): Promise<string> =>
    (await tenant.get(`/order/certificate/${id}`)).json().status
  const runJob = () => pollValidationsJob(service.engine).run(new AbortController().signal)

  test('an OV order goes on by itself once the operator validated the organization', async () => {
    const organization = await testOrganization(tenant)
    await testDomain(tenant, organization, 'shop.example.com')
    const ov = await place('ssl_basic', { common_name: 'www.shop.example.com' }, organization)
    const other = await place('ssl_basic', { common_name: 'unproven.example.com' }, organization)
    await runJob()
    assert.equal(await statusOf(ov), 'pending')
    const { types, woken } = await validateOrganization(
      service.engine,
      organization,
      { types: [] },
      testCaller,
    )
    assert.deepEqual([types, [...woken].toSorted()], [['ov'], [ov, other].toSorted()])
    await runJob()
    assert.equal(await statusOf(ov), 'issued')
    assert.equal(await statusOf(other), 'pending', 'its name is not proven')
  })

  test('what a process that ended leaves waiting for a validated organization is issued within a day', async () => {
    const organization = await testOrganization(tenant)
    await testDomain(tenant, organization, 'left.example.com')
    const order = await place('ssl_basic', { common_name: 'www.left.example.com' }, organization)
    const { engine } = service
    // The longer an order waits, the less often it is looked at.
    service.advance(40 * dayMs)
    await runJob()
    let looks = 0
    // It reads the clock once for the validation, and again for the orders, which it does not come to.
    const clock = {
      now() {
        if (++looks > 1) throw new Error('the process ended')
        return engine.clock.now()
      },
    }
    const { random, store } = engine
    await assert.rejects(
      validateOrganization({ clock, random, store }, organization, { types: ['ov'] }, testCaller),
      /the process ended/,
    )
    await runJob()
    assert.equal(await statusOf(order), 'pending')
    service.advance(dayMs)
    await runJob()
    assert.equal(await statusOf(order), 'issued')
  })

  test('an order that names no hosts goes on like every other', async () => {
    const organization = await testOrganization(tenant)
    const order = await place('code_signing', {}, organization)
    assert.equal(await statusOf(order), 'pending')
    await validateOrganization(service.engine, organization, { types: ['cs'] }, testCaller)
    await runJob()
    assert.equal(await statusOf(order), 'issued')
  })

  test('an organization that orders name is not deleted', async () => {
    const organization = await testOrganization(tenant)
    await place('private_ssl_plus', { common_name: 'shop.internal' }, organization)
    assert.deepEqual((await tenant.delete(`/organization/${organization}`)).codes(), [
      'invalid_value:organization_id',
    ])
  })

  test('a validation that is over holds new orders back, and not those of private products', async () => {
    const organization = await testOrganization(tenant)
    const until = service.engine.clock.now() + dayMs
    await validateOrganization(service.engine, organization, { types: ['ov'], until }, testCaller)
    await testDomain(tenant, organization, 'over.example.com')
    service.advance(dayMs)
    const ov = await place('ssl_basic', { common_name: 'www.over.example.com' }, organization)
    assert.equal(await statusOf(ov), 'pending')
    const own = await place('private_ssl_plus', { common_name: 'shop.internal' }, organization)
    assert.equal(await statusOf(own), 'issued')
  })

  test('an order whose organization is closed is refused', async () => {
    const organization = await testOrganization(tenant)
    await tenant.put(`/organization/${organization}/deactivate`)
    const refused = await tenant.post('/order/certificate/private_ssl_plus', {
      certificate: { common_name: 'shop.internal', csr: await csrPem() },
      organization: { id: organization },
      order_validity: { years: 1 },
    })
    assert.deepEqual(refused.codes(), ['inactive_organization'])
  })
})
