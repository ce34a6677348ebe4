import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import Fastify from 'fastify'
import { approvalFace } from '../../../src/faces/approval/plugin.ts'
import { pollValidationsJob } from '../../../src/jobs/poll-validations.ts'
import { startInternet } from '../../support/internet.ts'
import { orderBody, testOperator } from './ordering.ts'
import { TestService, type TestTenant } from './service.ts'

const dayMs = 86_400_000

async function place(t: TestContext) {
  const internet = await startInternet(t)
  const service = await TestService.start(t, { outside: internet.outside })
  await testOperator(service)
  const pages = Fastify()
  t.after(() => pages.close())
  await pages.register(approvalFace(service.engine))
  /** Opens the link of a mail, or presses its button. */
  const visit = (method: 'GET' | 'POST', link: string | undefined, language = 'en') => {
    assert.ok(link !== undefined, 'a mail with a link has come')
    const { pathname, search } = new URL(link)
    return pages.inject({ method, url: `${pathname}${search}`, headers: { 'accept-language': language } })
  }
  return { internet, service, visit, tenant: await service.tenant() }
}

async function dvOrder(tenant: TestTenant, certificate: object = {}, rest: object = {}): Promise<number> {
  const body = await orderBody(undefined, certificate, rest)
  const answer = await tenant.post('/order/certificate/ssl_dv_geotrust_flex', body)
  assert.equal(answer.status, 201, answer.text)
  return answer.json().id
}

const statusOf = async (tenant: TestTenant, id: number) =>
  (await tenant.get(`/order/certificate/${id}`)).json().status

test('an order is approved by the button behind a link, and not by opening it', async (t) => {
  const { internet, tenant, visit } = await place(t)
  const id = await dvOrder(tenant)
  assert.equal(internet.smtp.received.length, 5)
  assert.deepEqual(internet.smtp.received.flatMap(({ to }) => to).sort(), [
    ...['admin@example.com', 'administrator@example.com', 'hostmaster@example.com'],
    ...['postmaster@example.com', 'webmaster@example.com'],
  ])
  const link = internet.linkTo('webmaster@example.com')
  const page = await visit('GET', link)
  assert.equal(page.statusCode, 200)
  assert.match(page.body, /<form method="post">/)
  assert.match(page.body, /example\.com/)
  assert.equal(await statusOf(tenant, id), 'pending', 'opening a link approves nothing')
  const pressed = await visit('POST', link)
  assert.equal(pressed.statusCode, 200)
  assert.doesNotMatch(pressed.body, /<form/)
  assert.equal(await statusOf(tenant, id), 'issued')
  assert.equal((await visit('POST', link)).statusCode, 200, 'once more is as once')
  const rest = await visit('POST', internet.linkTo('admin@example.com'))
  assert.equal(rest.statusCode, 200, 'another approver of an issued order harms nothing')
})

test('the page speaks Japanese to whoever reads it, and lets nothing foreign in', async (t) => {
  const { internet, tenant, visit } = await place(t)
  await dvOrder(tenant)
  const page = await visit('GET', internet.linkTo('admin@example.com'), 'ja')
  assert.match(page.body, /承認する/)
  assert.equal(page.headers['content-language'], 'ja')
  assert.equal(page.headers['cache-control'], 'no-store')
  assert.equal(page.headers['referrer-policy'], 'no-referrer')
  const policy = String(page.headers['content-security-policy'])
  assert.match(policy, /default-src 'none'/)
  assert.match(policy, /frame-ancestors 'none'/)
  assert.doesNotMatch(policy, /unsafe/)
})

test('a token that was changed, is of another mail or too old approves nothing', async (t) => {
  const { internet, service, tenant, visit } = await place(t)
  const id = await dvOrder(tenant)
  const link = internet.linkTo('admin@example.com') ?? ''
  const other = internet.linkTo('webmaster@example.com') ?? ''
  const [number] = /\d+(?=-)/.exec(other) ?? ['']
  const forged = [
    link.slice(0, -1),
    `${link}0`,
    link.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
    link.replace(/token=\d+/, `token=${number}`),
    link.replace(/token=.*/, 'token='),
    link.replace(/token=.*/, 'token=9999999999-'.padEnd(81, '0')),
    link.replace('?token=', '?token[]='),
  ]
  for (const each of forged) {
    for (const method of ['GET', 'POST'] as const) {
      assert.equal((await visit(method, each)).statusCode, 404, `${method} ${each}`)
    }
  }
  service.advance(30 * dayMs)
  assert.equal((await visit('POST', link)).statusCode, 404)
  assert.equal(await statusOf(tenant, id), 'pending')
})

test('a link counts for e-mail alone: after a change of method it approves nothing', async (t) => {
  const { internet, tenant, visit } = await place(t)
  const id = await dvOrder(tenant)
  const link = internet.linkTo('admin@example.com')
  await tenant.put(`/order/certificate/${id}/dcv-method`, { dcv_method: 'dns-txt-token' })
  assert.equal((await visit('POST', link)).statusCode, 404)
  await tenant.put(`/order/certificate/${id}/status`, { status: 'canceled', note: 'no' })
  assert.equal((await visit('GET', link)).statusCode, 404)
})

test('the API takes the token of a mail as well', async (t) => {
  const { internet, tenant } = await place(t)
  const id = await dvOrder(tenant)
  const token = new URL(internet.linkTo('admin@example.com') ?? '').searchParams.get('token')
  assert.equal((await tenant.put('/domain/dcv/email/token/nonsense')).status, 404)
  const approved = await tenant.put(`/domain/dcv/email/token/${token}`, null)
  assert.deepEqual([approved.status, approved.json()], [200, { status: 'approved' }])
  assert.equal(await statusOf(tenant, id), 'issued')
})

test('chosen approvers get the mails, and nobody who may not approve can be chosen', async (t) => {
  const { internet, tenant } = await place(t)
  internet.publishTxt('_validation-contactemail.shop.example.com', 'owner@elsewhere.example.net')
  const choose = (chosen: object) => ({ dcv_emails: [{ dns_name: 'www.shop.example.com', ...chosen }] })
  await dvOrder(
    tenant,
    {},
    choose({ email_domain: 'shop.example.com', email: 'owner@elsewhere.example.net' }),
  )
  assert.deepEqual(
    internet.smtp.received.flatMap(({ to }) => to),
    ['owner@elsewhere.example.net'],
  )
  const refused = [
    { email: 'eve@example.com', at: 'dcv_emails.0.email' },
    { email: 'admin@evil.example.net', at: 'dcv_emails.0.email_domain' },
    { email_domain: 'com', email: 'admin@com', at: 'dcv_emails.0.email_domain' },
    { dns_name: 'foreign.example.com', email: 'admin@example.com', at: 'dcv_emails.0.dns_name' },
  ]
  for (const { at, ...chosen } of refused) {
    const body = await orderBody(undefined, {}, choose(chosen))
    const answer = await tenant.post('/order/certificate/ssl_dv_geotrust_flex', body)
    assert.deepEqual(answer.codes(), [`invalid_value:${at}`], JSON.stringify(chosen))
  }
})

test('a mail that the server did not take is sent again with the same link, and not for ever', async (t) => {
  const { internet, service, tenant } = await place(t)
  internet.smtp.isFailing = true
  const id = await dvOrder(tenant)
  const job = pollValidationsJob(service.engine)
  const round = () => job.run(new AbortController().signal)
  await round()
  assert.equal(internet.smtp.received.length, 0)
  internet.smtp.isFailing = false
  service.advance(5 * 60_000)
  await round()
  assert.equal(internet.smtp.received.length, 5)
  const link = internet.linkTo('admin@example.com')
  await round()
  service.advance(dayMs)
  await round()
  assert.equal(internet.smtp.received.length, 5, 'who has the mail gets no other by itself')
  assert.equal((await tenant.put(`/order/certificate/${id}/resend-emails`)).status, 204)
  assert.equal(internet.smtp.received.length, 10)
  assert.equal(internet.linkTo('admin@example.com'), link)
  service.advance(40 * dayMs)
  await round()
  assert.equal(internet.smtp.received.length, 10)
})

test('P15 a dump of the database holds no approval link', async (t) => {
  const { internet, service, tenant } = await place(t)
  await dvOrder(tenant)
  const [, secret = ''] = /-([0-9a-f]{64})/.exec(internet.linkTo('admin@example.com') ?? '') ?? []
  assert.equal(secret.length, 64)
  const rows = await service.engine.query('SELECT document FROM approval_mail')
  assert.equal(rows.length, 5)
  assert.ok(rows.every(({ document }) => !String(document).includes(secret)))
})

test('approval by mail ends for public certificates on 2028-03-15', async (t) => {
  const { internet, service, tenant, visit } = await place(t)
  service.engine.clock.time = Date.parse('2028-03-14T23:00:00Z')
  const id = await dvOrder(tenant)
  const link = internet.linkTo('admin@example.com')
  service.advance(2 * 3_600_000)
  assert.equal((await visit('POST', link)).statusCode, 200)
  assert.equal(await statusOf(tenant, id), 'pending')
})
