import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { type Container, containers } from './container.ts'
import type { Principal } from './principal.ts'
import { allContainers, seesContainer, withDescendants } from './scope.ts'

/** What becomes of a container; members that are absent stay as they are. */
export interface ContainerChanges {
  readonly name?: string
  readonly description?: string
  readonly ekey?: string
  /** In normal form; empty: no bounds. */
  readonly allowedDomainNames?: readonly string[]
}

type Parts = Pick<Engine, 'clock' | 'store'>

/** @throws Fault object_unknown */
export function changeContainer(
  { clock, store }: Parts,
  by: Principal,
  id: number,
  changes: ContainerChanges,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* holdContainer(transaction, by, id)
    yield* replaceContainer(transaction, held, { ...held, ...changes }, clock.now(), caller)
  })
}

/**
 * Opens or closes a container with everything below it. The root stays open: nobody could open it again.
 * @throws Fault object_unknown, state_refused for the root
 */
export function setContainerActive(
  { clock, store }: Parts,
  by: Principal,
  id: number,
  isActive: boolean,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const { parentId } = yield* holdContainer(transaction, by, id)
    if (parentId === null && !isActive) {
      throw new Fault('state_refused', { object: 'container', state: 'root', parameter: 'container_id' })
    }
    const all = yield* allContainers(transaction, by.account.id)
    for (const each of withDescendants(all, [id])) {
      const held = yield* transaction.collection(containers).hold(by.account.id, each)
      if (held === undefined || held.isActive === isActive) continue
      yield* replaceContainer(transaction, held, { ...held, isActive }, clock.now(), caller)
    }
  })
}

function* holdContainer(
  transaction: Transaction,
  { account, scope }: Principal,
  id: number,
): Program<Container> {
  const held = yield* transaction.collection(containers).hold(account.id, id)
  if (held === undefined || !seesContainer(scope, id))
    throw new Fault('object_unknown', { object: 'container' })
  return held
}

function* replaceContainer(
  transaction: Transaction,
  before: Container,
  after: Container,
  at: number,
  { actor, requestId }: Caller,
): Program<void> {
  yield* transaction.collection(containers).replace(after)
  transaction.record({
    action: 'container.changed',
    at,
    actor,
    accountId: before.accountId,
    object: `container:${before.id}`,
    requestId,
    detail: { before: summary(before), after: summary(after) },
  })
}

function summary({ name, isActive, allowedDomainNames }: Container): string {
  return JSON.stringify({ name, isActive, allowedDomainNames })
}
