import { applications } from '../../../core/access/permissions.ts'
import { isRoleCode, type RoleCode, roles } from '../../../core/access/roles.ts'
import { users } from '../../../core/identity/user.ts'
import {
  changeServiceUser,
  deleteServiceUser,
  memberOf,
} from '../../../core/service-users/change-service-user.ts'
import { createServiceUser } from '../../../core/service-users/create-service-user.ts'
import { recallToken } from '../../../core/service-users/made-token.ts'
import { isCredentialName, serviceUsers } from '../../../core/service-users/service-user.ts'
import type { Condition } from '../../../core/store/collection.ts'
import { versionOf } from '../../../core/version.ts'
import { type Call, requireAccount } from '../call.ts'
import { readId, uuidOf } from '../ids.ts'
import type { Reader } from '../reader.ts'
import { created, done, type JsonReply, ok } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { ownView, type UserDetails, userView } from './user-view.ts'

type Column = keyof typeof users.columns

const common = { api: 'account', access: 'MANAGE_AM_USER', tier: 'B' } as const

/** Users of the account. What is made here are service users: people come with the account. */
export const userRoutes = [
  defineRoute({
    api: 'account',
    method: 'GET',
    path: '/v1/user',
    access: 'member',
    tier: 'A',
    async handler(call) {
      const { engine, account, query } = call
      const type = query.choice('user_type', ['standard', 'service'])
      const { offset, limit } = query.window({ usual: 1000 })
      const now = engine.clock.now()
      // Every program uses this call to see whether its credential works; without the right to see others it sees itself.
      if (!call.may('VIEW_AM_USER')) return ok([userView(call.member, now)])
      const where: Condition<Column>[] = [
        { column: 'status', is: 'none-of', values: ['deleted'] },
        ...(type === undefined
          ? []
          : [
              {
                column: 'is_api_only',
                is: 'any-of',
                values: [type === 'service' ? 1 : 0],
              } satisfies Condition<Column>,
            ]),
      ]
      const found = await engine.store.read(function* (view) {
        const { items } = yield* view.collection(users).list({ accountId: account.id, where, offset, limit })
        const ids = items.map(({ id }) => id)
        const programs = yield* view.collection(serviceUsers).byIds(account.id, ids)
        const byId = new Map(programs.map((each) => [each.id, each]))
        return items.map((user) => ({ user, serviceUser: byId.get(user.id) }))
      })
      return ok(found.map((each) => userView(each, now)))
    },
  }),
  defineRoute({
    ...common,
    method: 'POST',
    path: '/v1/user',
    async handler(call) {
      const { engine, member, account, caller, body } = call
      body.requiredChoice('user_type', ['service'])
      const request = {
        friendlyName: requiredName(body, 'friendly_name'),
        description: body.text('description') ?? '',
        email: body.email('email') ?? member.user.email,
        endDate: body.day('end_date') ?? null,
        roles: readRoles(body) ?? [],
      }
      const accounts = body.texts('account_ids')
      body.check()
      for (const id of accounts) requireAccount(member, id)
      const made = await call.once({
        run: async (binding) => {
          const { user, token } = await createServiceUser(engine, member, request, caller, binding)
          return { userId: user.id, tokenId: token.id, text: token.text }
        },
        recall: async (subject) => recallToken(engine.sealer, account.id, subject),
      })
      const shown = await shownUser(call, made.userId)
      return created({ ...shown, token: { id: uuidOf('token', made.tokenId), value: made.text } })
    },
  }),
  defineRoute({
    api: 'account',
    method: 'GET',
    path: '/v1/user/:id',
    access: 'member',
    tier: 'B',
    async handler(call): Promise<JsonReply<UserDetails, 200>> {
      const { engine, member } = call
      const now = engine.clock.now()
      const id = userIdOf(call)
      if (id === member.user.id) {
        const { user, serviceUser } = member
        return ok(ownView(member, now), versionOf({ user, serviceUser }))
      }
      call.require('VIEW_AM_USER')
      const found = await engine.store.read((view) => memberOf(view, call.account, id))
      return ok(userView(found, now), versionOf(found))
    },
  }),
  defineRoute({
    ...common,
    method: 'PUT',
    path: '/v1/user/:id',
    async handler(call) {
      const { engine, member, caller, body } = call
      const id = userIdOf(call)
      const friendlyName = body.has('friendly_name') ? requiredName(body, 'friendly_name') : undefined
      const description = body.text('description')
      const email = body.email('email')
      const endDate = body.isNull('end_date') ? null : body.day('end_date')
      const status = body.choice('status', ['ACTIVE', 'INACTIVE'])
      const assigned = readRoles(body)
      body.check()
      await changeServiceUser(
        engine,
        member,
        id,
        {
          ...(friendlyName !== undefined && { friendlyName }),
          ...(description !== undefined && { description }),
          ...(email !== undefined && { email }),
          ...(endDate !== undefined && { endDate }),
          ...(status !== undefined && { isActive: status === 'ACTIVE' }),
          ...(assigned !== undefined && { roles: assigned }),
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
    path: '/v1/user/:id',
    async handler(call) {
      await deleteServiceUser(call.engine, call.member, userIdOf(call), call.expectedVersions, call.caller)
      return done
    },
  }),
] as const

/** `me` stands for the caller. */
function userIdOf(call: Call<'id'>): number {
  return call.pathText('id') === 'me' ? call.member.user.id : call.pathId('id', 'user', 'user')
}

async function shownUser({ engine, account }: Call, id: number) {
  const found = await engine.store.read((view) => memberOf(view, account, id))
  return userView(found, engine.clock.now())
}

/** A required name of a user or a credential. */
export function requiredName(body: Reader, name: string): string {
  const read = body.requiredText(name)
  if (read !== '' && !isCredentialName(read)) body.complain('member_invalid', name)
  return read
}

/** `user_id` of a body or a query; 0, which nobody has, for what is none. */
export function readUserId({ member }: Call, text: string): number {
  return text === 'me' ? member.user.id : (readId('user', text) ?? 0)
}

/** Role codes with the application they belong to, where that is given. */
function readRoles(body: Reader): readonly RoleCode[] | undefined {
  if (!body.has('roles')) return undefined
  return body.objects('roles').flatMap((role) => {
    const code = role.requiredText('role_code')
    const application = role.choice('application_code', applications)
    if (!isRoleCode(code)) {
      if (code !== '') role.complain('member_invalid', 'role_code')
      return []
    }
    if (application !== undefined && roles[code].application !== application) {
      role.complain('member_invalid', 'application_code')
    }
    return [code]
  })
}
