import { type StatusRow, statusChanges, statusOfAlternative } from '../../../core/orders/status-changes.ts'
import type { Call } from '../call.ts'
import { type ListRules, readList } from '../list-query.ts'
import { refuse } from '../refusal.ts'
import { listed, type Members, type Reply } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'

const view = { resource: 'orders', right: 'view', method: 'GET', answers: 'list' } as const

/** A week. */
const mostMinutes = 10_080
const minuteMs = 60_000
const secondMs = 1_000

const rules: ListRules<'updated_at'> = {
  filters: { status_last_updated: { type: 'instant', column: 'updated_at' } },
  sort: {},
}

const alternative = {
  ...view,
  tier: 'C',
  handler: (call: Call<'alternative_order_id'>) => ofAlternative(call, call.pathText('alternative_order_id')),
} as const

/** What became of orders lately, and of one that the caller knows by an id of his own. */
export const statusChangeRoutes: readonly Route[] = [
  defineRoute({
    ...view,
    path: '/order/certificate/status-changes',
    tier: 'A',
    async handler(call) {
      const [alternative] = call.query.filters().get('alternative_order_id') ?? []
      if (alternative !== undefined) return ofAlternative(call, alternative)
      const { from, to } = timeOf(call)
      return rows(await statusChanges(call.engine, call.principal, from, to))
    },
  }),
  defineRoute({ ...alternative, path: '/order/alternate/:alternative_order_id' }),
  defineRoute({ ...alternative, path: '/order/certificate/alternative-order-id/:alternative_order_id' }),
]

async function ofAlternative({ engine, principal }: Call<never>, id: string): Promise<Reply> {
  return rows(await statusOfAlternative(engine, principal, id))
}

/**
 * The last minutes or seconds, or from one time to another.
 * @throws Refusal required_param:minutes, invalid_value
 */
function timeOf({ query, account, engine }: Call<never>): { readonly from: number; readonly to: number } {
  const [condition] = readList(account.id, query, rules).query.where
  if (condition?.is === 'between') {
    const { from = 0, to = engine.clock.now() } = condition
    return { from: Number(from), to: Number(to) }
  }
  const to = engine.clock.now()
  const seconds = query.integer('seconds', 1, mostMinutes * 60)
  if (seconds !== undefined) return { from: to - seconds * secondMs, to }
  const minutes = query.integer('minutes', 1, mostMinutes)
  if (minutes === undefined) throw refuse('required_param', 'minutes')
  return { from: to - minutes * minuteMs, to }
}

function rows(found: readonly StatusRow[]): Reply {
  return listed(
    'orders',
    found.map(
      ({ orderId, certificateId, status }): Members => ({
        order_id: orderId,
        certificate_id: certificateId,
        status,
      }),
    ),
  )
}
