import type { AccountId } from '../brand.ts'
import type { Condition } from '../store/collection.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { type Container, containers } from './container.ts'

/** What somebody sees of an account. What lies outside does not exist for him. */
export interface Scope {
  /** Null: all containers of the account. */
  readonly containerIds: ReadonlySet<number> | null
  /** Whose orders are seen; null: everybody's. */
  readonly ownerId: number | null
}

export const seesContainer = ({ containerIds }: Scope, id: number): boolean =>
  containerIds === null || containerIds.has(id)

/** Narrows a list to the containers in sight. */
export function containerConditions<Column extends string>(
  { containerIds }: Scope,
  column: Column,
): readonly Condition<Column>[] {
  return containerIds === null ? [] : [{ column, is: 'any-of', values: [...containerIds] }]
}

/**
 * The containers that somebody sees who is in these: they and all below them.
 * @returns null when that is the whole account
 */
export function* containersInSight(
  view: Pick<View, 'collection'>,
  account: AccountId,
  from: readonly number[],
): Program<ReadonlySet<number> | null> {
  const own = yield* view.collection(containers).byIds(account, from)
  if (own.some(({ parentId }) => parentId === null)) return null
  return withDescendants(yield* allContainers(view, account), from)
}

/** Every container of an account, in order of id, so that parents come before their children. */
export function* allContainers(
  view: Pick<View, 'collection'>,
  account: AccountId,
): Program<readonly Container[]> {
  const found: Container[] = []
  const limit = 1000
  for (;;) {
    const { items } = yield* view
      .collection(containers)
      .list({ accountId: account, where: [], offset: found.length, limit })
    found.push(...items)
    if (items.length < limit) return found
  }
}

/** These and everything below them. A parent always has the lower id: containers do not move. */
export function withDescendants(all: readonly Container[], from: readonly number[]): ReadonlySet<number> {
  const reached = new Set(from.filter((id) => all.some((each) => each.id === id)))
  for (const { id, parentId } of all) {
    if (parentId !== null && reached.has(parentId)) reached.add(id)
  }
  return reached
}
