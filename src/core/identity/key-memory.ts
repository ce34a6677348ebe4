import { LRUCache } from 'lru-cache'
import type { ApiKeyRecord } from '../accounts/account.ts'
import { type ApiKeyText, matchesApiKey } from '../accounts/api-key.ts'
import type { Instant } from '../brand.ts'
import type { Store } from '../store/store.ts'

/** Keys that are kept of one store; those that nobody showed longest go first. */
const REMEMBERED = 1_000

/** What a key was found to stand for. */
export interface KnownKey<Holder> {
  readonly holder: Holder
  /** Epoch of the configuration before it was looked up. */
  readonly epoch: number
  /** When its use was last noted. */
  notedAt: Instant | null
}

/** What keys stand for, by the store that they were looked up in. */
export class KeyMemory<Holder extends { readonly key: ApiKeyRecord }> {
  readonly #stores = new WeakMap<Store, LRUCache<string, KnownKey<Holder>>>()

  /**
   * What a key stands for, as long as nothing of the configuration was changed since it was looked up. The store is
   * asked for its epoch each time, so that a change counts from the next request on, whichever process made it. What
   * ends by the clock has to be looked at by whoever uses it.
   *
   * @returns undefined for a key that has to be looked up, a wrong one too
   */
  find(
    store: Store,
    shown: ApiKeyText,
  ): KnownKey<Holder> | undefined | Promise<KnownKey<Holder> | undefined> {
    const known = this.#stores.get(store)?.get(shown.publicId)
    if (known === undefined || !matchesApiKey(shown, known.holder.key)) return undefined
    const present = store.read((view) => view.configurationEpoch())
    if (present instanceof Promise) return present.then((epoch) => ofEpoch(known, epoch))
    return ofEpoch(known, present)
  }

  keep(store: Store, known: KnownKey<Holder>): void {
    const keys = this.#stores.get(store) ?? new LRUCache({ max: REMEMBERED })
    this.#stores.set(store, keys)
    keys.set(known.holder.key.publicId, known)
  }
}

/** Users, keys and accounts are configuration: a change of one of them begins another epoch. */
function ofEpoch<Holder>(known: KnownKey<Holder>, epoch: number): KnownKey<Holder> | undefined {
  return known.epoch === epoch ? known : undefined
}
