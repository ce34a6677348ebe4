import { Fault } from '../faults.ts'
import type { Principal } from '../identity/principal.ts'
import { seesContainer } from '../identity/scope.ts'
import { type Organization, organizations } from '../organizations/organization.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'

/**
 * The organization that a domain is submitted for.
 * @throws Fault parameter_invalid (`organization.id`) for one that does not exist or is out of sight,
 *   organization_inactive
 */
export function* organizationOfDomain(
  view: Pick<View, 'collection'>,
  { account, scope }: Pick<Principal, 'account' | 'scope'>,
  id: number,
): Program<Organization> {
  const organization = yield* view.collection(organizations).byId(account.id, id)
  if (organization === undefined || !seesContainer(scope, organization.containerId)) {
    throw new Fault('parameter_invalid', { parameter: 'organization.id', reason: 'unknown organization' })
  }
  if (!organization.isActive) throw new Fault('organization_inactive', {})
  return organization
}
