import type { AccountRecord, ApiKeyRecord } from '../accounts/account.ts'
import { isDayOver } from '../accounts/api-key.ts'
import { type ApiKeyHolder, useApiKey } from '../accounts/api-key-use.ts'
import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { type ServiceUser, serviceUsers } from '../service-users/service-user.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { ensureTenant } from './create-tenant.ts'
import type { Rights } from './permissions.ts'
import { containersInSight, type Scope } from './scope.ts'
import { type User, users } from './user.ts'

/** Who makes a request, what it may and what it sees. */
export interface Principal {
  readonly account: AccountRecord
  readonly user: User
  readonly key: ApiKeyRecord
  readonly rights: Rights
  readonly scope: Scope
  /** What is said of a program's user, where it was made at the Account Manager API. */
  readonly serviceUser?: ServiceUser
}

type Parts = Pick<Engine, 'clock' | 'log' | 'random' | 'sealer' | 'store'>

const touchAfterMs = 60_000

/**
 * Whom the API key of a request stands for.
 * @throws Fault credential_unknown, also for the key of a user who is inactive, gone or past his end; access_denied,
 *   account_unavailable, account_corrupt
 */
export async function identify(parts: Parts, keyText: string, requestId: string): Promise<Principal> {
  const holder = await useApiKey(parts, keyText)
  const userId = holder.key.userId ?? (await adopt(parts, holder, requestId))
  const principal = await parts.store.read((view) => principalOf(view, holder, userId, parts.clock.now()))
  await noteUse(parts, holder.key)
  return principal
}

/** Who a request is made by, as the audit log says it. */
export function callerOf({ account, key }: Pick<Principal, 'account' | 'key'>, requestId: string): Caller {
  return { actor: { type: 'api-key', accountId: account.id, publicId: key.publicId }, requestId }
}

function* principalOf(view: View, holder: ApiKeyHolder, userId: number, now: Instant): Program<Principal> {
  return yield* principalWith(view, holder, yield* liveUser(view, holder.account, userId, now))
}

/** What a user may and sees with a key, whether or not the key still works. */
export function* principalWith(
  view: Pick<View, 'collection'>,
  { account, key }: ApiKeyHolder,
  { user, serviceUser }: LiveUser,
): Program<Principal> {
  const inSight = [user.containerId, ...user.containerAssignments]
  const roles = key.role === user.role ? [user.role] : [user.role, key.role]
  const containerIds = yield* containersInSight(view, account.id, inSight)
  return {
    account,
    user,
    key,
    rights: { roles, restriction: key.restriction, seesWholeAccount: containerIds === null },
    scope: { containerIds, ownerId: roles.includes('limited') ? user.id : null },
    ...(serviceUser && { serviceUser }),
  }
}

export interface LiveUser {
  readonly user: User
  /** What is said of a program's user. */
  readonly serviceUser: ServiceUser | undefined
}

/**
 * A user whose credentials work now.
 * @throws Fault credential_unknown
 */
export function* liveUser(
  view: Pick<View, 'collection'>,
  account: Pick<AccountRecord, 'id'>,
  userId: number,
  now: Instant,
): Program<LiveUser> {
  const user = yield* view.collection(users).byId(account.id, userId)
  if (user === undefined || user.status === 'inactive' || user.status === 'deleted') {
    throw new Fault('credential_unknown', {})
  }
  const serviceUser = user.isApiOnly
    ? yield* view.collection(serviceUsers).byId(account.id, userId)
    : undefined
  if (isDayOver(serviceUser?.endDate ?? null, now)) throw new Fault('credential_unknown', {})
  return { user, serviceUser }
}

/** The administrator who takes over a key that was made before its account had users. */
function adopt(parts: Parts, { account, key }: ApiKeyHolder, requestId: string): Promise<number> {
  const caller = callerOf({ account, key }, requestId)
  return parts.store.write(function* (transaction) {
    const { administrator } = yield* ensureTenant(transaction, parts, account, caller)
    return administrator.id
  })
}

/** A store that takes no writes still answers reads. */
async function noteUse({ clock, log, store }: Parts, key: ApiKeyRecord): Promise<void> {
  const now = clock.now()
  if (key.lastUsedAt !== null && now < key.lastUsedAt + touchAfterMs) return
  try {
    await store.write((transaction) => transaction.accounts.touchApiKey(key.publicId, now))
  } catch (error) {
    log.warn({ err: error, key: key.publicId }, 'the use of an API key was not noted')
  }
}
