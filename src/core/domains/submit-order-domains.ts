import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import type { Order } from '../orders/order.ts'
import type { ValidationType } from '../organizations/organization.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
import { tellDomain } from './add-domain.ts'
import { controlPlaces } from './control-places.ts'
import { type Domain, domains } from './domain.ts'
import { nextLook } from './look-times.ts'
import { storeDomain } from './store-domain.ts'

/** Organizations of one account that submitted the same domain. */
const mostAlike = 100

/** A name that an order waits to have proven, and the domain of its organization whose proof is enough. */
export interface OrderDomain {
  readonly dnsName: string
  readonly domain: Pick<Domain, 'id' | 'name'>
}

type Ordering = Pick<Order, 'accountId' | 'containerId' | 'organizationId' | 'methods' | 'controlScope'>

/**
 * Submits the domains behind unproven names of an order to the validation of its organization, with the order's random
 * value: a proof serves the order and those after it, whichever of the two it is asked for by. Domains that the
 * organization has stay as they are. Nothing for approval by mail, nor for orders without an organization.
 *
 * @param type what the product's organization has to be validated for
 */
export function* submitOrderDomains(
  transaction: Transaction,
  order: Ordering,
  { names, type }: { readonly names: readonly string[]; readonly type: ValidationType | null },
  now: Instant,
  caller: Caller,
): Program<void> {
  const { accountId, containerId, organizationId, methods } = order
  if (organizationId === null || type === null || methods === null || methods.randomValue === null) return
  const { method, randomValue } = methods
  for (const name of new Set(names.map((each) => domainNameOf(order, each)))) {
    if ((yield* domainNamed(transaction, order, name)) !== undefined) continue
    const domain: Domain = {
      id: yield* transaction.collection(domains).nextId(),
      accountId,
      containerId,
      organizationId,
      name,
      isActive: true,
      validations: [{ type, createdAt: now }],
      method,
      randomValue,
      evidence: null,
      locking: null,
      approvalWish: null,
      wokenTo: null,
      dueAt: nextLook(methods, now),
      submittedAt: now,
      createdAt: now,
    }
    // Submitted by another order at the same time.
    if (!(yield* storeDomain(transaction, domain))) continue
    tellDomain(transaction, 'domain.created', domain, now, caller, {
      ...{ name, organizationId, method, types: type },
    })
  }
}

/** The domains behind names of an order, as far as its organization has them. */
export function* orderDomains(
  view: Pick<View, 'collection'>,
  order: Ordering,
  names: readonly string[],
): Program<readonly OrderDomain[]> {
  const { organizationId, methods } = order
  if (organizationId === null || methods === null || methods.randomValue === null) return []
  const found = new Map<string, Domain | undefined>()
  const known: OrderDomain[] = []
  for (const dnsName of names) {
    const name = domainNameOf(order, dnsName)
    if (!found.has(name)) found.set(name, yield* domainNamed(view, order, name))
    const domain = found.get(name)
    if (domain !== undefined) known.push({ dnsName, domain })
  }
  return known
}

/** The widest domain whose control is enough for the name. */
function domainNameOf({ methods, controlScope }: Ordering, name: string): string {
  const places = controlPlaces(methods?.method ?? 'email', name, controlScope)
  return places.at(-1) ?? places[0]
}

function* domainNamed(
  view: Pick<View, 'collection'>,
  { accountId, organizationId }: Ordering,
  name: string,
): Program<Domain | undefined> {
  const alike = yield* view.collection(domains).withValue(accountId, 'name', name, mostAlike)
  return alike.find((domain) => domain.organizationId === organizationId)
}
