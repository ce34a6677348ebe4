import type { ApiKeyRecord, ApiKeyRestriction } from '../accounts/account.ts'
import { type CreatedApiKey, insertApiKey } from '../accounts/api-key-create.ts'
import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
import type { Principal } from './principal.ts'
import { seesContainer } from './scope.ts'
import { type Sight, visibleUser } from './sight.ts'
import { type User, users } from './user.ts'

/** A key with whose it is. */
export interface OwnedKey {
  readonly key: ApiKeyRecord
  readonly user: User
}

export interface KeyChanges {
  readonly name?: string
  /** Null: the user's own role alone. */
  readonly restriction?: ApiKeyRestriction | null
  readonly status?: 'active' | 'revoked'
}

/**
 * Makes a key for a user in sight; it may what he may, narrowed by the restriction.
 * @throws Fault object_unknown
 */
export function createUserKey(
  { clock, random, store }: Pick<Engine, 'clock' | 'random' | 'store'>,
  by: Principal,
  userId: number,
  { name, restriction }: { readonly name: string; readonly restriction: ApiKeyRestriction | null },
  caller: Caller,
): Promise<CreatedApiKey> {
  return store.write(function* (transaction) {
    const user = yield* visibleUser(transaction, by, userId)
    const accountId = by.account.id
    return yield* insertApiKey(
      transaction,
      { clock, random },
      { accountId, userId: user.id, name, role: 'administrator', restriction, endDate: null },
      caller,
    )
  })
}

/** The keys of users in sight, in order of id. */
export function* visibleKeys(view: View, { account, scope }: Sight): Program<readonly OwnedKey[]> {
  const keys = (yield* view.accounts.apiKeysOf(account.id)).toSorted((a, b) => a.id - b.id)
  const owners = new Map<number, User>()
  const ids = [...new Set(keys.flatMap(({ userId }) => (userId === null ? [] : [userId])))]
  for (let start = 0; start < ids.length; start += 1000) {
    for (const user of yield* view.collection(users).byIds(account.id, ids.slice(start, start + 1000))) {
      owners.set(user.id, user)
    }
  }
  return keys.flatMap((key) => {
    const user = key.userId === null ? undefined : owners.get(key.userId)
    return user !== undefined && seesContainer(scope, user.containerId) ? [{ key, user }] : []
  })
}

/** @throws Fault object_unknown */
export function* visibleKey(view: View, sight: Sight, id: number): Program<OwnedKey> {
  return yield* ownedKey(view, sight, yield* view.accounts.apiKeyById(sight.account.id, id))
}

/**
 * Names a key, narrows it, ends it or lets it work again.
 * @throws Fault object_unknown
 */
export function changeKey(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Principal,
  id: number,
  { name, restriction, status }: KeyChanges,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* transaction.accounts.holdApiKey(by.account.id, id)
    const { key } = yield* ownedKey(transaction, by, held)
    const at = clock.now()
    const changed: ApiKeyRecord = {
      ...key,
      name: name ?? key.name,
      restriction: restriction === undefined ? key.restriction : restriction,
      revokedAt: status === undefined ? key.revokedAt : status === 'active' ? null : (key.revokedAt ?? at),
    }
    yield* transaction.accounts.updateApiKey(changed)
    tellChange(transaction, key, changed, at, caller)
  })
}

function* ownedKey(view: View, sight: Sight, key: ApiKeyRecord | undefined): Program<OwnedKey> {
  const user =
    key?.userId == null ? undefined : yield* view.collection(users).byId(sight.account.id, key.userId)
  if (key === undefined || user === undefined || !seesContainer(sight.scope, user.containerId)) {
    throw new Fault('object_unknown', { object: 'api-key' })
  }
  return { key, user }
}

function tellChange(
  transaction: Transaction,
  before: ApiKeyRecord,
  after: ApiKeyRecord,
  at: number,
  { actor, requestId }: Caller,
): void {
  transaction.configurationChanged()
  transaction.record({
    action: before.revokedAt === null && after.revokedAt !== null ? 'api-key.revoked' : 'api-key.changed',
    at,
    actor,
    accountId: before.accountId,
    object: `api-key:${before.publicId}`,
    requestId,
    detail: {
      name: after.name,
      restrictionBefore: before.restriction,
      restriction: after.restriction,
      revoked: after.revokedAt !== null,
    },
  })
}
