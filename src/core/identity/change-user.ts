import type { ApiKeyRole } from '../accounts/account.ts'
import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import type { Principal } from './principal.ts'
import { requireUser } from './sight.ts'
import { type User, users } from './user.ts'
import { homeOf, requireAnotherAdministrator, requireInSight, requireMayRule } from './user-rules.ts'

/** What becomes of a user; members that are absent stay as they are. */
export interface UserChanges {
  readonly username?: string
  readonly firstName?: string
  readonly lastName?: string
  readonly email?: string
  readonly jobTitle?: string
  readonly telephone?: string
  readonly role?: ApiKeyRole
  readonly status?: 'active' | 'inactive'
  readonly containerId?: number
  readonly containerAssignments?: readonly number[]
}

type Parts = Pick<Engine, 'clock' | 'store'>

/**
 * Changes a user in sight.
 * @throws Fault object_unknown, permission_missing, parameter_invalid, username_taken, state_refused for the last
 *   administrator of the account
 */
export function changeUser(
  { clock, store }: Parts,
  by: Principal,
  id: number,
  changes: UserChanges,
  caller: Caller,
): Promise<User> {
  return store.write(function* (transaction) {
    const held = yield* holdUser(transaction, by, id)
    const user: User = {
      ...held,
      ...changes,
      username: (changes.username ?? held.username).toLowerCase(),
    }
    requireMayRule(by, held.role)
    requireMayRule(by, user.role)
    if (user.role !== held.role || user.containerId !== held.containerId) {
      yield* homeOf(transaction, by, user.containerId, user.role)
    }
    if (changes.containerAssignments !== undefined) {
      yield* requireInSight(transaction, by, changes.containerAssignments)
    }
    if (user.role !== 'administrator') yield* requireAnother(transaction, by, held, 'access_roles')
    if (user.status === 'inactive') yield* requireAnother(transaction, by, held, 'status')
    yield* replaceUser(transaction, user)
    transaction.record({
      action: 'user.changed',
      at: clock.now(),
      actor: caller.actor,
      accountId: by.account.id,
      object: `user:${id}`,
      requestId: caller.requestId,
      detail: { before: summary(held), after: summary(user) },
    })
    return user
  })
}

/**
 * Ends a user with all of his keys. Somebody else may have his name then.
 * @throws Fault object_unknown, permission_missing, state_refused for the last administrator of the account
 */
export function deleteUser(
  { clock, store }: Parts,
  by: Principal,
  id: number,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* holdUser(transaction, by, id)
    const at = clock.now()
    requireMayRule(by, held.role)
    yield* requireAnother(transaction, by, held, 'user_id')
    yield* replaceUser(transaction, { ...held, status: 'deleted', username: `${held.username}#${held.id}` })
    for (const key of yield* transaction.accounts.apiKeysOf(by.account.id)) {
      if (key.userId === id) yield* transaction.accounts.revokeApiKey(by.account.id, key.publicId, at)
    }
    transaction.configurationChanged()
    transaction.record({
      action: 'user.deleted',
      at,
      actor: caller.actor,
      accountId: by.account.id,
      object: `user:${id}`,
      requestId: caller.requestId,
      detail: { username: held.username },
    })
  })
}

/** The account is held before the user, so that rules about all users of it hold to the end. */
function* holdUser(transaction: Transaction, by: Principal, id: number): Program<User> {
  yield* transaction.accounts.hold(by.account.id)
  return requireUser(by.scope, yield* transaction.collection(users).hold(by.account.id, id))
}

function requireAnother(
  transaction: Transaction,
  { account }: Principal,
  held: User,
  parameter: string,
): Program<void> {
  return requireAnotherAdministrator(transaction, account.id, held, parameter)
}

function* replaceUser(transaction: Transaction, user: User): Program<void> {
  if (!(yield* transaction.collection(users).replace(user))) {
    throw new Fault('username_taken', { username: user.username })
  }
}

/** What an auditor looks for: rights, reach and name, not the person's details. */
function summary({ username, email, role, status, containerId, containerAssignments }: User): string {
  return JSON.stringify({ username, email, role, status, containerId, containerAssignments })
}
