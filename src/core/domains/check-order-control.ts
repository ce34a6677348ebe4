import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Principal } from '../identity/principal.ts'
import { advanceOrder, type OrderProgress } from '../orders/advance-order.ts'
import { findOrder } from '../orders/find-order.ts'
import type { Order } from '../orders/order.ts'
import { orders } from '../orders/orders.ts'
import type { ValidationMethod } from './domain.ts'
import { oneRun, type Pause } from './one-run.ts'
import { proofsTold, proveNames } from './prove-names.ts'
import { addOrderProofs, takesProofs, tellCheck } from './record-proofs.ts'
import { type NamesOfOrder, unprovenNames } from './unproven-names.ts'

/** What a check of an order's control leads to. */
export interface OrderCheck {
  /** The names that were to be checked, and whether each is proven now. */
  readonly names: readonly { readonly name: string; readonly isProven: boolean }[]
  readonly progress: OrderProgress
}

/**
 * Looks for the order's random value now, whenever the background is going to. Names that are proven already are not
 * looked at again. Issues what is ready then. Calls at the same time share one look and one outcome (case D19).
 *
 * @param only the names to check; undefined: all of the certificate that waits
 * @throws Fault object_unknown; control_method_mismatch where approval comes by mail, or nothing has to be proven;
 *   parameter_invalid for names that are not the order's; control_not_proven when no name is proven, and by files when
 *   any is not; caa_forbids, caa_absent; store_busy
 */
export async function checkOrderControl(
  engine: Engine,
  principal: Pick<Principal, 'account' | 'scope'>,
  reference: string,
  only: readonly string[] | undefined,
  caller: Caller,
  pause: Pause,
): Promise<OrderCheck> {
  const found = await engine.store.read((view) => findOrder(view, principal, reference))
  tokenMethodOf(found)
  const { names } = await namesOf(engine, found)
  if (only?.some((name) => !names.includes(name)) === true) {
    throw new Fault('parameter_invalid', {
      parameter: 'dns_names_validations',
      reason: 'not names of the order',
    })
  }
  return runOrderCheck(engine, found, only, caller, pause)
}

/**
 * The check itself, whoever asks for it.
 * @param pause undefined: does not wait for another process that looks
 * @throws Fault control_not_proven and what issuance refuses; store_busy
 */
export async function runOrderCheck(
  engine: Engine,
  found: Order,
  only: readonly string[] | undefined,
  caller: Caller,
  pause: Pause | undefined,
): Promise<OrderCheck> {
  const check = async (): Promise<OrderCheck> => {
    // Read now: another run may have ended since the order was found.
    const order = await reread(engine, found)
    const { names, missing } = await namesOf(engine, order)
    await lookForOrder(
      engine,
      order,
      (only ?? names).filter((name) => missing.includes(name)),
      caller,
    )
    return outcomeOf(engine, found, only ?? names, caller)
  }
  // A check of some names is no answer to whoever asks for others, so they have runs of their own.
  const about = only === undefined ? '' : `:${[...only].sort().join(',')}`
  const run = await oneRun(engine, `control:order:${found.id}${about}`, check, pause)
  if (run.state === 'done') return run.result
  return outcomeOf(engine, found, only ?? (await namesOf(engine, found)).names, caller)
}

/** @throws Fault control_not_proven, and what issuance refuses */
async function outcomeOf(
  engine: Engine,
  found: Order,
  wanted: readonly string[],
  caller: Caller,
): Promise<OrderCheck> {
  const order = await reread(engine, found)
  const { missing } = await namesOf(engine, order)
  const names = wanted.map((name) => ({ name, isProven: !missing.includes(name) }))
  const unproven = wanted.filter((name) => missing.includes(name))
  const method = tokenMethodOf(order)
  if (unproven.length > 0 && (method === 'http-token' || unproven.length === names.length)) {
    throw new Fault('control_not_proven', { method, names: unproven })
  }
  const progress = await advanceOrder(engine, order.accountId, order.id, caller)
  return { names, progress }
}

/** One look at some names of an order; what it finds is stored with the audit event that tells of it. */
async function lookForOrder(
  engine: Engine,
  {
    id,
    accountId,
    methods,
    controlScope: scope,
  }: Pick<Order, 'id' | 'accountId' | 'methods' | 'controlScope'>,
  names: readonly string[],
  caller: Caller,
): Promise<void> {
  if (methods === null || methods.method === 'email' || methods.randomValue === null) return
  if (names.length === 0) return
  const { method, randomValue } = methods
  const proofs = await proveNames(engine, { method, randomValue, names, scope })
  await engine.store.write(function* (transaction) {
    const found = proofs.flatMap(({ evidence }) => evidence ?? [])
    yield* addOrderProofs(transaction, engine, { accountId, id }, found)
    tellCheck(transaction, engine.clock.now(), caller, {
      ...{ accountId, object: `order:${id}`, method, value: randomValue.value, found: proofsTold(proofs) },
    })
  })
}

/** @throws Fault control_method_mismatch */
function tokenMethodOf(order: Order): Exclude<ValidationMethod, 'email'> {
  const method = order.methods?.method ?? 'email'
  if (method === 'email' || !takesProofs(order)) throw new Fault('control_method_mismatch', { method })
  return method
}

/** @throws Fault object_unknown for an order that was deleted meanwhile */
async function reread({ store }: Engine, { accountId, id }: Order): Promise<Order> {
  const order = await store.read((view) => view.collection(orders).byId(accountId, id))
  if (order === undefined) throw new Fault('object_unknown', { object: 'order' })
  return order
}

async function namesOf(engine: Engine, order: Order): Promise<NamesOfOrder> {
  return engine.store.read((view) => unprovenNames(view, order, engine.clock.now()))
}
