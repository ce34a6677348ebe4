import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Resolver } from '../../../src/core/validation/outbound.ts'
import { pollValidationsJob } from '../../../src/jobs/poll-validations.ts'
import { startInternet } from '../../support/internet.ts'
import { testOrganization } from './ordering.ts'
import { TestService } from './service.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** A service whose lookups of contact addresses can be made to fail as nothing on a network does. */
async function place(scope: TestContext) {
  const internet = await startInternet(scope)
  const { primary } = internet.outside.perspectives
  const state = { isBroken: false }
  const resolver: Resolver = {
    resolve(name, type) {
      if (state.isBroken) return Promise.reject(new TypeError('broken'))
      return primary.resolver.resolve(name, type)
    },
  }
  const perspectives = { primary: { ...primary, resolver }, remotes: [] }
  const service = await TestService.start(scope, { outside: { ...internet.outside, perspectives } })
  const tenant = await service.tenant()
  const poll = async (later: number) => {
    service.advance(later)
    await pollValidationsJob(service.engine).run(new AbortController().signal)
  }
  const submission = {
    ...{ name: 'shop.example.com', organization: { id: await testOrganization(tenant) } },
    validations: [{ type: 'ov' }],
  }
  const mailed = () => internet.smtp.received.flatMap(({ to }) => to).sort()
  return { internet, service, tenant, state, poll, submission, mailed }
}

const everybody = ['admin', 'administrator', 'hostmaster', 'postmaster', 'webmaster'].map(
  (part) => `${part}@shop.example.com`,
)

test('mails of a domain that could not be made for any reason are made by the background, once', async (scope) => {
  const { tenant, state, poll, submission, mailed } = await place(scope)
  state.isBroken = true
  assert.equal((await tenant.post('/domain', submission)).status, 500)
  await poll(5 * minuteMs)
  assert.deepEqual(mailed(), [], 'nor now')
  state.isBroken = false
  await poll(5 * minuteMs)
  assert.deepEqual(mailed(), everybody)
  await poll(hourMs)
  assert.deepEqual(mailed(), everybody)
})

test('mails of a domain that is submitted anew, or whose method becomes e-mail, are made up for, too', async (scope) => {
  const { tenant, state, poll, submission, mailed } = await place(scope)
  const { id } = (await tenant.post('/domain', { ...submission, dcv_method: 'dns-txt-token' })).json()
  state.isBroken = true
  const changed = await tenant.put(`/domain/${id}/dcv/method`, { dcv_method: 'email' })
  assert.equal(changed.status, 500)
  state.isBroken = false
  await poll(5 * minuteMs)
  assert.deepEqual(mailed(), everybody)
  await tenant.put(`/domain/${id}/dcv/method`, { dcv_method: 'dns-txt-token' })
  await poll(40 * 24 * hourMs)
  state.isBroken = true
  const again = { validations: [{ type: 'ov' }], dcv_method: 'email' }
  assert.equal((await tenant.post(`/domain/${id}/validation`, again)).status, 500)
  state.isBroken = false
  await poll(5 * minuteMs)
  assert.equal(mailed().length, 2 * everybody.length, 'the first mails are too old to be answered')
})

test('the background asks the addresses that were chosen, in the language that was chosen', async (scope) => {
  const { internet, tenant, poll, submission, mailed } = await place(scope)
  const chosen = { ...submission, email_array: ['admin@shop.example.com'] }
  assert.equal((await tenant.post('/domain', chosen)).status, 201)
  await poll(2 * hourMs)
  assert.deepEqual(mailed(), ['admin@shop.example.com'], 'nobody else, ever')
  const other = { ...submission, name: 'b.example.com', email_array: ['admin@b.example.com'], locale: 'ja' }
  const { store } = tenant.service.engine
  const { write } = store
  let isSubmitted = false
  store.write = async (program) => {
    if (isSubmitted) throw new TypeError('gone')
    const result = await Reflect.apply(write, store, [program])
    isSubmitted = typeof result === 'object' && result !== null && 'approvalWish' in result
    return result
  }
  assert.equal((await tenant.post('/domain', other)).status, 500)
  store.write = write
  await poll(10 * minuteMs)
  assert.deepEqual(mailed(), ['admin@b.example.com', 'admin@shop.example.com'])
  assert.match(internet.smtp.received.at(-1)?.content ?? '', /Subject: =\?UTF-8/i)
})

test('a change to e-mail that is to send no mails sends none later either', async (scope) => {
  const { tenant, poll, submission, mailed } = await place(scope)
  const { id } = (await tenant.post('/domain', { ...submission, dcv_method: 'dns-txt-token' })).json()
  const change = { dcv_method: 'email', send_dcv_email_flag: false }
  assert.equal((await tenant.put(`/domain/${id}/dcv/method`, change)).status, 200)
  await poll(2 * hourMs)
  assert.deepEqual(mailed(), [])
})

test('a domain that the organization has takes the method it is submitted with again, and keeps it without one', async (scope) => {
  const { tenant, submission } = await place(scope)
  const add = async (changes: object) => (await tenant.post('/domain', { ...submission, ...changes })).json()
  const first = await add({})
  assert.ok(first.validation_emails !== undefined)
  const second = await add({ dcv_method: 'dns-txt-token' })
  assert.equal(second.id, first.id)
  assert.ok(second.dcv_token !== undefined)
  const third = await add({})
  assert.equal(third.dcv_token.token, second.dcv_token.token)
})

test('a domain whose proof is older than its random value is looked at again', async (scope) => {
  const { internet, service, tenant, poll, submission } = await place(scope)
  const { id, dcv_token: token } = (
    await tenant.post('/domain', { ...submission, dcv_method: 'dns-txt-token' })
  ).json()
  internet.publishTxt('shop.example.com', token.token)
  await poll(2 * minuteMs)
  const proven = async () => (await tenant.get(`/domain/${id}`)).json().dcv_approval_datetime
  const before = await proven()
  service.advance(40 * 24 * hourMs)
  const fresh = (await tenant.post(`/domain/${id}/dcv/token`)).json()
  internet.publishTxt('shop.example.com', fresh.token)
  await poll(2 * minuteMs)
  assert.notEqual(await proven(), before)
})
