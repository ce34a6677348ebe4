import type { Instant } from '../../../core/brand.ts'
import { type DomainColumn, domains } from '../../../core/domains/domain.ts'
import { listDomains } from '../../../core/domains/list-domains.ts'
import { containerConditions } from '../../../core/identity/scope.ts'
import type { Condition } from '../../../core/store/collection.ts'
import { reuseDays } from '../../../core/validation/dated-rules.ts'
import { readFlag } from '../../json-values.ts'
import { controlMethodOf } from '../control-method.ts'
import { type ListRules, readList } from '../list-query.ts'
import type { Query } from '../query.ts'
import { listed, ok } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { domainView } from './domain-view.ts'

const dayMs = 86_400_000
const view = { method: 'GET', resource: 'domains', right: 'view' } as const

/** The domains in sight. */
export const domainList = defineRoute({
  ...view,
  path: '/domain',
  tier: 'A',
  answers: 'list',
  async handler({ engine, account, scope, query }) {
    const now = engine.clock.now()
    const where = containerConditions<DomainColumn>(scope, 'container_id')
    const list = readList(account.id, query, rulesAt(now), where)
    const found = await engine.store.read((each) => listDomains(each, list.query))
    const options = { ...found, ...readIncludes(query), engine, now }
    return listed(
      'domains',
      found.items.map((domain) => domainView(domain, options)),
      list.page(found.total),
    )
  },
})

/** How many proofs end within 30 days. */
export const expirationCount = defineRoute({
  ...view,
  path: '/domain/expiration-count',
  tier: 'C',
  async handler({ engine, account, scope }) {
    const where = [
      ...containerConditions<DomainColumn>(scope, 'container_id'),
      { column: 'is_active', is: 'any-of', values: [1] } as const,
      endsWithin(engine.clock.now(), 0, 30),
    ]
    const { total } = await engine.store.read((each) =>
      each.collection(domains).list({ accountId: account.id, where, offset: 0, limit: 1 }),
    )
    return ok({ number_of_expiry_soon_domains: total })
  },
})

/** What callers ask to be shown beside a domain. Those that do not ask read the validations all the same. */
export function readIncludes(query: Query) {
  const includes = (name: string) => readFlag(query.text(name))
  return {
    includesValidation: includes('include_validation') ?? true,
    includesControl: includes('include_dcv') ?? false,
    showsTimes: includes('include_dcv_expiration_time') ?? false,
  }
}

function rulesAt(now: Instant): ListRules<DomainColumn> {
  return {
    filters: {
      status: {
        type: 'own',
        conditions(values) {
          const flags = values.map((value) => flagOf[value.toLowerCase()])
          if (flags.includes(undefined)) return undefined
          return [{ column: 'is_active', is: 'any-of', values: flags.filter((flag) => flag !== undefined) }]
        },
      },
      name: { type: 'text', column: 'name', values: (value) => value.toLowerCase() },
      search: {
        type: 'own',
        conditions([text = '']) {
          const part = (text.startsWith('%') ? text.slice(1).replace(/%$/, '') : text).toLowerCase()
          if (part === '') return []
          return text.startsWith('%') ? [{ is: 'term-contains', text: part }] : [{ is: 'term', text: part }]
        },
      },
      dcv_method: {
        type: 'own',
        conditions(values) {
          const methods = values.flatMap((value) => controlMethodOf(value) ?? [])
          return methods.length === values.length
            ? [{ column: 'method', is: 'any-of', values: methods }]
            : undefined
        },
      },
      validation: {
        type: 'own',
        conditions: ([value = '']) => validationConditions(value.toLowerCase(), now),
      },
      container_id: { type: 'integer', column: 'container_id' },
      organization_id: { type: 'integer', column: 'organization_id' },
    },
    sort: {
      id: 'id',
      name: 'name',
      date_created: 'id',
      container_id: 'container_id',
      organization_id: 'organization_id',
      status: 'is_active',
      dcv_method: 'method',
      dcv_approval_datetime: 'proven_at',
    },
    plain: ['container_id', 'organization_id', 'status'],
  }
}

const flagOf: Readonly<Record<string, 0 | 1>> = { active: 1, inactive: 0 }

/** Days from now between which a proof ends, by the words of the filter. */
const spans: Readonly<Record<string, readonly [from: number, to: number]>> = {
  expired: [Number.NEGATIVE_INFINITY, 0],
  expired_in_last_7_days: [-7, 0],
  expiring: [0, 90],
  expiring_within_7_days: [0, 7],
  expiring_within_30_days: [0, 30],
  expiring_from_31_to_60_days: [30, 60],
  expiring_from_61_to_90_days: [60, 90],
}

/** Undefined for a word that is none of the filter's. */
function validationConditions(value: string, now: Instant): readonly Condition<DomainColumn>[] | undefined {
  if (value === 'completed') return [endsWithin(now, 0, Number.POSITIVE_INFINITY)]
  const [, type = '', word = ''] = /^(ov|ev)_(.+)$/.exec(value) ?? []
  const span = Object.hasOwn(spans, word) ? spans[word] : undefined
  if (span === undefined) return undefined
  const column = type === 'ov' ? 'has_ov' : 'has_ev'
  return [{ column, is: 'any-of', values: [1] }, endsWithin(now, ...span)]
}

/** Proofs whose reuse, by the rules of now, ends in these days from now, the first instant left out. */
function endsWithin(now: Instant, fromDays: number, toDays: number): Condition<DomainColumn> {
  const reuse = reuseDays('public-tls', now)
  const from = Math.max(0, now + (fromDays - reuse) * dayMs + 1)
  const to = Math.min(now, now + (toDays - reuse) * dayMs)
  return { column: 'proven_at', is: 'between', from, to }
}
