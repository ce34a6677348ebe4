import type { AccountId } from '../../../core/brand.ts'
import { type Container, containers } from '../../../core/identity/container.ts'
import { allContainers, containerConditions, seesContainer } from '../../../core/identity/scope.ts'
import { visibleContainer } from '../../../core/identity/sight.ts'
import {
  type Organization,
  type OrganizationColumn,
  organizations,
} from '../../../core/organizations/organization.ts'
import type { Program } from '../../../core/store/program.ts'
import type { View } from '../../../core/store/store.ts'
import { readFlag } from '../../json-values.ts'
import { type ListRules, readList } from '../list-query.ts'
import { listed } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { displayNameOf, organizationView } from './organization-view.ts'

const rules: ListRules<OrganizationColumn> = {
  filters: {
    status: {
      type: 'own',
      conditions(values) {
        const flags = values.map((value) => flagOf[value.toLowerCase()])
        if (flags.includes(undefined)) return undefined
        return [{ column: 'is_active', is: 'any-of', values: flags.filter((flag) => flag !== undefined) }]
      },
    },
    is_active: { type: 'flag', column: 'is_active' },
    name: { type: 'text', column: 'name' },
    search: { type: 'text', column: 'name' },
    container_id: { type: 'integer', column: 'container_id' },
  },
  sort: { id: 'id', name: 'name', container_id: 'container_id', status: 'is_active' },
  plain: ['container_id', 'status'],
}

const flagOf: Readonly<Record<string, 0 | 1>> = { active: 1, approved: 1, inactive: 0 }

export const organizationList = defineRoute({
  method: 'GET',
  path: '/organization',
  resource: 'organizations',
  right: 'view',
  tier: 'A',
  answers: 'list',
  async handler({ engine, account, scope, query }) {
    const where = containerConditions<OrganizationColumn>(scope, 'container_id')
    const list = readList(account.id, query, rules, where)
    // Callers that do not ask read the validations all the same.
    const includeValidation = readFlag(query.text('include_validation')) ?? true
    const { items, total, around } = await engine.store.read(function* (view) {
      const found = yield* view.collection(organizations).list(list.query)
      return { ...found, around: yield* homesOf(view, account.id, found.items) }
    })
    const options = { now: engine.clock.now(), containers: around, includeValidation }
    return listed(
      'organizations',
      items.map((organization) => organizationView(organization, options)),
      list.page(total),
    )
  },
})

/** Those that may be ordered for in a container: its own and those of the containers above it, as far as they are in sight. */
export const orderOrganizations = defineRoute({
  method: 'GET',
  path: '/container/:id/order/organization',
  resource: 'organizations',
  right: 'view',
  tier: 'C',
  async handler(call) {
    const { engine, account, principal } = call
    const id = call.pathId('id', 'container')
    const found = await engine.store.read(function* (view) {
      yield* visibleContainer(view, principal, id)
      const above = lineOf(yield* allContainers(view, account.id), id)
      return yield* view.collection(organizations).list({
        accountId: account.id,
        where: [
          {
            column: 'container_id',
            is: 'any-of',
            values: above.filter((each) => seesContainer(principal.scope, each)),
          },
          { column: 'is_active', is: 'any-of', values: [1] },
        ],
        offset: 0,
        limit: 1_000,
      })
    })
    return listed(
      'organizations',
      found.items.map((each) => ({ id: each.id, name: each.name, display_name: displayNameOf(each) })),
    )
  },
})

/** A container and those above it. */
function lineOf(all: readonly Container[], id: number): readonly number[] {
  const parentId = all.find((each) => each.id === id)?.parentId ?? null
  return parentId === null ? [id] : [id, ...lineOf(all, parentId)]
}

/** The containers that organizations are in, by id. */
export function* homesOf(
  view: Pick<View, 'collection'>,
  account: AccountId,
  items: readonly Organization[],
): Program<ReadonlyMap<number, Container>> {
  const ids = [...new Set(items.map(({ containerId }) => containerId))]
  const found = yield* view.collection(containers).byIds(account, ids)
  return new Map(found.map((container) => [container.id, container]))
}
