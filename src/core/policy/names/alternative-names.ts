import { findNameConstraintViolation } from '../../../pki/extensions/name-constraints-evaluation.ts'
import { encodeGeneralName, type GeneralName } from '../../../pki/general-names.ts'
import { parseIpAddress } from '../../../pki/ip-addresses.ts'
import { userPrincipalName } from '../../../pki/user-principal-name.ts'
import { Fault, type NameDefect } from '../../faults.ts'
import { isInRange, isSpecialPurpose } from './address-ranges.ts'
import { hasControlCharacter } from './control-characters.ts'
import { normaliseDnsName } from './dns-name.ts'
import { normaliseEmailAddress } from './email-address.ts'
import type { NameRequest } from './name-request.ts'
import type { NameRules } from './name-rules.ts'
import { judgeDirectoryName, judgeGuid, judgeOtherName, judgeRegisteredId } from './other-names.ts'
import { checkUri } from './uri.ts'

/**
 * The alternative names to be certified: each in its normal form, in the order asked for, repeats merged.
 * What is returned is used for everything that follows; the texts of the caller are not looked at again.
 *
 * @throws Fault names_too_many, name_refused, names_missing
 */
export function checkAlternativeNames(requests: readonly NameRequest[], rules: NameRules): GeneralName[] {
  // Counted as sent: merging ten thousand copies of a name is work too.
  if (requests.length > rules.limits.alternativeNames) {
    throw new Fault('names_too_many', { count: requests.length, maximum: rules.limits.alternativeNames })
  }
  if (requests.length === 0 && rules.required) {
    throw new Fault('names_missing', {})
  }
  const seen = new Set<string>()
  const names: GeneralName[] = []
  for (const request of requests) {
    const name = checkName(request, rules)
    const key = keyOf(name)
    if (!seen.has(key)) {
      seen.add(key)
      names.push(name)
    }
  }
  return names
}

/**
 * Checks subject and names against the constraints of the CAs above (RFC 5280 sections 4.2.1.10 and 6.1.4,
 * case N19).
 *
 * @param subjectDer DER of the subject's Name
 * @throws Fault name_refused
 */
export function checkNameConstraints(
  names: readonly GeneralName[],
  subjectDer: Uint8Array,
  rules: NameRules,
  parameterOf: (name: GeneralName) => string,
): void {
  for (const constraints of rules.constraints) {
    const violation = findNameConstraintViolation(constraints, names, subjectDer)
    if (violation !== undefined) {
      const { name } = violation
      throw new Fault('name_refused', {
        parameter: parameterOf(name),
        value: 'value' in name && typeof name.value === 'string' ? name.value : '',
        defect: 'outside-constraints',
      })
    }
  }
}

type CheckedName = Exclude<GeneralName, { type: 'x400' | 'ediParty' }>

/** Equal for names that are the same. */
function keyOf(name: CheckedName): string {
  switch (name.type) {
    case 'dns':
    case 'email':
    case 'uri':
      return `${name.type}:${name.value}`
    default:
      return Buffer.from(encodeGeneralName(name)).toString('latin1')
  }
}

function checkName(request: NameRequest, rules: NameRules): CheckedName {
  const { type } = request
  if (!isAllowed(type, rules)) {
    throw refused(request, 'type-not-allowed')
  }
  if (type === 'ip') {
    return { type, bytes: checkAddress(request, rules) }
  }
  if (type === 'upn') {
    const defect = userPrincipalNameDefect(request.value)
    if (defect !== undefined) throw refused(request, defect)
    return userPrincipalName(request.value.normalize('NFC'))
  }
  if (type === 'registeredId' || type === 'other' || type === 'guid' || type === 'directory') {
    const judged = structuredChecks[type](request, rules)
    if ('defect' in judged) throw refused(request, judged.defect)
    return judged.name
  }
  const result = textChecks[type](request.value, rules)
  if ('defect' in result) {
    throw refused(request, result.defect)
  }
  return { type, value: result.value }
}

const longestPrincipalName = 255

/** A user, an at sign, and a realm; what they are made of is the directory's affair. */
function userPrincipalNameDefect(text: string): NameDefect | undefined {
  if (text === '') return 'empty'
  if (text.length > longestPrincipalName) return 'too-long'
  if (hasControlCharacter(text)) return 'control-character'
  if (!text.isWellFormed()) return 'character'
  const at = text.indexOf('@')
  return at > 0 && at < text.length - 1 && !text.includes('@', at + 1) ? undefined : 'not-a-name'
}

const structuredChecks = {
  registeredId: judgeRegisteredId,
  other: judgeOtherName,
  guid: judgeGuid,
  directory: (request: NameRequest, rules: NameRules) =>
    judgeDirectoryName(request, rules.directoryAttributes),
} as const

const textChecks = { dns: normaliseDnsName, email: normaliseEmailAddress, uri: checkUri } as const

function isAllowed(type: NameRequest['type'], rules: NameRules): type is NameRules['types'][number] {
  return rules.types.some((allowed) => allowed === type)
}

function checkAddress(request: NameRequest, rules: NameRules): Uint8Array {
  const address = parseIpAddress(request.value)
  if (address === undefined) {
    throw refused(
      request,
      request.value === '' ? 'empty' : hasControlCharacter(request.value) ? 'control-character' : 'address',
    )
  }
  const { specialAddresses } = rules
  if (specialAddresses !== 'any' && isSpecialPurpose(address)) {
    if (!specialAddresses.some((range) => isInRange(address, range))) {
      throw refused(request, 'address-special-purpose')
    }
  }
  return address
}

/** Enough of a value to recognise it; a refusal must not carry 100 KB back. */
const shownCharacters = 253

function refused(request: NameRequest, defect: NameDefect): Fault {
  const value = request.value.slice(0, shownCharacters)
  return new Fault('name_refused', { parameter: request.parameter, value, defect })
}
