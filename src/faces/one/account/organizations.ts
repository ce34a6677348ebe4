import { Fault } from '../../../core/faults.ts'
import { type Organization, organizations } from '../../../core/organizations/organization.ts'
import { versionOf } from '../../../core/version.ts'
import type { Call } from '../call.ts'
import { uuidOf } from '../ids.ts'
import { ok } from '../reply.ts'
import { defineRoute } from '../route.ts'

const common = { api: 'account', method: 'GET', access: 'VIEW_AM_ACCOUNT', tier: 'C' } as const

/** Organizations of the account, as they were made at CertCentral. */
export const organizationRoutes = [
  defineRoute({
    ...common,
    path: '/v1/organization',
    async handler(call) {
      const { engine, account, query } = call
      const { items } = await engine.store.read((view) =>
        view.collection(organizations).list({ accountId: account.id, where: [], ...query.window() }),
      )
      return ok(items.map((each) => organizationView(call, each)))
    },
  }),
  defineRoute({
    ...common,
    path: '/v1/organization/:id',
    async handler(call) {
      const { engine, account } = call
      const id = call.pathId('id', 'organization', 'organization')
      const found = await engine.store.read((view) => view.collection(organizations).byId(account.id, id))
      if (found === undefined) throw new Fault('object_unknown', { object: 'organization' })
      return ok(organizationView(call, found), versionOf(found))
    },
  }),
] as const

function organizationView({ account }: Call, organization: Organization) {
  const { id, name, assumedName, isActive, address, address2, city, state, zip, country } = organization
  return {
    id: uuidOf('organization', id),
    name,
    assumed_name: assumedName === '' ? undefined : assumedName,
    active: isActive,
    account: { id: uuidOf('account', account.id), name: account.name },
    street_address: [address, address2].filter((line) => line !== ''),
    locality: city,
    state,
    postal_code: zip,
    country: country.toUpperCase(),
    telephone: organization.telephone,
    created_at: new Date(organization.createdAt).toISOString(),
  }
}
