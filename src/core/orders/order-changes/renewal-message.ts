import type { Caller } from '../../audit/caller.ts'
import type { Engine } from '../../engine.ts'
import type { Principal } from '../../identity/principal.ts'
import { holdOrder, keepOrder } from './hold-order.ts'

/**
 * Sets the words that go out with the renewal notices of an order.
 * @param message empty: the usual words
 * @throws Fault object_unknown
 */
export function setRenewalMessage(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Principal,
  reference: string,
  message: string,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* holdOrder(transaction, by, reference)
    const order = { ...held, customRenewalMessage: message }
    yield* keepOrder(transaction, order, { customRenewalMessage: message !== '' }, clock.now(), caller)
  })
}
