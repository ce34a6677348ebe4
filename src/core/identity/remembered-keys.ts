import { LRUCache } from 'lru-cache'
import { type ApiKeyText, matchesApiKey } from '../accounts/api-key.ts'
import type { Instant } from '../brand.ts'
import type { Store } from '../store/store.ts'
import type { Principal } from './principal.ts'

/** Keys that are kept of one store; those that nobody showed longest go first. */
const REMEMBERED = 1_000

/** What a key was found to stand for. */
export interface KnownKey {
  readonly principal: Principal
  /** Epoch of the configuration before it was looked up. */
  readonly epoch: number
  /** When its use was last noted. */
  notedAt: Instant | null
}

const memories = new WeakMap<Store, LRUCache<string, KnownKey>>()

/**
 * What a key stands for, as long as nothing of the configuration was changed since it was looked up: the store is asked
 * for its epoch each time, so that a change counts from the next request on, whichever process made it. What ends by
 * the clock has to be looked at by whoever uses it.
 *
 * @returns undefined for a key that has to be looked up, a wrong one too
 */
export function rememberedKey(
  store: Store,
  shown: ApiKeyText,
): KnownKey | undefined | Promise<KnownKey | undefined> {
  const known = memories.get(store)?.get(shown.publicId)
  if (known === undefined || !matchesApiKey(shown, known.principal.key)) return undefined
  const present = store.read((view) => view.configurationEpoch())
  if (present instanceof Promise) return present.then((epoch) => ofEpoch(known, epoch))
  return ofEpoch(known, present)
}

/** Users, keys and accounts are configuration: a change of one of them begins another epoch. */
function ofEpoch(known: KnownKey, epoch: number): KnownKey | undefined {
  return known.epoch === epoch ? known : undefined
}

export function rememberKey(store: Store, known: KnownKey): void {
  const memory = memories.get(store) ?? new LRUCache({ max: REMEMBERED })
  memories.set(store, memory)
  memory.set(known.principal.key.publicId, known)
}
