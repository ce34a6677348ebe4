import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lastFirst } from '../../support/stores.ts'
import { TestService, type TestTenant } from './service.ts'

const tlm = '/mpki/api/v1'
const am = '/account/api/v1'

describe('keys and tokens that are not for the caller', () => {
  const scope = lastFirst({ after })
  let tenant: TestTenant
  let kept: string
  before(async () => {
    tenant = await (await TestService.start(scope)).tenant()
    kept = await tenant.postProfile({
      enrollment_method: 'rest_api',
      authentication_method: 'third_party_app',
      key_escrow_policy: { key_escrow_enabled: true },
    })
  })
  const issueKept = (by: TestTenant, name: string, headers: Record<string, string> = {}) =>
    by.post(
      `${tlm}/certificate`,
      {
        profile: { id: kept },
        seat: { seat_id: name },
        delivery_format: 'pkcs12',
        attributes: { subject: { common_name: name } },
      },
      { headers },
    )

  test('P20 (ONE) a pickup gives out no kept key, whoever picks up', async () => {
    const { serial_number } = (await issueKept(tenant, 'crane')).json()
    const { id } = (await tenant.get(`${tlm}/certificate/${serial_number}`)).json()
    const viewer = await tenant.program('viewer', ['EM_VIEW_ONLY'])
    for (const by of [viewer, tenant]) {
      for (const delivery_format of ['pkcs12', 'PKCS12', 'pkcs12_pem']) {
        const answer = await by.post(`${tlm}/certificate-pickup/${id}`, { delivery_format })
        assert.deepEqual([answer.status, answer.field], [400, 'delivery_format'])
      }
      const answer = await by.post(`${tlm}/certificate-pickup/${id}`)
      assert.deepEqual([answer.status, answer.json().delivery_format], [200, 'x509'])
    }
  })

  test('P17 (ONE) the idempotency key of another user of the account is 409, and tells nothing of what it made', async () => {
    const headers = { 'idempotency-key': 'made-by-ada' }
    const request = { user_id: tenant.id('user', tenant.user.id), name: 'second' }
    const made = await tenant.post(`${am}/api-access-token`, request, { headers })
    assert.equal(made.status, 201, made.text)
    const viewer = await tenant.program('onlooker', ['AM_VIEW_ONLY'])
    const answer = await viewer.post(`${am}/api-access-token`, request, { headers })
    assert.deepEqual([answer.status, answer.code], [409, 'idempotency_conflict'])
    assert.equal((await tenant.post(`${am}/api-access-token`, request, { headers })).text, made.text)

    const first = await issueKept(tenant, 'winch', { 'idempotency-key': 'kept' })
    assert.equal(first.status, 201, first.text)
    const clerk = await tenant.program('clerk', ['EM_EPKI_USER_&_CERT_MANAGER'])
    const repeated = await issueKept(clerk, 'winch', { 'idempotency-key': 'kept' })
    assert.deepEqual([repeated.status, repeated.code], [409, 'idempotency_conflict'])
  })
})
