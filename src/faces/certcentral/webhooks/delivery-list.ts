import { type DeliveryColumn, deliveries } from '../../../core/webhooks/delivery.ts'
import { type ListRules, readList } from '../list-query.ts'
import { listed } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { deliveryView } from './webhook-view.ts'

const rules: ListRules<DeliveryColumn> = {
  filters: {
    event: { type: 'text', column: 'event' },
    status: { type: 'text', column: 'status' },
    date_created: { type: 'instant', column: 'created_at' },
  },
  sort: { id: 'id', date_created: 'created_at', event: 'event', status: 'status' },
}

/** What was told or is on its way; `filters[status]=dead` is what was given up. */
export const deliveryList = defineRoute({
  method: 'GET',
  path: '/webhook/event-logs',
  resource: 'webhooks',
  right: 'view',
  tier: 'C',
  answers: 'list',
  async handler({ engine, account, query }) {
    const list = readList(account.id, query, rules)
    const { items, total } = await engine.store.read((view) => view.collection(deliveries).list(list.query))
    return listed('event_logs', items.map(deliveryView), list.page(total))
  },
})
