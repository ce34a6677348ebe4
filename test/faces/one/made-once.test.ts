import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lastFirst } from '../../support/stores.ts'
import { TestService, type TestTenant } from './service.ts'

const tlm = '/mpki/api/v1'
const ca = '/certificate-authority/api/v1/ca'

describe('what is administered is made once for one idempotency key', () => {
  const scope = lastFirst({ after })
  let tenant: TestTenant
  before(async () => {
    tenant = await (await TestService.start(scope)).tenant()
  })
  const issuing = () => tenant.id('authority', tenant.made.authorities.issuing.id)
  const unit = async () => (await tenant.get(`${tlm}/business-unit`)).json().items[0].id
  const requests: readonly (readonly [what: string, url: string, body: () => Promise<object>])[] = [
    ['a root CA', ca, async () => ({ name: 'Deep', cert_type: 'root' })],
    ['a business unit', `${tlm}/business-unit`, async () => ({ name: 'Quay' })],
    [
      'a seat',
      `${tlm}/seat`,
      async () => ({ business_unit_id: await unit(), seat_type: { id: 'USER_SEAT' }, seat_id: 'mate' }),
    ],
    [
      'an owner',
      `${tlm}/certificate-owners`,
      async () => ({ account_id: tenant.accountUuid, email: 'mate@harbour.example' }),
    ],
    [
      'a profile',
      `${tlm}/profile`,
      async () => ({
        account_id: tenant.accountUuid,
        business_unit_id: await unit(),
        name: 'Devices',
        template_id: tenant.id('template', 3),
        ica: { id: issuing() },
        enrollment_method: 'rest_api',
        authentication_method: 'third_party_app',
        renewal_window_days: 30,
        seat_id_mapping: 'common_name',
      }),
    ],
  ]
  for (const [what, url, body] of requests) {
    test(`P17 (ONE) ${what} asked for twice is the same, and another request with its key is 409`, async () => {
      const headers = { 'idempotency-key': what.replaceAll(' ', '-') }
      const request = await body()
      const both = await Promise.all([0, 1].map(() => tenant.post(url, request, { headers })))
      assert.ok(
        both.every(({ status }) => status < 300),
        both.map(({ text }) => text).join(),
      )
      assert.equal(both[0]?.text, both[1]?.text)
      const other = await tenant.post(url, { ...request, name: 'Other' }, { headers })
      assert.deepEqual([other.status, other.code], [409, 'idempotency_conflict'])
    })
  }

  test('P17 (ONE) a CA is certified anew once for one key', async () => {
    const send = (new_key: boolean) =>
      tenant.post(
        `${ca}/${issuing()}/recertify`,
        { new_key },
        { headers: { 'idempotency-key': `anew-${new_key}` } },
      )
    const total = async () => (await tenant.get(ca)).json().total
    const before = await total()
    const [first, second] = [await send(true), await send(true)]
    assert.equal(first.status, 200, first.text)
    assert.equal(first.text, second.text)
    assert.equal(await total(), before + 1)
    assert.equal((await send(false)).text, (await send(false)).text)
  })
})
