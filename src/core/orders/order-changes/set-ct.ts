import type { Caller } from '../../audit/caller.ts'
import type { Engine } from '../../engine.ts'
import { Fault } from '../../faults.ts'
import { type AccountPolicy, loadPolicy } from '../../identity/account-policy.ts'
import type { Principal } from '../../identity/principal.ts'
import { holdOrder, keepOrder } from './hold-order.ts'

/**
 * Chooses whether the certificates of an order that are issued from now on are logged.
 * @throws Fault object_unknown; ct_off where the account logs nothing, so that there is no choice;
 *   ct_choice_not_allowed where it is not made order by order
 */
export function setCertificateTransparency(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Principal,
  reference: string,
  disableCt: boolean,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* holdOrder(transaction, by, reference)
    const policy = yield* loadPolicy(transaction, by.account.id)
    checkCtChoice(policy)
    yield* keepOrder(transaction, { ...held, disableCt }, { disableCt }, clock.now(), caller)
  })
}

/** @throws Fault ct_off, ct_choice_not_allowed */
export function checkCtChoice({
  certificateTransparency,
  ctChoicePerOrder,
}: Pick<AccountPolicy, 'certificateTransparency' | 'ctChoicePerOrder'>): void {
  if (!certificateTransparency) throw new Fault('ct_off', {})
  if (!ctChoicePerOrder) throw new Fault('ct_choice_not_allowed', {})
}
