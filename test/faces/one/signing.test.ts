import assert from 'node:assert/strict'
import { test } from 'node:test'
import { footprint } from '../../support/engine.ts'
import { lastFirst } from '../../support/stores.ts'
import { csrPem } from './requests.ts'
import { TestService } from './service.ts'

const tlm = '/mpki/api/v1'
const minute = 60_000
const day = 1440 * minute

test('a clock that is behind the last signature signs nothing, says so, and leaves everything else as it is', async (context) => {
  const service = await TestService.start(lastFirst(context))
  const tenant = await service.tenant()
  const [profile] = (await tenant.get('/mpki/api/v2/profile')).json()
  const issue = (name: string, headers: Record<string, string> = {}) =>
    tenant.post(
      `${tlm}/certificate`,
      {
        profile: { id: profile.id },
        seat: { seat_id: name },
        csr: csrPem(),
        attributes: { subject: { common_name: name } },
      },
      { headers },
    )
  const first = await issue('first.harbour.example')
  assert.equal(first.status, 201, first.text)
  const before = await footprint(service.engine)

  service.advance(-day)
  for (const attempt of [1, 2]) {
    const refused = await issue('second.harbour.example')
    assert.deepEqual(
      [refused.status, refused.code, refused.headers['retry-after']],
      [503, 'service_unavailable', '30'],
      `attempt ${attempt}`,
    )
    assert.match(refused.json().message, /clock of the service is behind its last signature/)
  }
  assert.match((await issue('x.example', { 'accept-language': 'ja' })).json().message, /時計/)
  assert.deepEqual(await footprint(service.engine), before, 'no reservation, and nobody is blamed for it')
  const { serial_number } = first.json()
  assert.equal((await tenant.get(`${tlm}/certificate/${serial_number}`)).json().status, 'issued')
  const revoked = await tenant.put(`${tlm}/certificate/${serial_number}/revoke`, {
    revocation_reason: 'key_compromise',
  })
  assert.equal(revoked.status, 204, 'a revocation needs no signature')

  service.advance(day - 5 * minute)
  assert.equal((await issue('third.harbour.example')).status, 201, 'five minutes are no step')
})
