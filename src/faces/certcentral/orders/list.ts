import type { Instant } from '../../../core/brand.ts'
import { storedSerialNumber } from '../../../core/orders/find-order.ts'
import { listOrders, ordersInSight } from '../../../core/orders/list-orders.ts'
import { customFieldTerm, type OrderColumn } from '../../../core/orders/orders.ts'
import type { Condition } from '../../../core/store/collection.ts'
import { readInteger } from '../../json-values.ts'
import { type ListRules, readList } from '../list-query.ts'
import { listed } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { orderListView } from './order-view.ts'

/** @param now when orders are over */
export function rulesAt(now: Instant): ListRules<OrderColumn> {
  return {
    filters: {
      id: { type: 'id' },
      order_id: { type: 'id' },
      status: { type: 'own', conditions: (values) => statusConditions(values, now) },
      organization_id: { type: 'integer', column: 'organization_id' },
      product_name_id: { type: 'text', column: 'product', values: (value) => value.toLowerCase() },
      valid_till: { type: 'instant', column: 'valid_till' },
      user_id: { type: 'integer', column: 'user_id' },
      common_name: { type: 'text', column: 'common_name', values: (value) => value.toLowerCase() },
      domain_name: { type: 'term' },
      date_created: { type: 'instant', column: 'created_at' },
      container_id: { type: 'integer', column: 'container_id' },
      metadata_id: { type: 'own', conditions: customFieldConditions },
      is_renewed: { type: 'flag', column: 'is_renewed' },
      disable_renewal_notifications: { type: 'flag', column: 'no_renewal_notices' },
      email: { type: 'term' },
      certificate_id: { type: 'integer', column: 'certificate_id' },
      origin: { type: 'own', conditions: originConditions },
      serial_number: { type: 'text', column: 'serial_number', values: storedSerialNumber },
      thumbprint: {
        type: 'text',
        column: 'thumbprint',
        values: (value) => value.replaceAll(':', '').toUpperCase(),
      },
      search: { type: 'term' },
      alternative_order_id: { type: 'text', column: 'alternative_order_id' },
    },
    sort: {
      id: 'id',
      order_id: 'id',
      // Ids are given in the order of time, and their index is the order of every list.
      date_created: 'id',
      common_name: 'common_name',
      status: 'status',
      validity_years: 'validity_years',
      product_name: 'product',
      valid_till: 'valid_till',
    },
    plain: ['container_id', 'organization_id', 'user_id', 'alternative_order_id'],
  }
}

/** Orders in sight. */
export const orderListRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/order/certificate',
    resource: 'orders',
    right: 'view',
    tier: 'A',
    answers: 'list',
    async handler({ engine, account, principal, query }) {
      const now = engine.clock.now()
      const list = readList(account.id, query, rulesAt(now), ordersInSight(principal))
      const { items, total } = await engine.store.read((view) => listOrders(view, list.query))
      return listed(
        'orders',
        items.map((summary) => orderListView(summary, now)),
        list.page(total),
      )
    },
  }),
]

/** Orders end by themselves: that one is over is not stored, and it still counts as issued. */
function statusConditions(
  values: readonly string[],
  now: Instant,
): readonly Condition<OrderColumn>[] | undefined {
  const wanted = values.map((value) => value.trim().toLowerCase())
  const stored = wanted.filter((value) => value !== 'expired')
  if (stored.length === wanted.length || stored.includes('issued')) {
    return [{ column: 'status', is: 'any-of', values: stored }]
  }
  // Over, or in another state: no condition says both.
  if (stored.length > 0) return undefined
  return [
    { column: 'status', is: 'any-of', values: ['issued'] },
    { column: 'order_valid_till', is: 'between', to: now - 1 },
  ]
}

function customFieldConditions(values: readonly string[]): readonly Condition<OrderColumn>[] | undefined {
  const ids = values.map(readInteger)
  const [id] = ids
  return id === undefined || ids.length > 1 ? undefined : [{ is: 'term', text: customFieldTerm(id) }]
}

/** Nothing was taken over from another system. */
function originConditions(values: readonly string[]): readonly Condition<OrderColumn>[] | undefined {
  const origins = values.map((value) => value.trim().toLowerCase())
  if (!origins.every((origin) => origin === 'certcentral' || origin === 'migrated')) return undefined
  return origins.includes('certcentral') ? [] : [{ is: 'id', values: [] }]
}
