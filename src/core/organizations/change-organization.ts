import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import { domains } from '../domains/domain.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Principal } from '../identity/principal.ts'
import { orders } from '../orders/orders.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { type Organization, type OrganizationContact, organizations } from './organization.ts'
import { checkOrganization, type OrganizationFields } from './organization-rules.ts'
import { holdVisibleOrganization } from './organization-sight.ts'
import { type PersonRequest, peopleOf } from './people.ts'
import { recordOrganization } from './record-organization.ts'

type Parts = Pick<Engine, 'clock' | 'store'>

export interface OrganizationChanges extends Partial<OrganizationFields> {
  readonly contact?: PersonRequest
}

/** What validations found out; whoever changes it is validated anew. */
const validated = ['name', 'assumedName', 'address', 'address2', 'zip', 'city', 'state', 'country'] as const

/**
 * Changes what an organization is called and where it is; what is not named stays. Its validations end with the facts
 * that they were about.
 * @throws Fault object_unknown, organization_name_too_long, address_field_too_long, organization_invalid,
 *   parameter_invalid
 */
export function changeOrganization(
  { clock, store }: Parts,
  by: Principal,
  id: number,
  { contact: wanted, ...fields }: OrganizationChanges,
  caller: Caller,
): Promise<Organization> {
  return store.write(function* (transaction) {
    const held = yield* holdVisibleOrganization(transaction, by, id)
    const at = clock.now()
    const people = yield* peopleOf(
      transaction,
      by,
      wanted === undefined ? [] : [wanted],
      'organization_contact',
    )
    const named: Organization = { ...held, ...fields, contact: people[0] ?? held.contact }
    checkOrganization(named)
    const isSame = validated.every((field) => named[field] === held[field])
    const changed = isSame ? named : { ...named, validations: named.validations.map(pendingSince(at)) }
    yield* transaction.collection(organizations).replace(changed)
    recordOrganization(transaction, 'organization.changed', changed, at, caller, {
      fields: Object.keys(fields).join(' '),
      name: changed.name,
      validationsEnded: !isSame,
    })
    return changed
  })
}

const pendingSince = (at: Instant) => (validation: Organization['validations'][number]) => ({
  ...validation,
  createdAt: at,
  status: 'pending' as const,
  validatedAt: null,
  validatedUntil: null,
})

/** Opens an organization to orders or closes it. @throws Fault object_unknown */
export function setOrganizationActive(
  { clock, store }: Parts,
  by: Principal,
  id: number,
  isActive: boolean,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* holdVisibleOrganization(transaction, by, id)
    if (held.isActive === isActive) return
    yield* transaction.collection(organizations).replace({ ...held, isActive })
    recordOrganization(transaction, 'organization.changed', held, clock.now(), caller, { isActive })
  })
}

/** Adds a person. @throws Fault object_unknown, parameter_invalid */
export function addOrganizationContact(
  { clock, store }: Parts,
  by: Principal,
  id: number,
  request: { readonly person: PersonRequest; readonly type: OrganizationContact['type'] },
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* holdVisibleOrganization(transaction, by, id)
    if (held.contacts.length >= mostContacts) {
      throw new Fault('state_refused', {
        object: 'organization',
        state: `has ${mostContacts} contacts`,
        parameter: 'organization_contacts',
      })
    }
    const people = yield* peopleOf(transaction, by, [request.person], 'user_id')
    const contacts = [...held.contacts, ...people.map((person) => ({ ...person, type: request.type }))]
    yield* transaction.collection(organizations).replace({ ...held, contacts })
    recordOrganization(transaction, 'organization.changed', held, clock.now(), caller, {
      contacts: contacts.length,
    })
  })
}

/** The whole of an organization is one document. */
const mostContacts = 100

/** Takes an organization away that nothing names. @throws Fault object_unknown, state_refused */
export function deleteOrganization(
  { clock, store }: Parts,
  by: Principal,
  id: number,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* holdVisibleOrganization(transaction, by, id)
    if (yield* isUsed(transaction, held)) {
      throw new Fault('state_refused', {
        object: 'organization',
        state: 'in use',
        parameter: 'organization_id',
      })
    }
    yield* transaction.collection(organizations).remove(held.accountId, id)
    recordOrganization(transaction, 'organization.deleted', held, clock.now(), caller, { name: held.name })
  })
}

function* isUsed(transaction: Transaction, { accountId, id }: Organization): Program<boolean> {
  const [domain] = yield* transaction.collection(domains).withValue(accountId, 'organization_id', id, 1)
  if (domain !== undefined) return true
  const [order] = yield* transaction.collection(orders).withValue(accountId, 'organization_id', id, 1)
  return order !== undefined
}
