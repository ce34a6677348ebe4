import { setTimeout as pause } from 'node:timers/promises'
import { priceOf } from '../../../core/finance/charge-order.ts'
import { loadPolicy } from '../../../core/identity/account-policy.ts'
import { buyableProduct, buyableProducts, readWithIssuers } from '../../../core/products/buyable-products.ts'
import { productOf } from '../../../core/products/catalogue.ts'
import { serverPlatforms } from '../../../core/products/server-platforms.ts'
import { mediaTypeOf } from '../certificates/formats.ts'
import { formatOfPlatform } from '../certificates/platform-formats.ts'
import { listed, ok } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { productInfoView, productListView } from './buyable-view.ts'
import { productLimitRoutes } from './limits.ts'

const view = { method: 'GET', resource: 'products', right: 'view' } as const

/** What may be ordered, by whom, where, and what it costs. */
export const productRoutes: readonly Route[] = [
  defineRoute({
    ...view,
    path: '/product',
    tier: 'A',
    async handler({ engine, principal, query }) {
      const container = query.id('container_id')
      const found = await readWithIssuers(
        engine,
        (each) => buyableProducts(each, principal, container),
        (all) => all,
        { pause },
      )
      return listed('products', found.map(productListView))
    },
  }),
  ...productLimitRoutes,
  defineRoute({
    ...view,
    path: '/product/pricing',
    tier: 'C',
    async handler({ engine, account, principal, query }) {
      const container = query.id('container_id')
      const { policy, found } = await engine.store.read(function* (each) {
        return {
          policy: yield* loadPolicy(each, account.id),
          found: yield* buyableProducts(each, principal, container),
        }
      })
      return listed(
        'products',
        found.map(({ product }) => ({
          name_id: product.nameId,
          name: product.name,
          currency: policy.currency,
          prices: product.orderYears.map((years) => ({
            validity_years: years,
            price: priceOf(policy, product.nameId, years) / 100,
          })),
        })),
      )
    },
  }),
  defineRoute({
    ...view,
    path: '/product/platform-certformat-mapping',
    tier: 'C',
    handler: () =>
      listed(
        'platforms',
        serverPlatforms.map(({ id, name }) => {
          const format = formatOfPlatform(id)
          return { id, name, format, content_type: mediaTypeOf(format) }
        }),
      ),
  }),
  defineRoute({
    ...view,
    path: '/product/:name_id',
    tier: 'A',
    checkPath: (call) => void productOf(call.pathText('name_id').toLowerCase()),
    async handler(call) {
      const { engine, principal, query } = call
      const nameId = call.pathText('name_id').toLowerCase()
      const container = query.id('container_id')
      const found = await readWithIssuers(
        engine,
        (each) => buyableProduct(each, principal, nameId, container),
        (one) => [one],
        { pause },
      )
      return ok(productInfoView(found))
    },
  }),
]
