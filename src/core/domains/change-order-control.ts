import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Principal } from '../identity/principal.ts'
import { findOrder } from '../orders/find-order.ts'
import type { Order } from '../orders/order.ts'
import { waitsForCertificate } from '../orders/order-changes/order-certificates.ts'
import { orders } from '../orders/orders.ts'
import { checkMethod } from '../products/names/check-method.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { currentRandomValue } from '../validation/random-value.ts'
import type { RandomValue, ValidationMethod } from './domain.ts'
import { nextOrderLook } from './look-times.ts'
import { afterOrderPlaced } from './order-control.ts'
import type { OrderControl } from './order-control-record.ts'
import { isWaiting } from './record-proofs.ts'
import { unprovenNames } from './unproven-names.ts'

/** Who changes an order's control. */
type Seeker = Pick<Principal, 'account' | 'scope'>

/**
 * The order's control with its random value, which is a new one when that had expired.
 * @throws Fault object_unknown; control_method_mismatch for approval by mail; state_refused for an order that waits for
 *   nothing
 */
export async function renewRandomValue(
  engine: Engine,
  principal: Seeker,
  reference: string,
  caller: Caller,
): Promise<OrderControl & { readonly randomValue: RandomValue }> {
  const { methods } = await changeControl(engine, principal, reference, caller, (control) => {
    if (control.method === 'email') throw new Fault('control_method_mismatch', { method: control.method })
    return control.method
  })
  const { randomValue } = methods
  if (randomValue === null) throw new TypeError('a method that needs a random value got none')
  return { ...methods, randomValue }
}

/**
 * Has control proven by another method from now on. What is proven stays so, and the random value with it. A change to
 * e-mail sends the mails, of what is approved.
 *
 * @returns the value to publish; undefined where mails were sent
 * @throws Fault object_unknown, state_refused; parameter_invalid (`dcv_method`) for a method that cannot prove every name
 */
export async function changeOrderMethod(
  engine: Engine,
  principal: Seeker,
  reference: string,
  method: ValidationMethod,
  caller: Caller,
): Promise<RandomValue | undefined> {
  const order = await changeControl(engine, principal, reference, caller, () => method)
  if (method !== 'email') return order.methods.randomValue ?? undefined
  await afterOrderPlaced(engine, order)
  return undefined
}

/**
 * Sends the approval mails of an order once more, and those that were never sent.
 * @throws Fault object_unknown; control_method_mismatch where control is not approved by mail
 */
export async function resendOrderMails(engine: Engine, principal: Seeker, reference: string): Promise<void> {
  const order = await engine.store.read((view) => findOrder(view, principal, reference))
  const method = order.methods?.method
  if (method !== 'email') throw new Fault('control_method_mismatch', { method: method ?? 'none' })
  await afterOrderPlaced(engine, order, 'again')
}

type ControlledOrder = Order & { readonly methods: OrderControl }

/** @param choose the method to go on with */
function changeControl(
  engine: Engine,
  principal: Seeker,
  reference: string,
  caller: Caller,
  choose: (control: OrderControl) => ValidationMethod,
): Promise<ControlledOrder> {
  return engine.store.write(function* (transaction) {
    const now = engine.clock.now()
    const order = yield* heldOrder(transaction, principal, reference)
    const method = choose(order.methods)
    const { names } = yield* unprovenNames(transaction, order, now)
    const written = names.map((value) => ({ value, parameter: 'certificate.dns_names' }))
    checkMethod(method, written, 'dcv_method')
    const { randomValue } = order.methods
    const methods: OrderControl = {
      ...order.methods,
      method,
      randomValue: method === 'email' ? randomValue : currentRandomValue(randomValue, engine.random, now),
    }
    // What is not approved yet is looked at from its approval on.
    const dueAt = order.status === 'needs_approval' ? null : nextOrderLook({ ...order, methods }, now)
    const changed = { ...order, methods, dueAt }
    yield* transaction.collection(orders).replace(changed)
    transaction.record({
      action: 'order.changed',
      at: now,
      actor: caller.actor,
      accountId: order.accountId,
      object: `order:${order.id}`,
      requestId: caller.requestId,
      detail: { dcvMethod: method, valueUntil: methods.randomValue?.expiresAt ?? null },
    })
    return changed
  })
}

/**
 * An issued order whose reissue or duplicate waits is one that waits.
 * @throws Fault object_unknown, state_refused
 */
function* heldOrder(
  transaction: Transaction,
  principal: Seeker,
  reference: string,
): Program<ControlledOrder> {
  const found = yield* findOrder(transaction, principal, reference)
  const order = yield* transaction.collection(orders).hold(found.accountId, found.id)
  if (order === undefined) throw new Fault('object_unknown', { object: 'order' })
  const { methods, status } = order
  const isChangeable = status === 'issued' ? yield* waitsForCertificate(transaction, order) : isWaiting(order)
  if (methods === null || !isChangeable) {
    throw new Fault('state_refused', { object: 'order', state: status, parameter: 'status' })
  }
  return { ...order, methods }
}
