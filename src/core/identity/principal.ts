import type { AccountRecord, ApiKeyRecord } from '../accounts/account.ts'
import { isApiKeyLive, readApiKeyText } from '../accounts/api-key.ts'
import { type ApiKeyHolder, useApiKey } from '../accounts/api-key-use.ts'
import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import { isDayOver } from '../days.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { type ServiceUser, serviceUsers } from '../service-users/service-user.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { ensureTenant } from './create-tenant.ts'
import { KeyMemory, type KnownKey } from './key-memory.ts'
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

const memory = new KeyMemory<Principal>()

/**
 * Whom the API key of a request stands for.
 * @throws Fault credential_unknown, also for the key of a user who is inactive, gone or past his end; access_denied,
 *   account_unavailable, account_corrupt
 */
export async function identify(parts: Parts, keyText: string, requestId: string): Promise<Principal> {
  const shown = readApiKeyText(keyText)
  if (shown === undefined) throw new Fault('credential_unknown', {})
  const remembered = memory.find(parts.store, shown)
  const found = remembered instanceof Promise ? await remembered : remembered
  const known = found ?? (await lookUp(parts, keyText, requestId))
  const now = parts.clock.now()
  const { key, serviceUser } = known.holder
  if (!isApiKeyLive(key, now)) throw new Fault('credential_unknown', {})
  requireNotOver(serviceUser, now)
  if (isUseWorthNoting(known, now)) await noteUse(parts, known, now)
  return known.holder
}

async function lookUp(parts: Parts, keyText: string, requestId: string): Promise<KnownKey<Principal>> {
  const { store, clock } = parts
  // Before anything else: a change that comes meanwhile must not be taken for known.
  const epoch = await store.read((view) => view.configurationEpoch())
  const holder = await useApiKey(parts, keyText)
  const userId = holder.key.userId ?? (await adopt(parts, holder, requestId))
  const principal = await store.read((view) => principalOf(view, holder, userId, clock.now()))
  const known = { holder: principal, epoch, notedAt: holder.key.lastUsedAt }
  memory.keep(store, known)
  return known
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
  requireNotOver(serviceUser, now)
  return { user, serviceUser }
}

/** @throws Fault credential_unknown */
function requireNotOver(serviceUser: ServiceUser | undefined, now: Instant): void {
  if (isDayOver(serviceUser?.endDate ?? null, now)) throw new Fault('credential_unknown', {})
}

/** The administrator who takes over a key that was made before its account had users. */
function adopt(parts: Parts, { account, key }: ApiKeyHolder, requestId: string): Promise<number> {
  const caller = callerOf({ account, key }, requestId)
  return parts.store.write(function* (transaction) {
    const { administrator } = yield* ensureTenant(transaction, parts, account, caller)
    return administrator.id
  })
}

const isUseWorthNoting = ({ notedAt }: KnownKey<Principal>, now: Instant): boolean =>
  notedAt === null || now >= notedAt + touchAfterMs

/** A store that takes no writes still answers reads. */
async function noteUse({ log, store }: Parts, known: KnownKey<Principal>, now: Instant): Promise<void> {
  const { publicId } = known.holder.key
  known.notedAt = now
  try {
    await store.write((transaction) => transaction.accounts.touchApiKey(publicId, now))
  } catch (error) {
    log.warn({ err: error, key: publicId }, 'the use of an API key was not noted')
  }
}
