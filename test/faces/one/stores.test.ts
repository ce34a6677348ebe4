import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { lastFirst, storeKinds } from '../../support/stores.ts'
import { csrPem } from './requests.ts'
import { TestService } from './service.ts'

const tlm = '/mpki/api/v1'

for (const kind of storeKinds) {
  describe(`the DigiCert ONE face on ${kind.name}`, { skip: kind.skip }, () => {
    test('credentials, certificates, seats and enrollments keep what makes them unique', async (context) => {
      const service = await TestService.start(lastFirst(context), { kind })
      const tenant = await service.tenant()
      const profiles = (await tenant.get('/mpki/api/v2/profile')).json()
      const unit = profiles[0].business_unit_id
      const user = { user_type: 'service', friendly_name: 'bot' }
      const users = await Promise.all([0, 1, 2].map(() => tenant.post('/account/api/v1/user', user)))
      assert.deepEqual(users.map(({ status }) => status).sort(), [201, 409, 409])

      const coded = await tenant.post(`${tlm}/profile`, {
        account_id: tenant.accountUuid,
        business_unit_id: unit,
        name: 'Coded',
        template_id: tenant.id('template', 3),
        ica: { id: tenant.id('authority', tenant.made.authorities.issuing.id) },
        enrollment_method: 'scep',
        authentication_method: 'enrollment_code',
        renewal_window_days: 30,
        seat_id_mapping: 'common_name',
        duplicate_cert_policy: false,
      })
      const request = (name: string) => ({
        seat: { seat_id: name },
        csr: csrPem(),
        attributes: { subject: { common_name: name } },
      })
      const enrollment = (
        await tenant.post(`${tlm}/enrollment`, { profile: coded.json().id, seat: { seat_id: 'crane' } })
      ).json()
      const redeemed = await Promise.all(
        [0, 1, 2].map(() =>
          tenant.post(`${tlm}/enrollment/redeem`, {
            ...request('crane'),
            profile: { id: coded.json().id },
            enrollment_code: enrollment.enrollment_code,
          }),
        ),
      )
      assert.equal(redeemed.filter(({ status }) => status === 200).length, 1)

      const headers = { 'idempotency-key': 'once' }
      const body = { ...request('pump.example'), profile: { id: profiles[0].id } }
      const issued = await Promise.all(
        [0, 1, 2].map(() => tenant.post(`${tlm}/certificate`, body, { headers })),
      )
      assert.equal(new Set(issued.map(({ text }) => text)).size, 1)
      assert.equal(
        (await tenant.get(`${tlm}/certificate-search?common_name=pump.example&status=issued`)).json().total,
        1,
      )
      const seats = await Promise.all(
        [0, 1, 2].map(() => tenant.post(`${tlm}/seat`, { business_unit_id: unit, seat_id: 'ada' })),
      )
      assert.deepEqual(seats.map(({ status }) => status).sort(), [201, 409, 409])
      const seat = `${tlm}/seat/pump.example?seat_type_id=SERVER_SEAT`
      assert.equal((await tenant.delete(seat)).status, 204)
      assert.equal(
        (await tenant.get(`${tlm}/certificate/${issued[0]?.json().serial_number}`)).json().status,
        'revoked',
      )
      assert.equal((await tenant.post(`${tlm}/certificate`, { ...body, csr: csrPem() })).status, 201)
      assert.equal((await tenant.get(seat)).status, 200)
    })
  })
}
