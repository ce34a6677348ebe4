import { Fault } from '../faults.ts'
import type { Principal } from '../identity/principal.ts'
import { seesContainer } from '../identity/scope.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
import { type Organization, organizations } from './organization.ts'

type Sight = Pick<Principal, 'account' | 'scope'>

/** @throws Fault object_unknown for an organization that does not exist or is out of sight */
export function* visibleOrganization(
  view: Pick<View, 'collection'>,
  by: Sight,
  id: number,
): Program<Organization> {
  return inSight(by, yield* view.collection(organizations).byId(by.account.id, id))
}

/** The same, kept from others until the transaction ends. @throws Fault object_unknown */
export function* holdVisibleOrganization(
  transaction: Transaction,
  by: Sight,
  id: number,
): Program<Organization> {
  return inSight(by, yield* transaction.collection(organizations).hold(by.account.id, id))
}

function inSight({ scope }: Sight, organization: Organization | undefined): Organization {
  if (organization === undefined || !seesContainer(scope, organization.containerId)) {
    throw new Fault('object_unknown', { object: 'organization' })
  }
  return organization
}
