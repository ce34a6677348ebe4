import { type Member, requirePermission } from '../access/member.ts'
import type { ApiKeyRecord } from '../accounts/account.ts'
import { type CreatedApiKey, insertApiKey } from '../accounts/api-key-create.ts'
import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import { dayOf, isDayOver } from '../days.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { OnceBinding } from '../limits/once.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
import { requireVersion } from '../version.ts'
import { type AccountMember, memberOf } from './change-service-user.ts'
import { requireComingDay } from './end-date.ts'
import { bindToken } from './made-token.ts'
import { requireMayManage } from './may-manage.ts'
import { nameKey } from './service-user.ts'

/** What a token is to whoever manages it; its text is not kept. */
export interface Token {
  readonly id: number
  readonly userId: number
  readonly name: string
  readonly status: 'enabled' | 'disabled' | 'expired'
  readonly endDate: string | null
  readonly createdAt: Instant
}

export interface TokenChanges {
  readonly name?: string
  /** Null: no end. */
  readonly endDate?: string | null
  readonly isEnabled?: boolean
}

/** A key as a token; undefined for one that is nobody's. */
export function tokenOf(key: ApiKeyRecord, now: Instant): Token | undefined {
  const { id, userId, name, endDate, createdAt } = key
  if (userId === null) return undefined
  const status = isDayOver(endDate, now) ? 'expired' : key.revokedAt === null ? 'enabled' : 'disabled'
  return { id, userId, name, status, endDate, createdAt }
}

/**
 * The tokens of a user, in order of id: one's own, or with the right to see users anybody's.
 * @throws Fault object_unknown, permission_missing
 */
export function* tokensOfUser(
  view: View,
  by: Member,
  userId: number,
  now: Instant,
): Program<readonly Token[]> {
  if (userId !== by.user.id) requirePermission(by, 'VIEW_AM_USER')
  yield* memberOf(view, by.account, userId)
  const keys = yield* view.accounts.apiKeysOf(by.account.id)
  return keys
    .filter((key) => key.userId === userId)
    .toSorted((a, b) => a.id - b.id)
    .flatMap((key) => tokenOf(key, now) ?? [])
}

/** @throws Fault object_unknown, permission_missing */
export function* tokenById(view: View, by: Member, id: number, now: Instant): Program<Token> {
  const key = yield* view.accounts.apiKeyById(by.account.id, id)
  const token = key === undefined ? undefined : tokenOf(key, now)
  if (token === undefined) throw new Fault('object_unknown', { object: 'token' })
  if (token.userId !== by.user.id) requirePermission(by, 'VIEW_AM_USER')
  return token
}

/**
 * Makes another token for a user, so that programs can change over without a gap. One made for oneself may no more
 * than the one it was made with.
 *
 * @throws Fault object_unknown, name_taken, ended, parameter_invalid (`end_date`), permission_missing
 */
export function createToken(
  { clock, random, sealer, store }: Pick<Engine, 'clock' | 'random' | 'sealer' | 'store'>,
  by: Member,
  request: { readonly userId: number; readonly name: string; readonly endDate: string | null },
  caller: Caller,
  binding: OnceBinding,
): Promise<CreatedApiKey> {
  return store.write(function* (transaction) {
    const now = clock.now()
    const { userId, name, endDate } = request
    yield* transaction.accounts.hold(by.account.id)
    const member = yield* memberOf(transaction, by.account, userId)
    if (userId !== by.user.id) requireMayManage(by, member)
    if (isDayOver(member.serviceUser?.endDate ?? null, now))
      throw new Fault('ended', { what: 'service user' })
    requireComingDay(endDate, now)
    yield* requireFreeName(transaction, by, userId, name)
    const created = yield* insertApiKey(
      transaction,
      { clock, random },
      { accountId: by.account.id, userId, name, endDate, ...boundsFor(by, member) },
      caller,
    )
    yield* bindToken(transaction, sealer, binding, created.record, created.text)
    return created
  })
}

/**
 * Renames a token, switches it on or off, or moves its end, as long as that has not passed.
 * @throws Fault object_unknown, version_conflict, name_taken, ended, parameter_invalid (`end_date`),
 *   permission_missing
 */
export function changeToken(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Member,
  id: number,
  { name, endDate, isEnabled }: TokenChanges,
  expected: readonly string[] | undefined,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const now = clock.now()
    const { key, token } = yield* holdToken(transaction, by, id, now)
    requireVersion(token, expected)
    if (token.status === 'expired') throw new Fault('ended', { what: 'token' })
    if (endDate !== undefined) requireComingDay(endDate, now)
    if (name !== undefined && nameKey(name) !== nameKey(key.name)) {
      yield* requireFreeName(transaction, by, token.userId, name)
    }
    const changed: ApiKeyRecord = {
      ...key,
      name: name ?? key.name,
      endDate: endDate === undefined ? key.endDate : endDate,
      revokedAt: isEnabled === undefined ? key.revokedAt : isEnabled ? null : (key.revokedAt ?? now),
    }
    yield* transaction.accounts.updateApiKey(changed)
    transaction.configurationChanged()
    transaction.record({
      action: 'api-key.changed',
      at: now,
      actor: caller.actor,
      accountId: by.account.id,
      object: `api-key:${key.publicId}`,
      requestId: caller.requestId,
      detail: {
        name: changed.name,
        endDateBefore: key.endDate,
        endDate: changed.endDate,
        enabledBefore: key.revokedAt === null,
        enabled: changed.revokedAt === null,
      },
    })
  })
}

/** Ends a token for good; its name is free then. @throws Fault object_unknown, version_conflict, permission_missing */
export function deleteToken(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Member,
  id: number,
  expected: readonly string[] | undefined,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const at = clock.now()
    const { key, token } = yield* holdToken(transaction, by, id, at)
    requireVersion(token, expected)
    yield* transaction.accounts.removeApiKey(by.account.id, id)
    transaction.configurationChanged()
    transaction.record({
      action: 'api-key.deleted',
      at,
      actor: caller.actor,
      accountId: by.account.id,
      object: `api-key:${key.publicId}`,
      requestId: caller.requestId,
      detail: { name: key.name, userId: key.userId, deletedOn: dayOf(at) },
    })
  })
}

function* holdToken(
  transaction: Transaction,
  by: Member,
  id: number,
  now: Instant,
): Program<{ readonly key: ApiKeyRecord; readonly token: Token }> {
  yield* transaction.accounts.hold(by.account.id)
  const key = yield* transaction.accounts.holdApiKey(by.account.id, id)
  const token = key === undefined ? undefined : tokenOf(key, now)
  if (key === undefined || token === undefined) throw new Fault('object_unknown', { object: 'token' })
  const owner = yield* memberOf(transaction, by.account, token.userId)
  if (owner.user.id !== by.user.id || !isBoundAlike(by, key)) requireMayManage(by, owner)
  return { key, token }
}

/** Whether a key may as much as the one at hand, which then may change it, however narrow both are. */
function isBoundAlike({ credential }: Member, { role, restriction }: ApiKeyRecord): boolean {
  if (credential.type !== 'api-key') return false
  return credential.key.role === role && credential.key.restriction === restriction
}

function boundsFor(
  { user, credential }: Member,
  owner: AccountMember,
): Pick<ApiKeyRecord, 'role' | 'restriction'> {
  if (owner.user.id === user.id && credential.type === 'api-key') {
    const { role, restriction } = credential.key
    return { role, restriction }
  }
  return { role: 'administrator', restriction: owner.serviceUser === undefined ? null : 'view' }
}

function* requireFreeName(
  transaction: Transaction,
  { account }: Member,
  userId: number,
  name: string,
): Program<void> {
  const keys = yield* transaction.accounts.apiKeysOf(account.id)
  if (keys.some((key) => key.userId === userId && nameKey(key.name) === nameKey(name))) {
    throw new Fault('name_taken', { parameter: 'name', name })
  }
}
