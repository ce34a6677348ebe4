import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { accountPolicies } from '../identity/account-policy.ts'
import type { Principal } from '../identity/principal.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
import { type AuthKey, authKeys, authKeyText } from './auth-key.ts'
import { keysInForce } from './prove-by-auth-key.ts'

const dayMs = 86_400_000

type Holder = Pick<Principal, 'account'>

/**
 * Makes an AuthKey. Of those without an end an account has one; of the others any number.
 *
 * @param days how long it counts; undefined: until it is deleted
 * @returns the key and its text, which is told this once
 * @throws Fault auth_key_exists
 */
export async function createAuthKey(
  engine: Engine,
  { account }: Holder,
  days: number | undefined,
  caller: Caller,
): Promise<{ readonly key: AuthKey; readonly text: string }> {
  const now = engine.clock.now()
  const wanted = {
    accountId: account.id,
    publicId: Buffer.from(engine.random.bytes(16)).toString('hex'),
    createdAt: now,
    expiresAt: days === undefined ? null : now + days * dayMs,
  }
  const key = await engine.store.write(function* (transaction) {
    if (days === undefined) {
      // Two calls at once read the keys one after the other.
      yield* transaction.collection(accountPolicies).hold(account.id, account.id)
      if (yield* hasEndlessKey(transaction, { account }, now)) throw new Fault('auth_key_exists', {})
    }
    const made = { id: yield* transaction.collection(authKeys).nextId(), ...wanted }
    yield* transaction.collection(authKeys).insert(made)
    tell(transaction, 'auth-key.created', made, now, caller)
    return made
  })
  return { key, text: authKeyText(engine, key) }
}

/** @throws Fault object_unknown, also for a key whose time is over */
export function* authKeyOf(
  view: Pick<View, 'collection'>,
  { account }: Holder,
  publicId: string,
  now: Instant,
): Program<AuthKey> {
  const [key] = yield* view.collection(authKeys).withValue(account.id, 'public_id', publicId, 1)
  if (key === undefined || (key.expiresAt !== null && key.expiresAt <= now)) {
    throw new Fault('object_unknown', { object: 'auth-key' })
  }
  return key
}

/**
 * Deletes an AuthKey: request tokens made under it prove nothing any more.
 * @throws Fault object_unknown
 */
export async function deleteAuthKey(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Holder,
  publicId: string,
  caller: Caller,
): Promise<void> {
  await store.write(function* (transaction) {
    const now = clock.now()
    const key = yield* authKeyOf(transaction, by, publicId, now)
    yield* transaction.collection(authKeys).remove(key.accountId, key.id)
    tell(transaction, 'auth-key.deleted', key, now, caller)
  })
}

/** Whether the account has an AuthKey without an end. */
export function* hasEndlessKey(
  view: Pick<View, 'collection'>,
  { account }: Holder,
  now: Instant,
): Program<boolean> {
  return (yield* keysInForce(view, account.id, now)).some(({ expiresAt }) => expiresAt === null)
}

function tell(
  transaction: Transaction,
  action: 'auth-key.created' | 'auth-key.deleted',
  { accountId, publicId, expiresAt }: AuthKey,
  at: Instant,
  caller: Caller,
): void {
  transaction.record({
    action,
    at,
    actor: caller.actor,
    accountId,
    object: `auth-key:${publicId}`,
    requestId: caller.requestId,
    detail: { expiresAt },
  })
}
