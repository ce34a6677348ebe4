import type { AccountId } from '../brand.ts'
import { type Container, containers } from '../identity/container.ts'
import { type Organization, organizations } from '../organizations/organization.ts'
import type { CollectionPage, CollectionQuery } from '../store/collection.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { type Domain, type DomainColumn, domains } from './domain.ts'

/** What domains refer to, by id. */
export interface AroundDomains {
  readonly organizations: ReadonlyMap<number, Organization>
  readonly containers: ReadonlyMap<number, Container>
}

/** A page of domains with what they refer to, in one read. */
export function* listDomains(
  view: Pick<View, 'collection'>,
  query: CollectionQuery<DomainColumn>,
): Program<CollectionPage<Domain> & AroundDomains> {
  const page = yield* view.collection(domains).list(query)
  return { ...page, ...(yield* aroundDomains(view, query.accountId, page.items)) }
}

/** @param found at most 1000 */
export function* aroundDomains(
  view: Pick<View, 'collection'>,
  accountId: AccountId,
  found: readonly Domain[],
): Program<AroundDomains> {
  const idsOf = (id: (domain: Domain) => number) => [...new Set(found.map(id))]
  const owners = yield* view.collection(organizations).byIds(
    accountId,
    idsOf(({ organizationId }) => organizationId),
  )
  const homes = yield* view.collection(containers).byIds(
    accountId,
    idsOf(({ containerId }) => containerId),
  )
  return {
    organizations: new Map(owners.map((organization) => [organization.id, organization])),
    containers: new Map(homes.map((container) => [container.id, container])),
  }
}
