import type { AccountId } from '../brand.ts'
import { Fault } from '../faults.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { type Container, containers } from './container.ts'
import type { Principal } from './principal.ts'
import { seesContainer } from './scope.ts'
import { type User, users } from './user.ts'

/** Whoever acts on the people and divisions of an account. */
export type Sight = Pick<Principal, 'account' | 'scope'>

/** @throws Fault object_unknown for a user who does not exist or is out of sight */
export function* visibleUser(
  view: Pick<View, 'collection'>,
  { account, scope }: Sight,
  id: number,
): Program<User> {
  return requireUser(scope, yield* view.collection(users).byId(account.id, id))
}

/** The user, unless there is none in sight. @throws Fault object_unknown */
export function requireUser(scope: Sight['scope'], user: User | undefined): User {
  if (user === undefined || user.status === 'deleted' || !seesContainer(scope, user.containerId)) {
    throw new Fault('object_unknown', { object: 'user' })
  }
  return user
}

/** @throws Fault object_unknown for a container that does not exist or is out of sight */
export function* visibleContainer(
  view: Pick<View, 'collection'>,
  { account, scope }: Sight,
  id: number,
): Program<Container> {
  const container = yield* view.collection(containers).byId(account.id, id)
  if (container === undefined || !seesContainer(scope, id)) {
    throw new Fault('object_unknown', { object: 'container' })
  }
  return container
}

/** The containers that users are in or assigned to, by id. */
export function* containersAround(
  view: Pick<View, 'collection'>,
  account: AccountId,
  around: readonly User[],
): Program<ReadonlyMap<number, Container>> {
  const wanted = new Set(around.flatMap((user) => [user.containerId, ...user.containerAssignments]))
  const ids = [...wanted]
  const found = new Map<number, Container>()
  for (let start = 0; start < ids.length; start += 1000) {
    for (const each of yield* view.collection(containers).byIds(account, ids.slice(start, start + 1000))) {
      found.set(each.id, each)
    }
  }
  return found
}
