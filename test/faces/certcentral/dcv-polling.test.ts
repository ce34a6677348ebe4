import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accountIntegrity } from '../../../src/core/accounts/account-integrity.ts'
import type { AccountId } from '../../../src/core/brand.ts'
import { pollValidationsJob } from '../../../src/jobs/poll-validations.ts'
import { footprint } from '../../support/engine.ts'
import { startInternet, type TestInternet } from '../../support/internet.ts'
import { lastFirst, storeKinds } from '../../support/stores.ts'
import { orderBody, testDomain, testOperator, testOrganization } from './ordering.ts'
import { TestService, type TestTenant } from './service.ts'

const minuteMs = 60_000
const dayMs = 1_440 * minuteMs

for (const kind of storeKinds) {
  describe(`looking again on ${kind.name}`, { skip: kind.skip }, () => {
    const scope = lastFirst({ after })
    let internet: TestInternet
    let service: TestService
    let tenant: TestTenant
    before(async () => {
      internet = await startInternet(scope)
      service = await TestService.start(scope, { kind, outside: internet.outside })
      await testOperator(service)
      tenant = await service.tenant()
    })

    const poll = () => pollValidationsJob(service.engine).run(new AbortController().signal)
    const looksFor = (name: string) =>
      internet.dns.asked.filter((text) => text.startsWith(`${name} TXT`)).length
    const order = async (name: string, method = 'dns-txt-token') => {
      const body = await orderBody(undefined, { common_name: name }, { dcv_method: method })
      const answer = await tenant.post('/order/certificate/ssl_dv_geotrust_flex', body)
      assert.equal(answer.status, 201, answer.text)
      return answer.json()
    }
    const statusOf = async (id: number) => (await tenant.get(`/order/certificate/${id}`)).json().status

    test('an order is issued by itself after its value was published', async () => {
      const { id, dcv_random_value: value } = await order('itself.example.com')
      await poll()
      assert.equal(looksFor('itself.example.com'), 0, 'not before its time')
      service.advance(2 * minuteMs)
      await poll()
      assert.equal(looksFor('itself.example.com'), 1)
      assert.equal(await statusOf(id), 'pending')
      internet.publishTxt('itself.example.com', value)
      service.advance(2 * minuteMs)
      await poll()
      assert.equal(await statusOf(id), 'issued')
      service.advance(dayMs)
      await poll()
      assert.equal(looksFor('itself.example.com'), 2, 'what is issued is looked for no more')
    })

    test('looks become rarer, checks do not change their times, and they end with the value', async () => {
      const { id } = await order('rarer.example.com')
      const looksIn = async (span: number, step: number) => {
        const start = looksFor('rarer.example.com')
        for (let passed = 0; passed < span; passed += step) {
          service.advance(step)
          await poll()
        }
        return looksFor('rarer.example.com') - start
      }
      assert.equal(await looksIn(10 * minuteMs, minuteMs), 5)
      await tenant.put(`/order/certificate/${id}/check-dcv`)
      assert.equal(await looksIn(4 * minuteMs, 2 * minuteMs), 2)
      service.advance(10 * dayMs)
      await poll()
      assert.equal(await looksIn(dayMs, 60 * minuteMs), 6)
      service.advance(20 * dayMs)
      await poll()
      assert.equal(await looksIn(dayMs, 240 * minuteMs), 0)
    })

    test('two processes at once look once and issue once', async () => {
      const { id, dcv_random_value: value } = await order('twice.example.com')
      internet.publishTxt('twice.example.com', value)
      const { certificates } = await footprint(service.engine)
      service.advance(2 * minuteMs)
      await Promise.all(Array.from({ length: 5 }, poll))
      assert.equal(await statusOf(id), 'issued')
      assert.equal(looksFor('twice.example.com'), 1)
      assert.equal((await footprint(service.engine)).certificates, certificates + 1)
    })

    test('a domain is validated by itself, and what waited for it is issued', async () => {
      const organizationId = await testOrganization(tenant)
      const { id: domain, dcv_token: token } = (
        await tenant.post('/domain', {
          ...{ name: 'waited.example.net', organization: { id: organizationId } },
          ...{ validations: [{ type: 'ov' }], dcv_method: 'dns-txt-token' },
        })
      ).json()
      const { id } = await order('www.waited.example.net', 'email')
      internet.publishTxt('waited.example.net', token.token)
      service.advance(2 * minuteMs)
      await poll()
      assert.equal((await tenant.get(`/domain/${domain}`)).json().status, 'approved')
      await poll()
      assert.equal(await statusOf(id), 'issued')
    })

    test('D12 a proof is used by no other account, nor after its domain was deactivated or its account disabled', async () => {
      const organizationId = await testOrganization(tenant)
      const domain = await testDomain(tenant, organizationId, 'owned.example.org')
      const { certificate_chain: chain } = await order('www.owned.example.org')
      assert.ok(chain !== undefined, 'its own account uses it')
      const other = await service.tenant(`eve-${kind.name.toLowerCase()}@example.test`)
      const body = await orderBody(undefined, { common_name: 'www.owned.example.org' })
      const foreign = await other.post('/order/certificate/ssl_dv_geotrust_flex', body)
      assert.deepEqual([foreign.status, foreign.json().certificate_chain], [201, undefined])
      await tenant.put(`/domain/${domain}/deactivate`)
      const refused = await tenant.post('/order/certificate/ssl_dv_geotrust_flex', body)
      assert.deepEqual(refused.codes(), ['disabled_domain'])
      await tenant.put(`/domain/${domain}/activate`)
      const { id, dcv_random_value: value } = await order('last.example.org')
      internet.publishTxt('last.example.org', value)
      await disableAccount(service, tenant.accountId)
      service.advance(2 * minuteMs)
      await poll()
      const [row] = await service.engine.query(`SELECT status FROM certificate_order WHERE id = ${id}`)
      assert.equal(row?.status, 'pending')
    })
  })
}

async function disableAccount({ engine }: TestService, id: AccountId): Promise<void> {
  await engine.store.write(function* (transaction) {
    const account = yield* transaction.accounts.hold(id)
    assert.ok(account !== undefined)
    const disabled = { ...account, status: 'disabled' as const }
    const integrity = accountIntegrity(engine.sealer, disabled)
    yield* transaction.accounts.update({ ...disabled, integrity })
    transaction.configurationChanged()
  })
}
