import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import Fastify from 'fastify'
import { approvalFace } from '../../../src/faces/approval/plugin.ts'
import { startInternet } from '../../support/internet.ts'
import { orderBody, testOperator } from './ordering.ts'
import { TestService, type TestTenant } from './service.ts'

const dayMs = 86_400_000
const ada = 'ada@shop.example.com'

async function place(scope: TestContext) {
  const internet = await startInternet(scope)
  const service = await TestService.start(scope, { outside: internet.outside })
  await testOperator(service)
  return { internet, service, tenant: await service.tenant() }
}

async function mailboxOrder(tenant: TestTenant, rest: object = {}): Promise<number> {
  const body = await orderBody(undefined, { common_name: ada, emails: [ada] }, rest)
  const answer = await tenant.post('/order/certificate/secure_email_mailbox', body)
  assert.equal(answer.status, 201, answer.text)
  assert.equal('certificate_chain' in answer.json(), false)
  return answer.json().id
}

const validation = async (tenant: TestTenant, id: number) =>
  (await tenant.get(`/order/certificate/${id}/email-validation`)).json()

const tokenOf = (link: string | undefined) => new URL(link ?? 'missing:').searchParams.get('token') ?? ''

test('the holder of a mailbox is asked by mail, and the token of the mail has the certificate issued', async (scope) => {
  const { internet, service, tenant } = await place(scope)
  const id = await mailboxOrder(tenant)
  const sent = new Date(service.engine.clock.now()).toISOString().slice(0, 10)
  assert.deepEqual(await validation(tenant, id), {
    delivery_options: ['browser'],
    emails: [{ email: ada, status: 'unvalidated', date_emailed: sent }],
  })
  const token = tokenOf(internet.linkTo(ada))
  const answer = await tenant.put(`/email-validation/${token}?email=${encodeURIComponent(ada)}`)
  assert.deepEqual([answer.status, answer.text], [204, ''])
  const [email] = (await validation(tenant, id)).emails
  assert.equal(email.status, 'validated')
  assert.equal((await tenant.get(`/order/certificate/${id}`)).json().status, 'issued')
})

test('the page behind the link asks about the mailbox, and its button confirms it', async (scope) => {
  const { internet, service, tenant } = await place(scope)
  const id = await mailboxOrder(tenant)
  const pages = Fastify()
  scope.after(() => pages.close())
  await pages.register(approvalFace(service.engine))
  const { pathname, search } = new URL(internet.linkTo(ada) ?? 'missing:')
  const page = await pages.inject({ method: 'GET', url: `${pathname}${search}` })
  assert.match(page.body, /Confirm your mail address/)
  assert.match(page.body, /ada@shop\.example\.com/)
  assert.equal((await tenant.get(`/order/certificate/${id}`)).json().status, 'pending')
  await pages.inject({ method: 'POST', url: `${pathname}${search}` })
  assert.equal((await tenant.get(`/order/certificate/${id}`)).json().status, 'issued')
})

test('an unknown token, one for another address, and one too old are not found', async (scope) => {
  const { internet, service, tenant } = await place(scope)
  const id = await mailboxOrder(tenant)
  const token = tokenOf(internet.linkTo(ada))
  const other = token.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))
  for (const path of [
    `/email-validation/${other}`,
    '/email-validation/x',
    `/email-validation/${token}?email=b@example.com`,
  ]) {
    const answer = await tenant.put(path)
    assert.deepEqual([answer.status, answer.codes()], [404, ['not_found']], path)
  }
  service.advance(31 * dayMs)
  assert.equal((await tenant.put(`/email-validation/${token}`)).status, 404)
  assert.equal((await validation(tenant, id)).emails[0].status, 'unvalidated')
})

test('what was confirmed for one order counts for no other', async (scope) => {
  const { internet, tenant } = await place(scope)
  await mailboxOrder(tenant)
  await tenant.put(`/email-validation/${tokenOf(internet.linkTo(ada))}`)
  const second = await mailboxOrder(tenant)
  assert.equal((await validation(tenant, second)).emails[0].status, 'unvalidated')
})

test('a token says nothing about an order that was canceled', async (scope) => {
  const { internet, tenant } = await place(scope)
  const id = await mailboxOrder(tenant)
  await tenant.put(`/order/certificate/${id}/status`, { status: 'canceled', note: 'over' })
  assert.equal((await tenant.put(`/email-validation/${tokenOf(internet.linkTo(ada))}`)).status, 404)
})
