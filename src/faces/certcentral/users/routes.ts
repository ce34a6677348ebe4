import { changeUser, deleteUser } from '../../../core/identity/change-user.ts'
import { createServiceUser, createUser, isUsernameFree } from '../../../core/identity/create-user.ts'
import { containersAround, visibleUser } from '../../../core/identity/sight.ts'
import type { User } from '../../../core/identity/user.ts'
import type { Call } from '../call.ts'
import { created, done, type Members, ok } from '../reply.ts'
import { readRole } from '../roles.ts'
import { defineRoute, type Route } from '../route.ts'
import { readUserChanges } from './changes.ts'
import { userList } from './list.ts'
import { readPerson } from './person.ts'
import { readServiceUser } from './service-user.ts'
import { userView } from './user-view.ts'

const view = { resource: 'users', right: 'view', method: 'GET' } as const
const manage = { resource: 'users', right: 'manage' } as const

/** Users and service users of the containers in sight. */
export const userRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/user/me',
    resource: 'self',
    right: 'view',
    tier: 'A',
    handler: async (call) => ok(await shown(call, call.user)),
  }),
  userList('/user', 'A', false),
  userList('/user/api-only', 'B', true),
  defineRoute({
    ...view,
    path: '/user/availability/:username',
    tier: 'B',
    handler: async (call) => ok({ available: await isUsernameFree(call.engine, call.pathText('username')) }),
  }),
  defineRoute({
    ...view,
    path: '/user/:id',
    tier: 'A',
    handler: async (call) => ok(await shown(call, await inSight(call))),
  }),
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/user',
    tier: 'A',
    async handler({ engine, principal, caller, body }) {
      if (body.flag('is_api_only') === true) {
        const request = readServiceUser(body)
        body.check()
        const { user, apiKey } = await createServiceUser(engine, principal, request, caller)
        return created({ id: user.id, api_key: apiKey })
      }
      const containerId = body.idOf('container') ?? body.id('container_id')
      const person = readPerson(body)
      const containerAssignments = body.ids('container_id_assignments')
      body.check()
      const request = { ...person, containerAssignments, ...(containerId !== undefined && { containerId }) }
      return created({ id: (await createUser(engine, principal, request, caller)).id })
    },
  }),
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/user/:id',
    tier: 'B',
    async handler(call) {
      const { id } = await inSight(call)
      const changes = readUserChanges(call.body)
      call.body.check()
      await changeUser(call.engine, call.principal, id, changes, call.caller)
      return done
    },
  }),
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/user/:id/role',
    tier: 'B',
    async handler(call) {
      const { id } = await inSight(call)
      const role = readRole(call.body)
      call.body.check()
      await changeUser(call.engine, call.principal, id, { role }, call.caller)
      return done
    },
  }),
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/user/:id/assignments',
    tier: 'C',
    async handler(call) {
      const { id } = await inSight(call)
      const containerAssignments = call.body.ids('container_id_assignments')
      call.body.check()
      await changeUser(call.engine, call.principal, id, { containerAssignments }, call.caller)
      return done
    },
  }),
  defineRoute({
    ...manage,
    method: 'DELETE',
    path: '/user/:id',
    tier: 'B',
    async handler(call) {
      await deleteUser(call.engine, call.principal, call.pathId('id', 'user'), call.caller)
      return done
    },
  }),
]

async function inSight(call: Call<'id'>): Promise<User> {
  const id = call.pathId('id', 'user')
  return await call.engine.store.read((each) => visibleUser(each, call.principal, id))
}

async function shown({ engine, account }: Call<never>, user: User): Promise<Members> {
  return userView(user, await engine.store.read((each) => containersAround(each, account.id, [user])))
}
