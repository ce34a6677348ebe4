import { accountId } from '../../../core/brand.ts'
import { domains } from '../../../core/domains/domain.ts'
import { Fault } from '../../../core/faults.ts'
import { loadFunds, poolOf } from '../../../core/finance/funds.ts'
import { loadPolicy } from '../../../core/identity/account-policy.ts'
import { createSubaccount } from '../../../core/subaccounts/create-subaccount.ts'
import { type Subaccount, type SubaccountColumn, subaccounts } from '../../../core/subaccounts/subaccount.ts'
import { listSubaccountOrders } from '../../../core/subaccounts/subaccount-orders.ts'
import type { Call } from '../call.ts'
import { type ListRules, readList } from '../list-query.ts'
import { rulesAt } from '../orders/list.ts'
import { orderListView } from '../orders/order-view.ts'
import { dateTime } from '../render.ts'
import { created, listed, type Members, ok } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'

const view = { method: 'GET', resource: 'subaccounts', right: 'view', tier: 'C' } as const

const rules: ListRules<SubaccountColumn> = {
  filters: {
    name: { type: 'text', column: 'name' },
    account_name: { type: 'text', column: 'name' },
    email: { type: 'text', column: 'email' },
  },
  sort: { id: 'id', name: 'name', account_name: 'name' },
}

/** Accounts below the caller's. */
export const subaccountRoutes: readonly Route[] = [
  defineRoute({
    ...view,
    path: '/account/subaccount',
    answers: 'list',
    async handler({ engine, account, query }) {
      const list = readList(account.id, query, rules)
      const { items, total } = await engine.store.read((each) =>
        each.collection(subaccounts).list(list.query),
      )
      return listed('subaccounts', items.map(subaccountView), list.page(total))
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/account/subaccount',
    resource: 'subaccounts',
    right: 'manage',
    tier: 'C',
    async handler({ engine, principal, caller, body }) {
      const name = body.requiredText(body.spelling('account_name', 'name'))
      const email = body.requiredEmail('email')
      body.check()
      const { subaccount, apiKey } = await createSubaccount(engine, principal, { name, email }, caller)
      return created({ id: subaccount.id, api_key: apiKey })
    },
  }),
  defineRoute({
    ...view,
    path: '/account/subaccount/order',
    answers: 'list',
    async handler({ engine, account, query }) {
      const now = engine.clock.now()
      const list = readList(account.id, query, rulesAt(now))
      const { items, total } = await engine.store.read((each) =>
        listSubaccountOrders(each, account.id, list.query),
      )
      return listed(
        'orders',
        items.map((summary) => ({
          ...orderListView(summary, now),
          account: { id: summary.order.accountId },
        })),
        list.page(total),
      )
    },
  }),
  defineRoute({
    ...view,
    path: '/account/subaccount/:id',
    handler: async (call) => ok(subaccountView(await own(call))),
  }),
  defineRoute({
    ...view,
    path: '/account/subaccount/:id/balance',
    async handler(call) {
      const id = accountId((await own(call)).id)
      const { funds, policy } = await call.engine.store.read(function* (each) {
        return { funds: yield* loadFunds(each, id), policy: yield* loadPolicy(each, id) }
      })
      const { balance } = poolOf(funds, policy.rootContainerId)
      return ok({ amount: balance / 100, currency: policy.currency })
    },
  }),
  defineRoute({
    ...view,
    path: '/account/subaccount/:id/domain',
    async handler(call) {
      const id = accountId((await own(call)).id)
      const { items } = await call.engine.store.read((each) =>
        each.collection(domains).list({ accountId: id, where: [], offset: 0, limit: 1_000 }),
      )
      return listed(
        'domains',
        items.map((domain) => ({ id: domain.id, name: domain.name, is_active: domain.isActive })),
      )
    },
  }),
]

/** @throws Fault object_unknown for an account that is not below the caller's */
async function own(call: Call<'id'>): Promise<Subaccount> {
  const id = call.pathId('id', 'subaccount')
  const found = await call.engine.store.read((each) => each.collection(subaccounts).byId(call.account.id, id))
  if (found === undefined) throw new Fault('object_unknown', { object: 'subaccount' })
  return found
}

function subaccountView({ id, name, email, createdAt }: Subaccount): Members {
  return { id, account_name: name, admin_email: email, date_created: dateTime(createdAt) }
}
