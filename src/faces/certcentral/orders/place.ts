import { setTimeout as pause } from 'node:timers/promises'
import { loadPolicy } from '../../../core/identity/account-policy.ts'
import { placeOrder } from '../../../core/orders/place-order.ts'
import { type PlacedOrder, recallOrder } from '../../../core/orders/recall-order.ts'
import { enabledProducts, productOf } from '../../../core/products/catalogue.ts'
import { determineProduct, typeHints } from '../../../core/products/determine-product.ts'
import type { Product } from '../../../core/products/product.ts'
import type { Call } from '../call.ts'
import type { Reply } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { readOrder } from './order-body.ts'
import { placedReply } from './placed-view.ts'

const order = { method: 'POST', resource: 'orders', right: 'manage', tier: 'A' } as const

/** Orders of a product by its identifier, and of whatever product the names come down to. */
export const placingRoutes: readonly Route[] = [
  defineRoute({
    ...order,
    path: '/order/certificate/ssl',
    handler: async (call) => place(call, await productByNames(call)),
  }),
  defineRoute({
    ...order,
    path: '/order/certificate/:name_id',
    checkPath(call) {
      productOf(call.pathText('name_id'))
    },
    handler: (call) => place(call, productOf(call.pathText('name_id'))),
  }),
]

async function place<Parameter extends string>(call: Call<Parameter>, product: Product): Promise<Reply> {
  const { engine, principal, caller } = call
  const wish = readOrder(call.body, product)
  const placed = await call.once<PlacedOrder>({
    run: (binding) => placeOrder(engine, principal, wish, { binding, pause }, caller),
    recall: (subject) => recallOrder(engine, principal, orderIdOf(subject), caller),
  })
  return placedReply(engine, placed)
}

function orderIdOf(subject: unknown): number {
  if (typeof subject === 'object' && subject !== null && 'orderId' in subject) {
    if (typeof subject.orderId === 'number') return subject.orderId
  }
  throw new TypeError('a repeated request made something that is no order')
}

/**
 * The product that hint and names come down to.
 * @throws Refusal for names or a hint that cannot be read; Fault product_ambiguous
 */
async function productByNames({ engine, account, body }: Call<never>): Promise<Product> {
  const certificate = body.object('certificate')
  const commonName = certificate.requiredText('common_name', { longest: 1_000 })
  const names = [commonName, ...certificate.texts('dns_names', { longest: 1_000 })]
  const hint = body.object('product').choice('type_hint', typeHints)
  body.check()
  const policy = await engine.store.read((view) => loadPolicy(view, account.id))
  const distinct = [...new Set(names.map((name) => name.toLowerCase()))]
  return determineProduct(enabledProducts(policy), hint, distinct)
}
