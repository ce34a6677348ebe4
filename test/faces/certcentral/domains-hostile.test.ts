import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { footprint } from '../../support/engine.ts'
import { startInternet } from '../../support/internet.ts'
import { lastFirst } from '../../support/stores.ts'
import { orderBody, testDomain, testOperator, testOrganization } from './ordering.ts'
import { TestService, type TestTenant } from './service.ts'

/** Values that no parameter has. */
const values: readonly unknown[] = [
  ...[null, true, -1, 1e99, 2 ** 31, '', ' ', '\u0000', '<script>', '__proto__', 'x'.repeat(100_000)],
  ...[[], {}, [[]], [{}], [null], { id: {} }, { __proto__: { name: 'x' } }, ['\ud800'], '%00', '..', '*'],
]

describe('hostile values of what is said about domains and their control', () => {
  const scope = lastFirst({ after })
  let tenant: TestTenant
  let targets: readonly (readonly ['post' | 'put', path: string, parameters: readonly string[]])[]
  before(async () => {
    const internet = await startInternet(scope)
    const service = await TestService.start(scope, { outside: internet.outside })
    await testOperator(service)
    tenant = await service.tenant()
    const organizationId = await testOrganization(tenant)
    const domain = await testDomain(tenant, organizationId, 'shop.example.com', { evidence: null })
    const body = await orderBody(undefined, {}, { dcv_method: 'dns-txt-token' })
    const { id: order } = (await tenant.post('/order/certificate/ssl_dv_geotrust_flex', body)).json()
    const submission = [
      'name',
      'organization',
      'validations',
      'dcv_method',
      'dcv',
      'email_array',
      'container',
    ]
    targets = [
      ['post', '/domain', [...submission, 'keep_www', 'locale']],
      ['post', `/domain/${domain}/validation`, ['validations', 'dcv_method', 'dcv', 'locale']],
      ['put', `/domain/${domain}/dcv/method`, ['dcv_method', 'send_dcv_email_flag']],
      ['put', `/domain/${domain}/dcv/validate-token`, ['token']],
      ['put', `/domain/${domain}/dcv/emails`, ['name_scope']],
      ['put', `/domain/${domain}/caa`, ['account_token']],
      ['put', `/order/certificate/${order}/dcv-method`, ['dcv_method']],
      ['put', `/order/certificate/${order}/check-dcv`, ['dns_names_validations']],
    ]
  })

  test('each is answered with a code of the caller, and nothing is issued or made', async () => {
    const { certificates } = await footprint(tenant.service.engine)
    for (const [method, path, parameters] of targets) {
      for (const parameter of parameters) {
        for (const value of values) {
          const sent = JSON.stringify({ [parameter]: value }).slice(0, 80)
          const answer = await tenant[method](path, { [parameter]: value })
          assert.ok(answer.status < 500, `${method} ${path} ${sent}: ${answer.status} ${answer.text}`)
          if (answer.status >= 400) assert.ok(answer.codes().length > 0, `${path} ${sent}`)
        }
      }
    }
    assert.equal((await footprint(tenant.service.engine)).certificates, certificates)
    assert.equal((await tenant.get('/domain')).json().page.total, 1)
  })

  test('paths and queries that name nothing are refused or find nothing', async () => {
    for (const id of ['0', '-1', '2147483648', '1e3', '%00', '__proto__', 'x'.repeat(90)]) {
      for (const path of [`/domain/${id}`, `/domain/${id}/dcv/emails`, `/account/auth-key/${id}`]) {
        const answer = await tenant.get(path)
        assert.ok(answer.status === 404 || answer.status === 400, `${path.slice(0, 60)}: ${answer.status}`)
      }
    }
    for (const query of ['limit=1e9', 'offset=-1', 'limit=0', 'filters[container_id]=x']) {
      assert.equal((await tenant.get(`/domain?${query}`)).status, 400, query)
    }
    for (const text of ['%25', '_', "'", '%25%25', '.*', '%00', '%ff']) {
      const answer = await tenant.get(`/domain?filters[search]=${text}&filters[name]=${text}&sort=${text}`)
      assert.equal(answer.status, 200, text)
    }
  })
})
