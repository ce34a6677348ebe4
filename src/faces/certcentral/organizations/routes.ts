import {
  addOrganizationContact,
  changeOrganization,
  deleteOrganization,
  setOrganizationActive,
} from '../../../core/organizations/change-organization.ts'
import { createOrganization } from '../../../core/organizations/create-organization.ts'
import { contactTypes } from '../../../core/organizations/organization.ts'
import { visibleOrganization } from '../../../core/organizations/organization-sight.ts'
import { submitOrganizationValidation } from '../../../core/organizations/submit-validation.ts'
import type { Call } from '../call.ts'
import { created, done, listed, ok } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { homesOf, orderOrganizations, organizationList } from './list.ts'
import { contactsView, evApprovers, organizationInfo, validationView } from './organization-view.ts'
import {
  readOrganization,
  readOrganizationChanges,
  readPerson,
  readValidations,
} from './read-organization.ts'

const view = { resource: 'organizations', right: 'view', method: 'GET' } as const
const manage = { resource: 'organizations', right: 'manage' } as const

const activation = (path: '/organization/:id/activate' | '/organization/:id/deactivate') =>
  defineRoute({
    ...manage,
    method: 'PUT',
    path,
    tier: 'A',
    body: 'none',
    async handler(call) {
      const id = call.pathId('id', 'organization')
      const isActive = !path.endsWith('/deactivate')
      await setOrganizationActive(call.engine, call.principal, id, isActive, call.caller)
      return done
    },
  })

/** Organizations of the containers in sight, and what they are validated for. */
export const organizationRoutes: readonly Route[] = [
  organizationList,
  orderOrganizations,
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/organization',
    tier: 'A',
    async handler({ engine, principal, caller, body }) {
      const request = readOrganization(body)
      body.check()
      return created({ id: (await createOrganization(engine, principal, request, caller)).id })
    },
  }),
  defineRoute({
    ...view,
    path: '/organization/:id',
    tier: 'A',
    async handler(call) {
      const { engine, account, principal } = call
      const id = call.pathId('id', 'organization')
      const { organization, containers } = await engine.store.read(function* (each) {
        const found = yield* visibleOrganization(each, principal, id)
        return { organization: found, containers: yield* homesOf(each, account.id, [found]) }
      })
      return ok(
        organizationInfo(organization, { now: engine.clock.now(), containers, includeValidation: true }),
      )
    },
  }),
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/organization/:id',
    tier: 'C',
    async handler(call) {
      const { id } = await inSight(call)
      const changes = readOrganizationChanges(call.body)
      call.body.check()
      await changeOrganization(call.engine, call.principal, id, changes, call.caller)
      return done
    },
  }),
  defineRoute({
    ...manage,
    method: 'DELETE',
    path: '/organization/:id',
    tier: 'C',
    async handler(call) {
      const id = call.pathId('id', 'organization')
      await deleteOrganization(call.engine, call.principal, id, call.caller)
      return done
    },
  }),
  activation('/organization/:id/activate'),
  activation('/organization/:id/deactivate'),
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/organization/:id/validation',
    tier: 'A',
    async handler(call) {
      const { id } = await inSight(call)
      const requests = readValidations(call.body)
      call.body.check()
      await submitOrganizationValidation(call.engine, call.principal, id, requests, call.caller)
      return done
    },
  }),
  defineRoute({
    ...view,
    path: '/organization/:id/validation',
    tier: 'A',
    async handler(call) {
      const now = call.engine.clock.now()
      const { validations } = await inSight(call)
      return listed(
        'validations',
        validations.map((validation) => validationView(validation, now)),
      )
    },
  }),
  defineRoute({
    ...view,
    path: '/organization/:id/contact',
    tier: 'C',
    handler: async (call) => ok(contactsView(await inSight(call))),
  }),
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/organization/:id/contact',
    tier: 'C',
    async handler(call) {
      const { id } = await inSight(call)
      const { body } = call
      const type = body.choice('contact_type', contactTypes) ?? 'organization_contact'
      const person = readPerson(body, 'user_id')
      body.check()
      await addOrganizationContact(call.engine, call.principal, id, { person, type }, call.caller)
      return done
    },
  }),
  defineRoute({
    ...view,
    path: '/organization/:id/approvers',
    tier: 'C',
    handler: async (call) => listed('approvers', evApprovers(await inSight(call))),
  }),
]

async function inSight(call: Call<'id'>) {
  const id = call.pathId('id', 'organization')
  return await call.engine.store.read((each) => visibleOrganization(each, call.principal, id))
}
