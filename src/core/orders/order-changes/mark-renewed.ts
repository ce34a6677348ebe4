import type { Caller } from '../../audit/caller.ts'
import type { Engine } from '../../engine.ts'
import { Fault } from '../../faults.ts'
import type { Principal } from '../../identity/principal.ts'
import { holdOrder, keepOrder } from './hold-order.ts'

/** In the place of the following order's id: it was renewed elsewhere. */
const ELSEWHERE = 0

/**
 * Notes that an order was renewed elsewhere, so that nobody is reminded of it, or takes that back.
 * @throws Fault object_unknown; state_refused for an order that another one here follows: that stays so
 */
export function markRenewed(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Principal,
  reference: string,
  isRenewed: boolean,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* holdOrder(transaction, by, reference)
    const { renewedByOrderId: follower } = held
    if (follower !== null && follower !== ELSEWHERE) {
      if (isRenewed) return
      throw new Fault('state_refused', { object: 'order', state: 'renewed', parameter: 'status' })
    }
    const order = { ...held, renewedByOrderId: isRenewed ? ELSEWHERE : null }
    yield* keepOrder(transaction, order, { isRenewed }, clock.now(), caller)
  })
}
