import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Domain } from '../../../src/core/domains/domain.ts'
import { lastFirst, storeKinds } from '../../support/stores.ts'
import { testDomain, testOrganization } from './ordering.ts'
import { TestService, type TestTenant } from './service.ts'

const dayMs = 86_400_000

for (const kind of storeKinds) {
  describe(`lists of domains on ${kind.name}`, { skip: kind.skip }, () => {
    const scope = lastFirst({ after })
    let tenant: TestTenant
    let organizationId: number
    before(async () => {
      const service = await TestService.start(scope, { kind })
      tenant = await service.tenant()
      organizationId = await testOrganization(tenant)
      const now = service.engine.clock.now()
      const proven = (days: number): Partial<Domain> => ({
        evidence: {
          ...{ name: 'x', method: 'dns-txt-token', value: 'v', at: now - days * dayMs },
          ...{ addresses: [], perspectives: [] },
        },
        validations: [{ type: 'ov', createdAt: now }],
      })
      await testDomain(tenant, organizationId, 'fresh.example.com', proven(1))
      await testDomain(tenant, organizationId, 'week.example.com', proven(195))
      await testDomain(tenant, organizationId, 'month.example.com', proven(180))
      await testDomain(tenant, organizationId, 'two-months.example.com', proven(150))
      await testDomain(tenant, organizationId, 'three-months.example.com', proven(120))
      await testDomain(tenant, organizationId, 'gone.example.com', proven(203))
      await testDomain(tenant, organizationId, 'long-gone.example.com', {
        ...proven(390),
        validations: [{ type: 'ev', createdAt: now }],
      })
      await testDomain(tenant, organizationId, 'new.example.net', { evidence: null, method: 'email' })
      await testDomain(tenant, organizationId, 'off.example.net', { evidence: null, isActive: false })
    })
    const filters: readonly [query: string, names: readonly string[]][] = [
      ['filters[status]=inactive', ['off']],
      ['filters[dcv_method]=email', ['new']],
      ['filters[search]=new.example.net', ['new']],
      ['filters[search]=%25GONE', ['gone', 'long-gone']],
      ['filters[search]=%25GONE%25', ['gone', 'long-gone']],
      ['filters[search]=gone', []],
      ['filters[validation]=completed', ['fresh', 'month', 'three-months', 'two-months', 'week']],
      ['filters[validation]=ov_expired', ['gone']],
      ['filters[validation]=ev_expired', ['long-gone']],
      ['filters[validation]=ov_expired_in_last_7_days', ['gone']],
      ['filters[validation]=ev_expired_in_last_7_days', []],
      ['filters[validation]=ov_expiring', ['month', 'three-months', 'two-months', 'week']],
      ['filters[validation]=ov_expiring_within_7_days', ['week']],
      ['filters[validation]=ov_expiring_within_30_days', ['month', 'week']],
      ['filters[validation]=ov_expiring_from_31_to_60_days', ['two-months']],
      ['filters[validation]=ov_expiring_from_61_to_90_days', ['three-months']],
    ]
    for (const [query, names] of filters) {
      test(query, async () => {
        const { domains, page } = (await tenant.get(`/domain?${query}`)).json()
        const found = domains.map(({ name }: { name: string }) => name.split('.')[0])
        assert.deepEqual(found.sort(), names)
        assert.equal(page.total, names.length)
      })
    }

    test('sorts, pages and totals', async () => {
      const { domains, page } = (await tenant.get('/domain?sort=-name&limit=2&offset=1')).json()
      assert.deepEqual(
        domains.map(({ name }: { name: string }) => name),
        ['two-months.example.com', 'three-months.example.com'],
      )
      assert.deepEqual(page, { total: 9, limit: 2, offset: 1 })
      const { number_of_expiry_soon_domains: soon } = (await tenant.get('/domain/expiration-count')).json()
      assert.equal(soon, 2)
    })

    test('a value that is none of a filter is told by its name', async () => {
      for (const [name, value] of [
        ['validation', 'sometimes'],
        ['validation', 'constructor'],
        ['status', 'on'],
        ['dcv_method', 'fax'],
      ]) {
        const answer = await tenant.get(`/domain?filters[${name}]=${value}`)
        assert.deepEqual(answer.codes(), [`invalid_value:filters.${name}`])
      }
    })

    test('an element has the form that clients read', async () => {
      const { domains } = (await tenant.get('/domain?filters[search]=fresh.example.com')).json()
      const [{ id, date_created: created, ...domain }] = domains
      assert.ok(id > 0)
      assert.match(created, /\+00:00$/)
      assert.equal(domain.organization.is_active, '1')
      assert.equal(domain.container.parent_id, 0)
      assert.equal(domain.base_domain, 'example.com')
      assert.match(domain.dcv_expiration.ov, /^\d{4}-\d\d-\d\d$/)
    })
  })
}
