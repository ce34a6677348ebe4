import { LRUCache } from 'lru-cache'
import type { Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import type { Principal } from '../identity/principal.ts'
import { isOrganizationReady } from '../organizations/organization-readiness.ts'
import type { Product } from '../products/product.ts'
import { rememberingView } from '../store/configuration-memory.ts'
import type { Store } from '../store/store.ts'
import { type DraftFacts, loadDraftFacts } from './draft-facts.ts'
import type { OrderWish } from './order-wish.ts'

/** Facts that are kept of one store; those that nobody asked for longest go first. */
const REMEMBERED = 1_000

interface Kept {
  readonly facts: DraftFacts
  /** What the order asked for; limits made the product of the facts from it. */
  readonly product: Product
}

interface Memory {
  epoch: number
  readonly kept: LRUCache<string, Kept>
}

const memories = new WeakMap<Store, Memory>()

/** What an order names, and the epoch of the configuration that it is known from. */
export interface RememberedFacts {
  readonly facts: DraftFacts
  readonly epoch: number
}

/**
 * What an order names, as far as it is remembered. Most orders of a program differ in their names and keys only: the
 * facts of those that name just a container, an organization and a product are kept whole for an epoch.
 *
 * @throws what `loadDraftFacts` raises
 */
export async function rememberedFacts(
  { store }: Pick<Engine, 'store'>,
  principal: Principal,
  wish: OrderWish,
  now: Instant,
): Promise<RememberedFacts> {
  const memory = memoryOf(store)
  const { epoch } = memory
  const key = keyOf(principal, wish)
  const known = key === undefined ? undefined : memory.kept.get(key)
  if (known?.product === wish.product) return { facts: present(known.facts, now), epoch }
  const reading = store.read((view) =>
    loadDraftFacts(rememberingView(store, view).view, principal, wish, now),
  )
  const facts = reading instanceof Promise ? await reading : reading
  // What was read before a change must not outlive it.
  if (key !== undefined && memory.epoch === epoch && store.configurationEpoch() === epoch) {
    memory.kept.set(key, { facts, product: wish.product })
  }
  return { facts, epoch }
}

function memoryOf(store: Store): Memory {
  const epoch = store.configurationEpoch()
  const known = memories.get(store)
  if (known === undefined) {
    const made: Memory = { epoch, kept: new LRUCache({ max: REMEMBERED }) }
    memories.set(store, made)
    return made
  }
  if (known.epoch !== epoch) {
    known.kept.clear()
    known.epoch = epoch
  }
  return known
}

/** Undefined for an order that names more than this tells: other objects, and what is no configuration. */
function keyOf({ account, user, key }: Principal, wish: OrderWish): string | undefined {
  const { contacts, containerId, organizationId, product } = wish
  const namesMore =
    wish.renewalOfOrderId !== null ||
    wish.customFields.length > 0 ||
    contacts.organization !== null ||
    contacts.technical !== null ||
    contacts.verified.length > 0
  if (namesMore) return undefined
  return `${account.id} ${user.id} ${key.publicId} ${containerId} ${organizationId} ${product.nameId}`
}

/** A validation ends without a change of anything. */
function present(facts: DraftFacts, now: Instant): DraftFacts {
  const { organization, product } = facts
  if (organization === null) return facts
  return { ...facts, isOrganizationReady: isOrganizationReady(organization, product, now) }
}
