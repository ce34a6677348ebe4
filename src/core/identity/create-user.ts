import type { ApiKeyRestriction, ApiKeyRole } from '../accounts/account.ts'
import { insertApiKey } from '../accounts/api-key-create.ts'
import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { permits } from './permissions.ts'
import type { Principal } from './principal.ts'
import { type User, users } from './user.ts'
import { homeOf, requireInSight, requireMayRule } from './user-rules.ts'

export interface UserRequest {
  /** Unique in the installation, letter case ignored. */
  readonly username: string
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  readonly jobTitle: string
  readonly telephone: string
  readonly role: ApiKeyRole
  /** Absent: where the caller is. */
  readonly containerId?: number
  readonly containerAssignments: readonly number[]
}

export interface ServiceUserRequest extends Pick<UserRequest, 'email' | 'role' | 'containerAssignments'> {
  /** What people call it; also its key's name. */
  readonly name: string
  /** Absent: one is made. */
  readonly username?: string
  readonly containerId?: number
  readonly restriction: ApiKeyRestriction | null
}

type Parts = Pick<Engine, 'clock' | 'random' | 'store'>

/**
 * Makes a user who has no key yet and is `pending` until he has set a password.
 * @throws Fault username_taken, permission_missing, parameter_invalid
 */
export function createUser(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Principal,
  request: UserRequest,
  caller: Caller,
): Promise<User> {
  return store.write((transaction) => insertUser(transaction, clock.now(), by, request, caller))
}

/**
 * Makes a program's user with its key. The key is as much worth as any, so only who may make keys may do this.
 * @returns the whole text of the key, shown once
 * @throws Fault username_taken, permission_missing, parameter_invalid
 */
export function createServiceUser(
  { clock, random, store }: Parts,
  by: Principal,
  request: ServiceUserRequest,
  caller: Caller,
): Promise<{ readonly user: User; readonly apiKey: string }> {
  if (!permits(by.rights, 'keys', 'manage'))
    throw new Fault('permission_missing', { permission: 'keys:manage' })
  return store.write(function* (transaction) {
    const at = clock.now()
    const { name, restriction } = request
    const user = yield* insertUser(
      transaction,
      at,
      by,
      {
        ...request,
        username: request.username ?? `api-${Buffer.from(random.bytes(8)).toString('hex')}`,
        firstName: name,
        lastName: '',
        jobTitle: '',
        telephone: '',
        isApiOnly: true,
      },
      caller,
    )
    const { text } = yield* insertApiKey(
      transaction,
      { clock, random },
      { accountId: by.account.id, userId: user.id, name, role: 'administrator', restriction, endDate: null },
      caller,
    )
    return { user, apiKey: text }
  })
}

/** The same inside a transaction. */
export function* insertUser(
  transaction: Transaction,
  at: number,
  by: Principal,
  request: UserRequest & { readonly isApiOnly?: boolean },
  caller: Caller,
): Program<User> {
  const { account } = by
  requireMayRule(by, request.role)
  const home = yield* homeOf(transaction, by, request.containerId ?? by.user.containerId, request.role)
  yield* requireInSight(transaction, by, request.containerAssignments)
  const isApiOnly = request.isApiOnly === true
  const username = request.username.toLowerCase()
  const user: User = {
    id: yield* transaction.collection(users).nextId(),
    accountId: account.id,
    containerId: home.id,
    username,
    firstName: request.firstName,
    lastName: request.lastName,
    email: request.email,
    jobTitle: request.jobTitle,
    telephone: request.telephone,
    role: request.role,
    status: isApiOnly ? 'active' : 'pending',
    isApiOnly,
    containerAssignments: request.containerAssignments,
    createdAt: at,
    lastLoginAt: null,
  }
  if (!(yield* transaction.collection(users).insert(user))) throw new Fault('username_taken', { username })
  transaction.record({
    action: 'user.created',
    at,
    actor: caller.actor,
    accountId: account.id,
    object: `user:${user.id}`,
    requestId: caller.requestId,
    detail: { username, role: user.role, containerId: user.containerId },
  })
  return user
}

/** Whether a new user could have this name. */
export function isUsernameFree(
  { store }: Pick<Engine, 'store'>,
  username: string,
): boolean | Promise<boolean> {
  const wanted = username.toLowerCase()
  return store.read(function* (view) {
    return (yield* view.collection(users).anyBetween('username', wanted, wanted, 0, 1)).length === 0
  })
}
