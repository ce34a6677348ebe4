import type { Member } from '../access/member.ts'
import type { RoleCode } from '../access/roles.ts'
import type { Caller } from '../audit/caller.ts'
import { isDayOver } from '../days.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { type User, users } from '../identity/user.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
import { requireVersion } from '../version.ts'
import { requireOwnPermissions } from './create-service-user.ts'
import { requireComingDay } from './end-date.ts'
import { type ServiceUser, serviceUsers } from './service-user.ts'

/** A user with what makes him a service user; undefined for people and users of the ordering API. */
export interface AccountMember {
  readonly user: User
  readonly serviceUser: ServiceUser | undefined
}

/** What becomes of a service user; members that are absent stay as they are. */
export interface ServiceUserChanges {
  readonly friendlyName?: string
  readonly description?: string
  readonly email?: string
  /** Null: no end. */
  readonly endDate?: string | null
  readonly roles?: readonly RoleCode[]
  readonly isActive?: boolean
}

/** @throws Fault object_unknown */
export function* memberOf(
  view: Pick<View, 'collection'>,
  account: Member['account'],
  userId: number,
): Program<AccountMember> {
  const user = yield* view.collection(users).byId(account.id, userId)
  if (user === undefined || user.status === 'deleted') throw new Fault('object_unknown', { object: 'user' })
  return { user, serviceUser: yield* view.collection(serviceUsers).byId(account.id, userId) }
}

/**
 * Changes a service user.
 * @param expected versions that the change was meant for
 * @throws Fault object_unknown, also for users who are none; version_conflict, ended for one whose last day is over,
 *   name_taken, parameter_invalid, permission_missing
 */
export function changeServiceUser(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Member,
  userId: number,
  { isActive, email, ...changes }: ServiceUserChanges,
  expected: readonly string[] | undefined,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const at = clock.now()
    const held = yield* holdServiceUser(transaction, by, userId)
    requireVersion(held, expected)
    if (isDayOver(held.serviceUser.endDate, at)) throw new Fault('ended', { what: 'service user' })
    requireOwnPermissions(by, held.serviceUser.roles)
    if (changes.roles !== undefined) requireOwnPermissions(by, changes.roles)
    if (changes.endDate !== undefined) requireComingDay(changes.endDate, at)
    const serviceUser: ServiceUser = { ...held.serviceUser, ...changes }
    if (!(yield* transaction.collection(serviceUsers).replace(serviceUser))) {
      throw new Fault('name_taken', { parameter: 'friendly_name', name: serviceUser.friendlyName })
    }
    const user: User = {
      ...held.user,
      firstName: serviceUser.friendlyName,
      email: email ?? held.user.email,
      status: isActive === undefined ? held.user.status : isActive ? 'active' : 'inactive',
    }
    yield* transaction.collection(users).replace(user)
    transaction.configurationChanged()
    transaction.record({
      action: 'service-user.changed',
      at,
      actor: caller.actor,
      accountId: by.account.id,
      object: `user:${userId}`,
      requestId: caller.requestId,
      detail: { before: summary(held), after: summary({ user, serviceUser }) },
    })
  })
}

/**
 * Ends a service user with all his credentials, for good.
 * @throws Fault object_unknown, version_conflict, permission_missing
 */
export function deleteServiceUser(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Member,
  userId: number,
  expected: readonly string[] | undefined,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const at = clock.now()
    const held = yield* holdServiceUser(transaction, by, userId)
    requireVersion(held, expected)
    requireOwnPermissions(by, held.serviceUser.roles)
    const { id: accountId } = by.account
    yield* transaction.collection(serviceUsers).remove(accountId, userId)
    yield* transaction.collection(users).replace({ ...held.user, status: 'deleted' })
    for (const key of yield* transaction.accounts.apiKeysOf(accountId)) {
      if (key.userId === userId) yield* transaction.accounts.removeApiKey(accountId, key.id)
    }
    transaction.configurationChanged()
    transaction.record({
      action: 'user.deleted',
      at,
      actor: caller.actor,
      accountId,
      object: `user:${userId}`,
      requestId: caller.requestId,
      detail: { friendlyName: held.serviceUser.friendlyName },
    })
  })
}

function* holdServiceUser(
  transaction: Transaction,
  { account }: Member,
  userId: number,
): Program<AccountMember & { readonly serviceUser: ServiceUser }> {
  const serviceUser = yield* transaction.collection(serviceUsers).hold(account.id, userId)
  const user = yield* transaction.collection(users).hold(account.id, userId)
  if (serviceUser === undefined || user === undefined || user.status === 'deleted') {
    throw new Fault('object_unknown', { object: 'user' })
  }
  return { user, serviceUser }
}

function summary({ user, serviceUser }: AccountMember): string {
  const { status, email } = user
  return JSON.stringify({ status, email, ...serviceUser })
}
