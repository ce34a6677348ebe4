import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { rotateMasterKey } from '../../../src/core/keys/rotate-master-key.ts'
import { testCaller } from '../../support/installation.ts'
import { lastFirst, storeKinds } from '../../support/stores.ts'
import { TestService } from './service.ts'

const tlm = '/mpki/api/v1'

for (const kind of storeKinds) {
  describe(`an exchange of the master key on ${kind.name}`, { skip: kind.skip }, () => {
    test('codes of enrollments are told, and lost tokens shown again, as before', async (context) => {
      const service = await TestService.start(lastFirst(context), { kind })
      const tenant = await service.tenant()
      const coded = await tenant.postProfile({
        enrollment_method: 'scep',
        authentication_method: 'enrollment_code',
      })
      const enrollment = (
        await tenant.post(`${tlm}/enrollment`, { profile: coded, seat: { seat_id: 'crane' } })
      ).json()
      const makeTokens = () =>
        Promise.all(
          ['first', 'second'].map((name) =>
            tenant.post(
              '/account/api/v1/api-access-token',
              { user_id: tenant.id('user', tenant.user.id), name },
              { headers: { 'idempotency-key': name } },
            ),
          ),
        )
      const made = await makeTokens()
      assert.deepEqual(
        made.map(({ status }) => status),
        [201, 201],
      )
      const { installation } = service.engine
      // Twice: the first copy was made by the key before the last.
      for (let round = 0; round < 2; round++) {
        const { unreadable } = await rotateMasterKey(installation, installation.sealer, testCaller)
        assert.deepEqual(unreadable, [])
        const told = await tenant.get(`${tlm}/enrollment-details/${enrollment.id}`)
        assert.equal(told.json().enrollment_code, enrollment.enrollment_code)
        assert.deepEqual(
          (await makeTokens()).map(({ text }) => text),
          made.map(({ text }) => text),
        )
      }
    })
  })
}
