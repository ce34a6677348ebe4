import { parseEmailAddress } from '../accounts/email-address.ts'
import { Fault, isFault } from '../faults.ts'
import type { CustomField, CustomFieldType } from './custom-field.ts'

/** What an order says in one custom field. */
export interface CustomFieldValue {
  readonly fieldId: number
  readonly value: string
}

/**
 * Holds the values of an order against the account's fields: known and fitting, and one for each field that is
 * active and required.
 *
 * @throws Fault parameter_invalid for an unknown or repeated field, custom_field_invalid, custom_field_missing
 */
export function checkCustomFieldValues(
  fields: readonly CustomField[],
  values: readonly CustomFieldValue[],
): void {
  const seen = new Set<number>()
  for (const { fieldId, value } of values) {
    const field = fields.find(({ id }) => id === fieldId)
    if (field === undefined || seen.has(fieldId)) {
      throw new Fault('parameter_invalid', {
        parameter: 'custom_fields',
        reason: 'unknown or repeated field',
      })
    }
    seen.add(fieldId)
    if (value !== '' && !fits(field.type, value))
      throw new Fault('custom_field_invalid', { label: field.label })
  }
  const missing = fields.find(
    ({ id, isActive, isRequired }) =>
      isActive && isRequired && !values.some(({ fieldId, value }) => fieldId === id && value.trim() !== ''),
  )
  if (missing !== undefined) throw new Fault('custom_field_missing', { label: missing.label })
}

function fits(type: CustomFieldType, value: string): boolean {
  switch (type) {
    case 'anything':
    case 'text':
      return true
    case 'int':
      return /^[+-]?\d{1,15}$/.test(value.trim())
    case 'email_address':
      return isEmailAddress(value.trim())
    case 'email_list':
      return value
        .split(/[,;\s]+/)
        .filter(Boolean)
        .every(isEmailAddress)
  }
}

function isEmailAddress(text: string): boolean {
  try {
    parseEmailAddress(text)
    return true
  } catch (error) {
    if (isFault(error, 'parameter_invalid')) return false
    throw error
  }
}
