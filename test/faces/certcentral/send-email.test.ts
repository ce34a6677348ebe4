import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type Mail, MailFailure } from '../../../src/core/validation/outbound.ts'
import { lastFirst } from '../../support/stores.ts'
import { orderBody, testOrganization } from './ordering.ts'
import { TestService, type TestTenant } from './service.ts'

describe('certificates by mail', () => {
  const scope = lastFirst({ after })
  const sent: Mail[] = []
  let takesMail = true
  let tenant: TestTenant
  let id: number
  let chain: string
  before(async () => {
    const mailer = {
      async send(mail: Mail) {
        if (!takesMail) throw new MailFailure()
        sent.push(mail)
      },
    }
    const service = await TestService.start(scope, { outside: { mailer } })
    tenant = await service.tenant()
    const organization = await testOrganization(tenant)
    const contact = { first_name: 'Cy', last_name: 'Dee', email: 'cy@shop.example' }
    const body = await orderBody(organization, {}, { organization_contact: contact })
    const placed = (await tenant.post('/order/certificate/private_ssl_plus', body)).json()
    id = placed.certificate_id
    chain = placed.certificate_chain.map(({ pem }: { readonly pem: string }) => pem).join('')
    sent.length = 0
  })
  beforeEach(() => {
    sent.length = 0
    takesMail = true
  })

  test('without a body it goes to the contacts of the order, once to each', async () => {
    const answer = await tenant.put(`/certificate/${id}/sendemail`)
    assert.equal(answer.status, 204)
    assert.deepEqual(
      sent.map(({ to }) => to),
      ['cy@shop.example'],
    )
    assert.ok(sent[0]?.text.endsWith(chain))
    assert.equal(sent[0]?.subject, 'Certificate for www.shop.example.com')
  })

  test('addresses and a message of the call count, and the language is the caller', async () => {
    const body = { emails: ['a@shop.example', 'b@shop.example'], message: 'for you' }
    const headers = { 'accept-language': 'ja' }
    assert.equal((await tenant.put(`/certificate/${id}/sendemail`, body, { headers })).status, 204)
    assert.deepEqual(
      sent.map(({ to }) => to),
      ['a@shop.example', 'b@shop.example'],
    )
    assert.ok(sent[0]?.text.startsWith('for you'))
    assert.equal(sent[0]?.subject, 'www.shop.example.com の証明書')
  })

  test('what is no address, too many of them and an unknown certificate send nothing', async () => {
    const many = Array.from({ length: 11 }, (_, number) => `a${number}@shop.example`)
    for (const [path, body, code] of [
      [id, { email: 'nobody' }, 'email_not_valid_email_format'],
      [id, { emails: many }, 'invalid_value:emails'],
      [2 ** 30, {}, 'not_found'],
    ] as const) {
      assert.deepEqual((await tenant.put(`/certificate/${path}/sendemail`, body)).codes(), [code])
    }
    assert.deepEqual(sent, [])
  })

  test('a mail server that takes nothing is told as a service to come back to', async () => {
    takesMail = false
    const answer = await tenant.put(`/certificate/${id}/sendemail`)
    assert.equal(answer.status, 503)
    assert.equal(answer.headers['retry-after'], '60')
  })
})
