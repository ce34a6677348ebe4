import type { Caller } from '../../audit/caller.ts'
import type { Engine } from '../../engine.ts'
import { Fault } from '../../faults.ts'
import { customFieldsOf } from '../../identity/change-custom-fields.ts'
import { type CustomFieldValue, checkCustomFieldValues } from '../../identity/custom-field-values.ts'
import type { Principal } from '../../identity/principal.ts'
import { holdOrder, keepOrder } from './hold-order.ts'

type Parts = Pick<Engine, 'clock' | 'store'>

/**
 * Says something in one custom field of an order, in the place of what it said before.
 * @throws Fault object_unknown; parameter_invalid for a field the account does not have; custom_field_invalid;
 *   custom_field_missing for nothing in a required field
 */
export function setCustomFieldValue(
  { clock, store }: Parts,
  by: Principal,
  reference: string,
  value: CustomFieldValue,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* holdOrder(transaction, by, reference)
    // Fields that became required after the order was placed are not this change's business.
    const field = (yield* customFieldsOf(transaction, by.account.id)).find(({ id }) => id === value.fieldId)
    if (field === undefined) {
      throw new Fault('parameter_invalid', { parameter: 'metadata_id', reason: 'no such field' })
    }
    checkCustomFieldValues([field], [value])
    const others = held.customFields.filter(({ fieldId }) => fieldId !== value.fieldId)
    const order = { ...held, customFields: [...others, value] }
    yield* keepOrder(transaction, order, { customFieldSet: value.fieldId }, clock.now(), caller)
  })
}

/**
 * @throws Fault object_unknown, also where the order says nothing in the field; custom_field_missing for a field that
 *   is required
 */
export function removeCustomFieldValue(
  { clock, store }: Parts,
  by: Principal,
  reference: string,
  fieldId: number,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* holdOrder(transaction, by, reference)
    const customFields = held.customFields.filter((each) => each.fieldId !== fieldId)
    if (customFields.length === held.customFields.length) {
      throw new Fault('object_unknown', { object: 'custom-field' })
    }
    const field = (yield* customFieldsOf(transaction, by.account.id)).find(({ id }) => id === fieldId)
    if (field !== undefined) checkCustomFieldValues([field], [])
    yield* keepOrder(
      transaction,
      { ...held, customFields },
      { customFieldRemoved: fieldId },
      clock.now(),
      caller,
    )
  })
}
