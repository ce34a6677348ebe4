import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { MailFailure } from '../../../src/core/validation/outbound.ts'
import { followOrdersJob } from '../../../src/jobs/follow-orders.ts'
import { startInternet } from '../../support/internet.ts'
import { Shop } from './issued-orders.ts'
import { csrPem, testOperator } from './ordering.ts'
import { TestService } from './service.ts'

const hourMs = 3_600_000
const addresses = ['ops@shop.example.com', 'it@shop.example.com']
const wanted = { additional_emails: addresses }

async function place(scope: TestContext) {
  const { outside, smtp } = await startInternet(scope)
  const service = await TestService.start(scope, { outside })
  await testOperator(service)
  const shop = await Shop.of(service, 'ada@example.test')
  const job = followOrdersJob(service.engine)
  /** What is mailed to whom within an hour and a minute, which is as long as an order is held. */
  const mailed = async () => {
    const before = smtp.received.length
    await job.run(new AbortController().signal)
    service.advance(hourMs + 60_000)
    return smtp.received.slice(before).flatMap(({ to }) => to)
  }
  const reissue = async (id: number) => {
    const body = { certificate: { csr: await csrPem() }, skip_approval: true }
    assert.equal((await shop.tenant.post(`/order/certificate/${id}/reissue`, body)).status, 201)
  }
  return { shop, smtp, mailed, reissue }
}

test('addresses of an order are sent its certificate once, and those of its reissues', async (scope) => {
  const { shop, smtp, mailed, reissue } = await place(scope)
  const { id } = await shop.order({ rest: wanted })
  assert.equal(smtp.received.length, 0, 'the answer does not wait for mail')
  assert.deepEqual(await mailed(), addresses)
  const [mail] = smtp.received
  assert.match(mail?.content ?? '', /Subject: Certificate for www\.shop\.example\.com/)
  assert.equal(mail?.content.match(/-----BEGIN CERTIFICATE-----/g)?.length, 3)
  assert.deepEqual(await mailed(), [])
  await reissue(id)
  assert.deepEqual(await mailed(), addresses)
})

test('nobody is mailed where issuance mails are disabled, or nobody is named, or nothing is issued', async (scope) => {
  const { shop, mailed, reissue } = await place(scope)
  const { id } = await shop.order({ rest: { ...wanted, disable_issuance_email: true } })
  await shop.order()
  await shop.waiting({ rest: wanted })
  assert.deepEqual(await mailed(), [])
  await reissue(id)
  assert.deepEqual(await mailed(), [])
})

test('what the mail server does not take is tried again, for a day', async (scope) => {
  const { shop, smtp, mailed } = await place(scope)
  await shop.order({ rest: { ...wanted, locale: 'ja' } })
  smtp.isFailing = true
  assert.deepEqual(await mailed(), [])
  assert.deepEqual(await mailed(), [])
  smtp.isFailing = false
  assert.deepEqual(await mailed(), addresses)
  assert.match(smtp.received[0]?.content ?? '', /Subject: =\?UTF-8/i)
  smtp.isFailing = true
  await shop.order({ rest: wanted })
  shop.service.advance(24 * hourMs)
  assert.deepEqual(await mailed(), [], 'the last attempt')
  smtp.isFailing = false
  assert.deepEqual(await mailed(), [])
})

test('of several addresses only those are tried again that were not sent anything', async (scope) => {
  const { shop, mailed } = await place(scope)
  const { mailer } = shop.service.engine.outside
  const send = mailer.send.bind(mailer)
  await shop.order({ rest: { additional_emails: [...addresses, 'last@shop.example.com'] } })
  mailer.send = async (mail) => {
    if (mail.to.startsWith('it@')) throw new MailFailure()
    await send(mail)
  }
  assert.deepEqual(await mailed(), ['ops@shop.example.com'])
  mailer.send = send
  assert.deepEqual(await mailed(), ['it@shop.example.com', 'last@shop.example.com'])
})

test('an address that the mail server refuses for good keeps the mail from nobody else', async (scope) => {
  const { shop, mailed } = await place(scope)
  const { mailer } = shop.service.engine.outside
  const send = mailer.send.bind(mailer)
  await shop.order({ rest: { additional_emails: ['nobody@shop.example.com', ...addresses] } })
  mailer.send = async (mail) => {
    if (mail.to.startsWith('nobody@')) throw new MailFailure({ isFinal: true })
    await send(mail)
  }
  assert.deepEqual(await mailed(), addresses)
  assert.deepEqual(await mailed(), [])
})
