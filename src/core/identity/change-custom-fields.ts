import type { Caller } from '../audit/caller.ts'
import type { AccountId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
import { type CustomField, customFields } from './custom-field.ts'

export type CustomFieldRequest = Omit<CustomField, 'id' | 'accountId'>

type Parts = Pick<Engine, 'clock' | 'store'>

/** The custom fields of an account, in order of id. */
export function* customFieldsOf(
  view: Pick<View, 'collection'>,
  accountId: AccountId,
): Program<readonly CustomField[]> {
  return (yield* view.collection(customFields).list({ accountId, where: [], offset: 0, limit: mostFields }))
    .items
}

/** Most custom fields of one account. */
const mostFields = 200

/**
 * Makes custom fields, all or none.
 * @throws Fault parameter_invalid for a label that is taken, or too many fields
 */
export function createCustomFields(
  { clock, store }: Parts,
  accountId: AccountId,
  requests: readonly CustomFieldRequest[],
  caller: Caller,
): Promise<readonly CustomField[]> {
  return store.write(function* (transaction) {
    yield* transaction.accounts.hold(accountId)
    const before = yield* customFieldsOf(transaction, accountId)
    if (before.length + requests.length > mostFields) {
      throw new Fault('parameter_invalid', {
        parameter: 'metadata',
        reason: `more than ${mostFields} fields`,
      })
    }
    const made: CustomField[] = []
    for (const request of requests) {
      const field = { ...request, id: yield* transaction.collection(customFields).nextId(), accountId }
      if (!(yield* transaction.collection(customFields).insert(field))) throw labelTaken()
      tell(transaction, 'custom-field.created', field, clock.now(), caller)
      made.push(field)
    }
    return made
  })
}

/** @throws Fault object_unknown, parameter_invalid for a label that is taken */
export function changeCustomField(
  { clock, store }: Parts,
  accountId: AccountId,
  id: number,
  changes: Partial<CustomFieldRequest>,
  caller: Caller,
): Promise<CustomField> {
  return store.write(function* (transaction) {
    const held = yield* transaction.collection(customFields).hold(accountId, id)
    if (held === undefined) throw new Fault('object_unknown', { object: 'custom-field' })
    const field = { ...held, ...changes }
    if (!(yield* transaction.collection(customFields).replace(field))) throw labelTaken()
    tell(transaction, 'custom-field.changed', field, clock.now(), caller)
    return field
  })
}

/** Orders keep the values they have. @throws Fault object_unknown */
export function deleteCustomField(
  { clock, store }: Parts,
  accountId: AccountId,
  id: number,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* transaction.collection(customFields).hold(accountId, id)
    if (held === undefined) throw new Fault('object_unknown', { object: 'custom-field' })
    yield* transaction.collection(customFields).remove(accountId, id)
    tell(transaction, 'custom-field.deleted', held, clock.now(), caller)
  })
}

function labelTaken(): Fault {
  return new Fault('parameter_invalid', { parameter: 'label', reason: 'taken' })
}

function tell(
  transaction: Transaction,
  action: 'custom-field.created' | 'custom-field.changed' | 'custom-field.deleted',
  { id, accountId, label, isRequired, isActive, type }: CustomField,
  at: number,
  { actor, requestId }: Caller,
): void {
  transaction.record({
    action,
    at,
    actor,
    accountId,
    object: `custom-field:${id}`,
    requestId,
    detail: { label, isRequired, isActive, type },
  })
}
