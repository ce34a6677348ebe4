import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Mail, MailFailure } from '../../../src/core/validation/outbound.ts'
import { lastFirst } from '../../support/stores.ts'
import { TestService, type TestTenant } from './service.ts'

describe('odd ends of the CertCentral face', () => {
  const scope = lastFirst({ after })
  const mails: Mail[] = []
  let isMailDown = false
  let service: TestService
  let tenant: TestTenant
  before(async () => {
    const mailer = {
      async send(mail: Mail) {
        if (isMailDown) throw new MailFailure()
        mails.push(mail)
      },
    }
    service = await TestService.start(scope, { outside: { mailer } })
    tenant = await service.tenant()
  })

  test('a ping is answered to whoever has a key', async () => {
    assert.deepEqual((await tenant.get('/ping')).json(), { data: 'Pong!' })
    assert.equal((await service.call('x', 'GET', '/ping')).status, 403)
  })

  test('a user is mailed again what he is called; nothing secret is in it', async () => {
    const user = await tenant.as('standard')
    const url = `/user/${user.administrator.id}/resend-create-email`
    assert.equal((await tenant.get(url)).status, 204)
    const [mail] = mails
    assert.equal(mail?.to, user.administrator.email)
    assert.match(mail?.text ?? '', new RegExp(user.administrator.username))
    assert.ok(!mail?.text.includes(user.key))
    isMailDown = true
    assert.deepEqual((await tenant.get(url)).codes(), ['service_unavailable'])
    assert.equal((await tenant.get('/user/999999/resend-create-email')).status, 404)
    assert.deepEqual((await user.get(url)).codes(), ['access_denied|missing_permission'])
  })

  test('certificates of other authorities are not known', async () => {
    const url = '/competitive-replacement/certificates'
    const answer = await tenant.post(url, { domains: ['shop.example'] })
    assert.deepEqual([answer.status, answer.json()], [200, { certificates: [] }])
    assert.deepEqual((await tenant.post(url, {})).codes(), ['required_param:domains'])
    assert.deepEqual((await tenant.post(url, { domains: ['-'] })).codes(), ['invalid_value:domains.0'])
  })

  test('there are no keys for guests, and no certificates of unknown orders', async () => {
    assert.deepEqual((await tenant.get('/account/guest-key')).json(), { guest_keys: [] })
    assert.deepEqual((await tenant.get('/order/certificate/1/guest-access')).codes(), ['not_found|order'])
    assert.deepEqual((await tenant.get('/ctmonitor/1/ct-cert/0A/')).codes(), ['not_found|order'])
  })

  test('a report query is refused by name, never answered wrongly', async () => {
    assert.deepEqual((await tenant.post('/reports/query', {})).codes(), ['required_param:query'])
    assert.deepEqual((await tenant.post('/reports/query', { query: '{ orders { id } }' })).codes(), [
      'invalid_value:query',
    ])
  })
})
