import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountId } from '../brand.ts'
import { Fault } from '../faults.ts'
import type { CustomField, CustomFieldType } from './custom-field.ts'
import { checkCustomFieldValues } from './custom-field-values.ts'

const field = (id: number, type: CustomFieldType, changes: Partial<CustomField> = {}): CustomField => ({
  id,
  accountId: accountId(1),
  label: `field ${id}`,
  description: '',
  isRequired: false,
  isActive: true,
  type,
  showInReceipt: false,
  ...changes,
})

function faultOf(fields: readonly CustomField[], values: readonly (readonly [number, string])[]): string {
  try {
    checkCustomFieldValues(
      fields,
      values.map(([fieldId, value]) => ({ fieldId, value })),
    )
    return 'none'
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return error.code
  }
}

test('each type takes what it is for and nothing else', () => {
  for (const [type, good, bad] of [
    ['anything', ['x', ' ', '5'], []],
    ['text', ['x', '5'], []],
    ['int', ['5', '-5', ' 5 '], ['x', '1.5', '1e3', '1'.repeat(16)]],
    ['email_address', ['a@b.example'], ['a', 'a@b.example, c@d.example', 'a@']],
    ['email_list', ['a@b.example', 'a@b.example, c@d.example;e@f.example'], ['a@b.example, x']],
  ] as const) {
    for (const value of good)
      assert.equal(faultOf([field(1, type)], [[1, value]]), 'none', `${type} ${value}`)
    for (const value of bad) {
      assert.equal(faultOf([field(1, type)], [[1, value]]), 'custom_field_invalid', `${type} ${value}`)
    }
  }
})

test('a required field needs a value while it is active', () => {
  const required = field(1, 'text', { isRequired: true })
  for (const values of [[], [[1, '']], [[1, '  ']]] as const) {
    assert.equal(faultOf([required], values), 'custom_field_missing')
  }
  assert.equal(faultOf([required], [[1, 'x']]), 'none')
  assert.equal(faultOf([{ ...required, isActive: false }], []), 'none')
})

test('a field that is unknown, or named twice, is a wrong parameter', () => {
  assert.equal(faultOf([field(1, 'text')], [[2, 'x']]), 'parameter_invalid')
  assert.equal(
    faultOf(
      [field(1, 'text')],
      [
        [1, 'x'],
        [1, 'y'],
      ],
    ),
    'parameter_invalid',
  )
})
