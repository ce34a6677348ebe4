import { Fault } from '../../../core/faults.ts'
import { changeContainer, setContainerActive } from '../../../core/identity/change-container.ts'
import { createContainer } from '../../../core/identity/create-container.ts'
import { allContainers, seesContainer } from '../../../core/identity/scope.ts'
import { visibleContainer } from '../../../core/identity/sight.ts'
import { type ContainerTemplate, templateOf, templates } from '../../../core/identity/templates.ts'
import type { Call } from '../call.ts'
import { readDomainNames } from '../domain-names.ts'
import { dateTime } from '../render.ts'
import { created, done, listed, type Members, ok } from '../reply.ts'
import { roleView } from '../roles.ts'
import { defineRoute, type Route } from '../route.ts'
import { containerView } from './container-view.ts'
import { readFirstUser } from './first-user.ts'

const view = { resource: 'containers', right: 'view', method: 'GET' } as const
const manage = { resource: 'containers', right: 'manage' } as const

/** Opens or closes a container; one client writes `active`. */
const activation = (
  path: '/container/:id/activate' | '/container/:id/active' | '/container/:id/deactivate',
) =>
  defineRoute({
    ...manage,
    method: 'PUT',
    path,
    tier: 'B',
    body: 'optional',
    async handler(call) {
      const isActive = !path.endsWith('/deactivate')
      const id = call.pathId('id', 'container')
      await setContainerActive(call.engine, call.principal, id, isActive, call.caller)
      return done
    },
  })

/** Containers (divisions): what a caller sees begins at his own. */
export const containerRoutes: readonly Route[] = [
  defineRoute({
    ...view,
    path: '/container',
    tier: 'A',
    handler: async (call) => listed('containers', (await allInSight(call)).map(containerView)),
  }),
  defineRoute({
    ...view,
    path: '/container/:id',
    tier: 'A',
    handler: async (call) => ok(containerView(await inSight(call))),
  }),
  defineRoute({
    ...view,
    path: '/container/:id/children',
    tier: 'B',
    async handler(call) {
      const { id } = await inSight(call)
      const children = (await allInSight(call)).filter(({ parentId }) => parentId === id)
      return listed('containers', children.map(containerView))
    },
  }),
  defineRoute({
    ...view,
    path: '/container/:id/parent',
    tier: 'C',
    async handler(call) {
      const { parentId } = await inSight(call)
      const parent = (await allInSight(call)).find(({ id }) => id === parentId)
      if (parent === undefined) throw new Fault('object_unknown', { object: 'container' })
      return ok(containerView(parent))
    },
  }),
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/container/:id/children',
    tier: 'B',
    async handler(call) {
      const { id } = await inSight(call)
      const { body } = call
      const request = {
        parentId: id,
        name: body.requiredText('name'),
        description: body.text('description', { multiline: true, longest: 1000 }) ?? '',
        templateId: body.requiredId('template_id'),
        allowedDomainNames: readDomainNames(body, 'allowed_domain_names'),
      }
      const user = readFirstUser(body)
      body.check()
      const { container } = await createContainer(
        call.engine,
        call.principal,
        user === undefined ? request : { ...request, user },
        call.caller,
      )
      return created({ id: container.id })
    },
  }),
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/container/:id',
    tier: 'B',
    async handler(call) {
      const { id } = await inSight(call)
      const { body } = call
      const name = body.text('name')
      const description = body.text('description', { multiline: true, longest: 1000 })
      const ekey = body.text('ekey', { longest: 64 })
      body.check()
      const changes = {
        ...(name !== undefined && { name }),
        ...(description !== undefined && { description }),
        ...(ekey !== undefined && { ekey }),
      }
      await changeContainer(call.engine, call.principal, id, changes, call.caller)
      return done
    },
  }),
  activation('/container/:id/activate'),
  activation('/container/:id/active'),
  activation('/container/:id/deactivate'),
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/container/:id/allowed-domain-names',
    tier: 'B',
    async handler(call) {
      const { id } = await inSight(call)
      const { body } = call
      const allowedDomainNames = readDomainNames(body, body.spelling('allowed_domain_names', 'domains'))
      body.check()
      await changeContainer(call.engine, call.principal, id, { allowedDomainNames }, call.caller)
      return done
    },
  }),
  defineRoute({
    ...view,
    path: '/container/:id/template',
    tier: 'B',
    async handler(call) {
      await inSight(call)
      return listed(
        'container_templates',
        templates.map((template) => templateView(template, call)),
      )
    },
  }),
  defineRoute({
    ...view,
    path: '/container/:id/template/:template_id',
    tier: 'B',
    async handler(call) {
      await inSight(call)
      const template = templateOf(call.pathId('template_id', 'container'))
      if (template === undefined) throw new Fault('object_unknown', { object: 'container' })
      return ok({ ...templateView(template, call), access_roles: template.roles.map(roleView) })
    },
  }),
  defineRoute({
    ...view,
    path: '/container/:id/role',
    tier: 'B',
    async handler(call) {
      const { templateId } = await inSight(call)
      return listed('access_roles', (templateOf(templateId)?.roles ?? []).map(roleView))
    },
  }),
]

async function inSight(call: Call<'id'>) {
  const id = call.pathId('id', 'container')
  return await call.engine.store.read((each) => visibleContainer(each, call.principal, id))
}

async function allInSight({ engine, account, scope }: Call<never>) {
  const all = await engine.store.read((each) => allContainers(each, account.id))
  return all.filter(({ id }) => seesContainer(scope, id))
}

function templateView({ id, name }: ContainerTemplate, { account }: Call<never>): Members {
  return { id, name, date_created: dateTime(account.createdAt) }
}
