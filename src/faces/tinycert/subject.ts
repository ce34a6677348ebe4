import { type NameInput, parseName } from '../../pki/names.ts'
import { oids } from '../../pki/oids.ts'
import type { FormFields } from './form.ts'
import { optionalText, requiredText } from './parameters.ts'

/** The subject attributes of this API, in the order certificates carry them. */
const attributes = [
  ['C', oids.countryName],
  ['ST', oids.stateOrProvinceName],
  ['L', oids.localityName],
  ['O', oids.organizationName],
  ['OU', oids.organizationalUnitName],
  ['CN', oids.commonName],
] as const

export type SubjectParameter = (typeof attributes)[number][0]

/** A subject attribute and the parameter it came from. */
export type SubjectAttribute = NameInput & { readonly parameter: string }

/**
 * Reads subject attributes; an optional one that is absent or empty is left out.
 * @throws Fault parameter_missing, parameter_invalid
 */
export function readSubject(
  fields: FormFields,
  required: readonly SubjectParameter[],
  optional: readonly SubjectParameter[],
): readonly SubjectAttribute[] {
  return attributes.flatMap(([parameter, type]) => {
    if (required.includes(parameter)) return [{ type, value: requiredText(fields, parameter), parameter }]
    const value = optional.includes(parameter) ? optionalText(fields, parameter) : ''
    return value === '' ? [] : [{ type, value, parameter }]
  })
}

/** The attributes of a stored name by parameter; those it does not have are empty. */
export function showSubject(nameDer: Uint8Array): Readonly<Record<SubjectParameter, string>> {
  const name = parseName(nameDer)
  const shown = { C: '', ST: '', L: '', O: '', OU: '', CN: '' }
  for (const [parameter, type] of attributes) {
    shown[parameter] = name.find((attribute) => attribute.type === type)?.value ?? ''
  }
  return shown
}
