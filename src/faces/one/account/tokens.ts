import { recallToken } from '../../../core/service-users/made-token.ts'
import {
  changeToken,
  createToken,
  deleteToken,
  type Token,
  tokenById,
  tokensOfUser,
} from '../../../core/service-users/tokens.ts'
import { versionOf } from '../../../core/version.ts'
import type { Call } from '../call.ts'
import { uuidOf } from '../ids.ts'
import { created, done, ok } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { readUserId, requiredName } from './users.ts'

/** Whose tokens they are decides what may be done, so the verbs look at rights. */
const common = { api: 'account', access: 'member', tier: 'B' } as const

/** Tokens of users: several each, so that one can be put in the place of another without a gap. */
export const tokenRoutes = [
  defineRoute({
    ...common,
    method: 'GET',
    path: '/v1/api-access-token',
    async handler(call) {
      const { engine, member, query } = call
      const userId = readUserId(call, query.requiredText('user_id'))
      const now = engine.clock.now()
      const tokens = await engine.store.read((view) => tokensOfUser(view, member, userId, now))
      return ok(tokens.map(tokenView))
    },
  }),
  defineRoute({
    ...common,
    method: 'POST',
    path: '/v1/api-access-token',
    async handler(call) {
      const { engine, member, account, caller, body } = call
      const userId = readUserId(call, body.requiredText('user_id'))
      const name = requiredName(body, 'name')
      const endDate = body.day('end_date') ?? null
      body.check()
      const made = await call.once({
        run: async (binding) => {
          const request = { userId, name, endDate }
          const { record, text } = await createToken(engine, member, request, caller, binding)
          return { tokenId: record.id, text }
        },
        recall: async (subject) => recallToken(engine.sealer, account.id, subject),
      })
      return created({ ...tokenView(await shown(call, made.tokenId)), token: made.text })
    },
  }),
  defineRoute({
    ...common,
    method: 'GET',
    path: '/v1/api-access-token/:id',
    async handler(call) {
      const token = await shown(call, call.pathId('id', 'token', 'token'))
      return ok(tokenView(token), versionOf(token))
    },
  }),
  defineRoute({
    ...common,
    method: 'PUT',
    path: '/v1/api-access-token/:id',
    async handler(call) {
      const { engine, member, caller, body } = call
      const id = call.pathId('id', 'token', 'token')
      const status = body.choice('status', ['enabled', 'disabled'])
      const name = body.has('name') ? requiredName(body, 'name') : undefined
      const endDate = body.isNull('end_date') ? null : body.day('end_date')
      body.check()
      await changeToken(
        engine,
        member,
        id,
        {
          ...(status !== undefined && { isEnabled: status === 'enabled' }),
          ...(name !== undefined && { name }),
          ...(endDate !== undefined && { endDate }),
        },
        call.expectedVersions,
        caller,
      )
      return done
    },
  }),
  defineRoute({
    ...common,
    method: 'DELETE',
    path: '/v1/api-access-token/:id',
    async handler(call) {
      const id = call.pathId('id', 'token', 'token')
      await deleteToken(call.engine, call.member, id, call.expectedVersions, call.caller)
      return done
    },
  }),
] as const

async function shown({ engine, member }: Call, id: number): Promise<Token> {
  const now = engine.clock.now()
  return await engine.store.read((view) => tokenById(view, member, id, now))
}

function tokenView({ id, userId, name, status, endDate, createdAt }: Token) {
  return {
    id: uuidOf('token', id),
    user_id: uuidOf('user', userId),
    name,
    status,
    end_date: endDate ?? undefined,
    created_at: new Date(createdAt).toISOString(),
  }
}
