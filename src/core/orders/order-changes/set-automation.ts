import type { Caller } from '../../audit/caller.ts'
import type { Engine } from '../../engine.ts'
import type { Principal } from '../../identity/principal.ts'
import { holdOrder, keepOrder } from './hold-order.ts'

/** What happens to an order without anybody asking for it; members that are absent stay as they are. */
export interface Automation {
  /** A new order follows it before it ends. */
  readonly autoRenew?: boolean
  /** Its next certificate follows the one that ends, as long as the order lasts. */
  readonly autoReissue?: boolean
}

/** @throws Fault object_unknown */
export function setAutomation(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Principal,
  reference: string,
  { autoRenew, autoReissue }: Automation,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* holdOrder(transaction, by, reference)
    const order = {
      ...held,
      autoRenew: autoRenew === undefined ? held.autoRenew : Number(autoRenew),
      autoReissue: autoReissue === undefined ? held.autoReissue : Number(autoReissue),
    }
    const detail = { autoRenew: order.autoRenew, autoReissue: order.autoReissue }
    yield* keepOrder(transaction, order, detail, clock.now(), caller)
  })
}
