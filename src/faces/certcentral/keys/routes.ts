import { visibleUser } from '../../../core/identity/sight.ts'
import {
  changeKey,
  createUserKey,
  type OwnedKey,
  visibleKey,
  visibleKeys,
} from '../../../core/identity/user-keys.ts'
import type { Call } from '../call.ts'
import { dateTime, dateTimeOrAbsent, textOrAbsent } from '../render.ts'
import { created, done, listed, type Members, ok } from '../reply.ts'
import { readRestriction, restrictionView } from '../roles.ts'
import { defineRoute, type Route } from '../route.ts'

const view = { resource: 'keys', right: 'view', method: 'GET' } as const
const manage = { resource: 'keys', right: 'manage' } as const

/** API keys of the users in sight. The text of a key is told once, when it is made. */
export const keyRoutes: readonly Route[] = [
  defineRoute({
    ...view,
    path: '/key',
    tier: 'B',
    async handler({ engine, principal }) {
      const keys = await engine.store.read((each) => visibleKeys(each, principal))
      return listed('api_keys', keys.map(keyView))
    },
  }),
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/key/user/:user_id',
    tier: 'B',
    async handler(call) {
      const { engine, principal, caller, body } = call
      const userId = call.pathId('user_id', 'user')
      await engine.store.read((each) => visibleUser(each, principal, userId))
      const request = { name: body.requiredText('name'), restriction: readRestriction(body) ?? null }
      body.check()
      const { record, text } = await createUserKey(engine, principal, userId, request, caller)
      return created({ id: record.id, api_key: text })
    },
  }),
  defineRoute({
    ...view,
    path: '/key/:id',
    tier: 'B',
    handler: async (call) => ok(keyView(await inSight(call))),
  }),
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/key/:id',
    tier: 'B',
    async handler(call) {
      const { key } = await inSight(call)
      const { body } = call
      const name = body.text('name')
      const restriction = readRestriction(body)
      body.check()
      const changes = {
        ...(name !== undefined && { name }),
        ...(restriction !== undefined && { restriction }),
      }
      await changeKey(call.engine, call.principal, key.id, changes, call.caller)
      return done
    },
  }),
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/key/:id/status',
    tier: 'B',
    async handler(call) {
      const { key } = await inSight(call)
      const status = call.body.requiredChoice('status', ['active', 'revoked'])
      call.body.check()
      await changeKey(call.engine, call.principal, key.id, { status }, call.caller)
      return done
    },
  }),
  defineRoute({
    ...manage,
    method: 'DELETE',
    path: '/key/:id',
    tier: 'B',
    async handler(call) {
      const { key } = await inSight(call)
      await changeKey(call.engine, call.principal, key.id, { status: 'revoked' }, call.caller)
      return done
    },
  }),
]

async function inSight(call: Call<'id'>): Promise<OwnedKey> {
  const id = call.pathId('id', 'api-key')
  return await call.engine.store.read((each) => visibleKey(each, call.principal, id))
}

function keyView({ key, user }: OwnedKey): Members {
  return {
    id: key.id,
    user: { id: user.id, first_name: user.firstName, last_name: textOrAbsent(user.lastName) },
    status: key.revokedAt === null ? 'active' : 'revoked',
    create_date: dateTime(key.createdAt),
    last_used_date: dateTimeOrAbsent(key.lastUsedAt),
    name: key.name,
    restricted_to_role: restrictionView(key.restriction),
  }
}
