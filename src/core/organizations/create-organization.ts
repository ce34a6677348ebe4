import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { containers } from '../identity/container.ts'
import type { Principal } from '../identity/principal.ts'
import { seesContainer } from '../identity/scope.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { type Organization, organizations } from './organization.ts'
import { checkOrganization, type OrganizationFields } from './organization-rules.ts'
import { type PersonRequest, peopleOf } from './people.ts'
import { recordOrganization } from './record-organization.ts'
import { submittedValidations, type ValidationRequest } from './submit-validation.ts'

export interface OrganizationRequest extends OrganizationFields {
  /** Absent: where the caller is. */
  readonly containerId?: number
  readonly contact: PersonRequest
  readonly validations: readonly ValidationRequest[]
}

/**
 * Submits an organization. Private products may name it at once; others wait for its validation.
 * @throws Fault organization_name_too_long, address_field_too_long, organization_invalid, parameter_missing,
 *   parameter_invalid
 */
export function createOrganization(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Principal,
  request: OrganizationRequest,
  caller: Caller,
): Promise<Organization> {
  checkOrganization(request)
  return store.write(function* (transaction) {
    const at = clock.now()
    const [contact] = yield* peopleOf(transaction, by, [request.contact], 'organization_contact')
    const organization: Organization = {
      id: yield* transaction.collection(organizations).nextId(),
      accountId: by.account.id,
      containerId: yield* homeOf(transaction, by, request.containerId ?? by.user.containerId),
      name: request.name,
      assumedName: request.assumedName,
      isActive: true,
      address: request.address,
      address2: request.address2,
      zip: request.zip,
      city: request.city,
      state: request.state,
      country: request.country,
      telephone: request.telephone,
      contact: contact ?? null,
      contacts: [],
      validations: yield* submittedValidations(transaction, by, [], request.validations, at),
      createdAt: at,
    }
    yield* transaction.collection(organizations).insert(organization)
    recordOrganization(transaction, 'organization.created', organization, at, caller, {
      name: organization.name,
      containerId: organization.containerId,
    })
    return organization
  })
}

/** @throws Fault parameter_invalid for a container that is unknown or out of sight */
function* homeOf(transaction: Transaction, { account, scope }: Principal, id: number): Program<number> {
  const container = yield* transaction.collection(containers).byId(account.id, id)
  if (container === undefined || !seesContainer(scope, id)) {
    throw new Fault('parameter_invalid', { parameter: 'container.id', reason: 'unknown container' })
  }
  return id
}
