import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Principal } from '../identity/principal.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import {
  type Organization,
  type OrganizationValidation,
  organizations,
  type ValidationType,
} from './organization.ts'
import { holdVisibleOrganization } from './organization-sight.ts'
import { type PersonRequest, peopleOf } from './people.ts'
import { recordOrganization } from './record-organization.ts'
import { statusOf } from './validation-reuse.ts'

export interface ValidationRequest {
  readonly type: ValidationType
  readonly verifiedUsers: readonly PersonRequest[]
}

/** Whoever orders for the organization is checked with it. */
const wantsVerifiedUsers: ReadonlySet<ValidationType> = new Set(['ev', 'cs', 'ev_cs'])

/**
 * Asks for an organization to be validated. What holds goes on holding; what is over waits for the operator again.
 * @throws Fault object_unknown, organization_inactive, parameter_missing, parameter_invalid
 */
export function submitOrganizationValidation(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Principal,
  id: number,
  requests: readonly ValidationRequest[],
  caller: Caller,
): Promise<Organization> {
  return store.write(function* (transaction) {
    const organization = yield* holdVisibleOrganization(transaction, by, id)
    if (!organization.isActive) throw new Fault('organization_inactive', {})
    const at = clock.now()
    const validations = yield* submittedValidations(transaction, by, organization.validations, requests, at)
    const changed = { ...organization, validations }
    yield* transaction.collection(organizations).replace(changed)
    recordOrganization(transaction, 'organization.validation-submitted', changed, at, caller, {
      types: requests.map(({ type }) => type).join(' '),
    })
    return changed
  })
}

/** @throws Fault parameter_missing, parameter_invalid */
export function* submittedValidations(
  transaction: Transaction,
  by: Pick<Principal, 'account' | 'scope'>,
  present: readonly OrganizationValidation[],
  requests: readonly ValidationRequest[],
  at: Instant,
): Program<readonly OrganizationValidation[]> {
  let validations = present
  for (const [place, { type, verifiedUsers }] of requests.entries()) {
    const parameter = `validations.${place}.verified_users`
    if (wantsVerifiedUsers.has(type) && verifiedUsers.length === 0) {
      throw new Fault('parameter_missing', { parameter })
    }
    // Only these have any; of the others nothing is kept that nobody looks at.
    const people = wantsVerifiedUsers.has(type)
      ? yield* peopleOf(transaction, by, verifiedUsers, parameter)
      : []
    const before = validations.find((each) => each.type === type)
    const others = validations.filter((each) => each.type !== type)
    validations = [...others, submitted(before, type, people, at)]
  }
  return validations
}

function submitted(
  before: OrganizationValidation | undefined,
  type: ValidationType,
  verifiedUsers: OrganizationValidation['verifiedUsers'],
  at: Instant,
): OrganizationValidation {
  const pending: OrganizationValidation = {
    type,
    createdAt: at,
    status: 'pending',
    validatedAt: null,
    validatedUntil: null,
    verifiedUsers,
  }
  if (before === undefined || statusOf(before, at) !== 'active') return pending
  // Other people would speak for it: they have to be checked first.
  const samePeople = JSON.stringify(before.verifiedUsers) === JSON.stringify(verifiedUsers)
  return samePeople ? before : pending
}
