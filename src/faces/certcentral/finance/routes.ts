import { priceOf } from '../../../core/finance/charge-order.ts'
import { invoiceDeposit, transferFunds } from '../../../core/finance/deposit.ts'
import { loadFunds } from '../../../core/finance/funds.ts'
import { type Cents, formatCents, parseCents } from '../../../core/finance/money.ts'
import { loadPolicy } from '../../../core/identity/account-policy.ts'
import { visibleContainer } from '../../../core/identity/sight.ts'
import { productOf, products } from '../../../core/products/catalogue.ts'
import type { Product } from '../../../core/products/product.ts'
import type { Reader } from '../reader.ts'
import { created, done, listed, ok } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { balanceView } from './finance-view.ts'
import { historyRoutes } from './history.ts'

const view = { resource: 'finance', right: 'view', method: 'GET' } as const
const manage = { resource: 'finance', right: 'manage', method: 'POST', tier: 'C' } as const

/** What an account has to spend, and what orders cost it. */
export const financeRoutes: readonly Route[] = [
  defineRoute({
    ...view,
    path: '/finance/balance',
    tier: 'B',
    async handler({ engine, account, principal, user, query }) {
      const wanted = query.id('container_id')
      const { funds, policy, containerId } = await engine.store.read(function* (each) {
        const container = yield* visibleContainer(each, principal, wanted ?? user.containerId)
        return {
          funds: yield* loadFunds(each, account.id),
          policy: yield* loadPolicy(each, account.id),
          containerId: container.id,
        }
      })
      return ok(balanceView(funds, policy, containerId))
    },
  }),
  defineRoute({
    ...view,
    path: '/finance/order-pricing',
    tier: 'C',
    async handler({ engine, account, query }) {
      const name = query.text('product_name_id')
      const years = query.integer('years', 1, 10) ?? 1
      const listedProducts = name === undefined ? products : [productOf(name)]
      const policy = await engine.store.read((each) => loadPolicy(each, account.id))
      const price = ({ nameId, orderYears }: Product) => ({
        product_name_id: nameId,
        years,
        price: formatCents(priceOf(policy, nameId, years)),
        currency: policy.currency,
        order_years: orderYears,
      })
      return listed('prices', listedProducts.map(price))
    },
  }),
  defineRoute({
    ...view,
    path: '/finance/payment-profile',
    tier: 'C',
    // Cards are not kept here, so there is none to pay with.
    handler: () => listed('payment_profiles', []),
  }),
  defineRoute({
    ...manage,
    path: '/finance/deposit',
    async handler({ engine, principal, caller, body }) {
      const cents = readAmount(body)
      const method = body.text('payment_method') ?? 'wire_transfer'
      const containerId = body.idOf('container') ?? body.id('container_id')
      body.check()
      const deposit = { cents, method, ...(containerId !== undefined && { containerId }) }
      const entry = await invoiceDeposit(engine, principal, deposit, caller)
      return created({ id: entry.id, receipt_id: entry.id, amount: formatCents(cents) })
    },
  }),
  defineRoute({
    ...manage,
    path: '/finance/transfer',
    async handler({ engine, principal, caller, body }) {
      const cents = readAmount(body)
      const from = body.requiredId('from_container_id')
      const to = body.requiredId('to_container_id')
      body.check()
      await transferFunds(engine, principal, { cents, from, to }, caller)
      return done
    },
  }),
  ...historyRoutes,
]

/** `amount`, a number or a text, more than nothing. */
function readAmount(body: Reader): Cents {
  const text = body.requiredText('amount', { longest: 20 })
  const cents = parseCents(text)
  if (text !== '' && (cents === undefined || cents === 0)) body.complain('invalid_value', 'amount')
  return cents ?? 0
}
