import { seesContainer } from '../../../core/identity/scope.ts'
import { visibleContainer } from '../../../core/identity/sight.ts'
import { products } from '../../../core/products/catalogue.ts'
import { changeProductLimits } from '../../../core/products/change-product-limits.ts'
import {
  accountLimits,
  type ContainerLimits,
  type ProductLimit,
} from '../../../core/products/product-limit.ts'
import type { Reader } from '../reader.ts'
import { done, listed, type Members } from '../reply.ts'
import { readOptionalRole, roleView } from '../roles.ts'
import { defineRoute, type Route } from '../route.ts'

/** What divisions may order. */
export const productLimitRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/product/limits',
    resource: 'products',
    right: 'view',
    tier: 'B',
    async handler({ engine, account, principal, query }) {
      const wanted = query.id('container_id')
      const limits = await engine.store.read(function* (view) {
        if (wanted !== undefined) yield* visibleContainer(view, principal, wanted)
        return yield* view.collection(accountLimits).byId(account.id, account.id)
      })
      const shown = (limits?.containers ?? []).filter(
        ({ containerId }) =>
          seesContainer(principal.scope, containerId) && (wanted === undefined || containerId === wanted),
      )
      return listed('limits', shown.map(limitsView))
    },
  }),
  defineRoute({
    method: 'PUT',
    path: '/product/limits',
    resource: 'products',
    right: 'manage',
    tier: 'B',
    async handler({ engine, principal, caller, body, query }) {
      // One set of limits may stand alone.
      const sets = body.has('limits') ? body.objects('limits') : [body]
      const changes = sets.map((set) => readLimits(set, query.id('container_id')))
      body.check()
      await changeProductLimits(engine, principal, changes, caller)
      return done
    },
  }),
]

function readLimits(set: Reader, otherwise: number | undefined): ContainerLimits {
  const named = set.id('container_id') ?? otherwise
  if (named === undefined) set.requireUnlessWrong('container_id', [])
  return {
    containerId: named ?? 0,
    role: readOptionalRole(set) ?? null,
    products: set.objects('product_limits').map(readLimit),
  }
}

function readLimit(limit: Reader): ProductLimit {
  const product = limit.requiredText('product_name_id').toLowerCase()
  const isKnown = products.some(({ nameId }) => nameId === product)
  if (product !== '' && !isKnown) limit.complain('invalid_value', 'product_name_id')
  return {
    product,
    certificateYears: limit.has('allowed_lifetimes') ? limit.ids('allowed_lifetimes') : null,
    orderYears: limit.has('allowed_order_lifetimes') ? limit.ids('allowed_order_lifetimes') : null,
    customExpiration: limit.flag('custom_expiration_date_allowed') ?? true,
  }
}

function limitsView({ containerId, role, products }: ContainerLimits): Members {
  return {
    container_id: containerId,
    access_roles: role === null ? undefined : [roleView(role)],
    product_limits: products.map((limit) => ({
      product_name_id: limit.product,
      allowed_lifetimes: limit.certificateYears ?? undefined,
      allowed_order_lifetimes: limit.orderYears ?? undefined,
      custom_expiration_date_allowed: limit.customExpiration,
    })),
  }
}
