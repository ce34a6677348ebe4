import type { Engine } from '../engine.ts'
import type { Principal } from '../identity/principal.ts'
import { findOrder } from '../orders/find-order.ts'
import type { Order } from '../orders/order.ts'
import { organizations } from '../organizations/organization.ts'
import { isOrganizationReady } from '../organizations/organization-readiness.ts'
import { productOf } from '../products/catalogue.ts'
import { controlPlaces } from './control-places.ts'
import { approvalAddresses } from './request-approvals.ts'
import { unprovenNames } from './unproven-names.ts'

/** How far the validation of an order has come. */
export interface OrderControlStatus {
  readonly order: Order
  /** Whether certificates of the order may name its organization, if it has one. */
  readonly isOrganizationReady: boolean
  readonly names: readonly { readonly name: string; readonly isProven: boolean }[]
}

type Seeker = Pick<Principal, 'account' | 'scope'>

/** @throws Fault object_unknown */
export async function orderControlStatus(
  { store, clock }: Engine,
  principal: Seeker,
  reference: string,
): Promise<OrderControlStatus> {
  return store.read(function* (view) {
    const order = yield* findOrder(view, principal, reference)
    const { names, missing } = yield* unprovenNames(view, order, clock.now())
    const organization =
      order.organizationId === null
        ? undefined
        : yield* view.collection(organizations).byId(order.accountId, order.organizationId)
    const product = productOf(order.product)
    const now = clock.now()
    return {
      order,
      isOrganizationReady:
        product.organization === null ||
        (organization !== undefined && isOrganizationReady(organization, product, now)),
      names: names.map((name) => ({ name, isProven: !missing.includes(name) })),
    }
  })
}

/** The addresses that may approve for each name of an order that is not proven yet. */
export async function orderApprovers(
  engine: Engine,
  principal: Seeker,
  reference: string,
): Promise<
  readonly { readonly name: string; readonly domain: string; readonly addresses: readonly string[] }[]
> {
  const { order, names } = await orderControlStatus(engine, principal, reference)
  const unproven = names.filter(({ isProven }) => !isProven)
  const looks = new Map<string, Promise<readonly string[]>>()
  return Promise.all(
    unproven.map(async ({ name }) => {
      const [domain] = controlPlaces('email', name, order.controlScope)
      const look = looks.get(domain) ?? approvalAddresses(engine, domain)
      looks.set(domain, look)
      return { name, domain, addresses: await look }
    }),
  )
}
