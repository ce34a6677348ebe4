import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault, type NameDefect } from '../../core/faults.ts'
import { errorAnswer } from './codes.ts'
import { answerToFault } from './faults.ts'

test('a refused name is told by the parameter it came in and by what is wrong with it', () => {
  for (const [parameter, defect, expected] of [
    ['certificate.common_name', 'too-long', { code: 'rfc5280_common_name_too_long' }],
    ['certificate.common_name', 'wildcard', { code: 'rfc5280_common_name_invalid' }],
    ['certificate.common_name', 'internal', { code: 'internal_names_not_allowed' }],
    ['certificate.organization_units.0', 'too-long', { code: 'rfc5280_org_unit_too_long' }],
    ['certificate.organization_units.1', 'character', { code: 'rfc5280_org_unit_invalid' }],
    ['certificate.dns_names.2', 'wildcard', { code: 'invalid_value', about: 'certificate.dns_names.2' }],
    ['certificate.dns_names.2', 'address-special-purpose', { code: 'internal_names_not_allowed' }],
  ] as const satisfies readonly (readonly [string, NameDefect, object])[]) {
    const fault = new Fault('name_refused', { parameter, value: 'value', defect })
    assert.deepEqual(answerToFault(fault, 'en'), errorAnswer([expected], 'en'))
  }
})
