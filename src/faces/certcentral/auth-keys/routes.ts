import type { AuthKey } from '../../../core/auth-keys/auth-key.ts'
import { authKeyOf, createAuthKey, deleteAuthKey } from '../../../core/auth-keys/change-auth-keys.ts'
import { readInteger } from '../../json-values.ts'
import { refuse } from '../refusal.ts'
import { dateTime, dateTimeOrAbsent } from '../render.ts'
import { done, type Members, ok } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'

const manage = { resource: 'auth-keys', right: 'manage', tier: 'B' } as const
/** Ten years: whoever wants longer takes a key without an end. */
const mostDays = 3_650

/** Keys from which callers work out request tokens for DV orders. */
export const authKeyRoutes: readonly Route[] = [
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/account/auth-key',
    body: 'none',
    async handler({ engine, principal, caller }) {
      return ok(madeView(await createAuthKey(engine, principal, undefined, caller)))
    },
  }),
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/account/auth-key/:id',
    body: 'none',
    async handler(call) {
      const days = readInteger(call.pathText('id'))
      if (days === undefined || days < 1 || days > mostDays) throw refuse('invalid_value', 'days')
      return ok(madeView(await createAuthKey(call.engine, call.principal, days, call.caller)))
    },
  }),
  defineRoute({
    ...manage,
    method: 'GET',
    right: 'view',
    path: '/account/auth-key/:id',
    async handler(call) {
      const { engine, principal } = call
      const now = engine.clock.now()
      const key = await engine.store.read((view) => authKeyOf(view, principal, call.pathText('id'), now))
      return ok(keyView(key))
    },
  }),
  defineRoute({
    ...manage,
    method: 'DELETE',
    path: '/account/auth-key/:id',
    async handler(call) {
      await deleteAuthKey(call.engine, call.principal, call.pathText('id'), call.caller)
      return done
    },
  }),
]

/** The text is told this once. */
function madeView({ key, text }: { readonly key: AuthKey; readonly text: string }): Members {
  return {
    auth_key_id: key.publicId,
    auth_key: text,
    expiration_datetime: dateTimeOrAbsent(key.expiresAt),
  }
}

function keyView({ publicId, createdAt, expiresAt }: AuthKey): Members {
  return {
    auth_key_id: publicId,
    date_created: dateTime(createdAt),
    expiration_datetime: dateTimeOrAbsent(expiresAt),
  }
}
