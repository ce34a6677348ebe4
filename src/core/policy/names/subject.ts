import { isPrintableString } from '../../../pki/der/writer.ts'
import { formatIpAddress, type GeneralName } from '../../../pki/general-names.ts'
import { parseIpAddress } from '../../../pki/ip-addresses.ts'
import { type NameInput, nameEncodingOf } from '../../../pki/names.ts'
import { oids } from '../../../pki/oids.ts'
import { Fault, type NameDefect } from '../../faults.ts'
import { lifecycleOids } from '../../profiles/lifecycle.ts'
import { hasControlCharacter } from './control-characters.ts'
import { isCountryCode } from './country-codes.ts'

/** A subject attribute as a caller wrote it. */
export interface AttributeRequest extends NameInput {
  /** The parameter it came in, in the face's own spelling. */
  readonly parameter: string
}

/**
 * Upper bounds in characters: RFC 5280 appendix A.1 (ub-...), X.520 annex C where RFC 5280 names none.
 * Attributes that are not here may be as long as `longestOther`.
 */
export const attributeLimits: ReadonlyMap<string, number> = new Map([
  [oids.commonName, 64],
  [oids.surname, 64],
  [oids.serialNumber, 64],
  [oids.countryName, 2],
  [oids.localityName, 128],
  [oids.stateOrProvinceName, 128],
  [oids.streetAddress, 128],
  [oids.organizationName, 64],
  [oids.organizationalUnitName, 64],
  [oids.title, 64],
  [oids.businessCategory, 128],
  [oids.postalCode, 16],
  [oids.givenName, 64],
  [oids.dnQualifier, 64],
  [oids.pseudonym, 128],
  [oids.domainComponent, 63],
  [oids.emailAddress, 255],
  [oids.jurisdictionLocalityName, 128],
  [oids.jurisdictionStateOrProvinceName, 128],
  [oids.jurisdictionCountryName, 2],
])

const longestOther = 256

/** An attribute type stands once in a subject, but these, which are lists by their nature or in the APIs. */
const repeatable: ReadonlySet<string> = new Set([
  oids.domainComponent,
  oids.organizationalUnitName,
  oids.streetAddress,
  oids.title,
  oids.givenName,
  oids.surname,
  lifecycleOids.description,
  lifecycleOids.unstructuredName,
  lifecycleOids.unstructuredAddress,
])

/**
 * Subject attributes that can be certified as they are: text in Unicode form C, within its bounds and its string
 * type. Empty values are refused; who treats them as absent drops them before.
 *
 * @param allowed attribute types (dotted OIDs) of the profile
 * @throws Fault name_refused
 */
export function checkSubject<Request extends AttributeRequest>(
  requests: readonly Request[],
  allowed: readonly string[],
): Request[] {
  const seen = new Set<string>()
  return requests.map((request) => {
    const { type } = request
    if (!allowed.includes(type) || (seen.has(type) && !repeatable.has(type))) {
      throw refused(request, 'type-not-allowed')
    }
    seen.add(type)
    const defect = defectOf(request)
    if (defect !== undefined) {
      throw refused(request, defect)
    }
    return { ...request, value: request.value.normalize('NFC') }
  })
}

function defectOf({ type, value }: AttributeRequest): NameDefect | undefined {
  if (value === '') {
    return 'empty'
  }
  const limit = attributeLimits.get(type) ?? longestOther
  // A character takes at most two code units, and form C merges at most a few marks into one.
  if (value.length > limit * 4) {
    return isCountry(type) ? 'country' : 'too-long'
  }
  if (hasControlCharacter(value)) {
    return 'control-character'
  }
  if (!value.isWellFormed()) {
    return 'character'
  }
  if (isCountry(type)) {
    return isCountryCode(value) ? undefined : 'country'
  }
  if (characterCount(value.normalize('NFC')) > limit) {
    return 'too-long'
  }
  return fitsStringType(type, value) ? undefined : 'character'
}

function isCountry(type: string): boolean {
  return type === oids.countryName || type === oids.jurisdictionCountryName
}

function characterCount(text: string): number {
  let count = 0
  for (const _ of text) {
    count += 1
  }
  return count
}

function fitsStringType(type: string, value: string): boolean {
  switch (nameEncodingOf(type)) {
    case 'printable':
      return isPrintableString(value)
    case 'ia5':
      return Buffer.byteLength(value) === value.length
    case 'utf8':
      return true
  }
}

/**
 * The common name where it has to stand among the alternative names: the same characters as one of them
 * (case N12). Letter case and the way an address is written follow the alternative name.
 *
 * @throws Fault name_refused
 */
export function checkCommonName(request: AttributeRequest, names: readonly GeneralName[]): string {
  const wanted = request.value.toLowerCase()
  const address = parseIpAddress(request.value)
  const canonical = address === undefined ? undefined : formatIpAddress(address)
  for (const name of names) {
    const text = commonNameText(name)
    if (text !== undefined && (text === wanted || text === canonical)) {
      return text
    }
  }
  throw refused(request, 'not-among-alternative-names')
}

/** How an alternative name is written as a common name; undefined for forms that cannot be one. */
export function commonNameText(name: GeneralName): string | undefined {
  switch (name.type) {
    case 'dns':
      return name.value
    case 'ip':
      return formatIpAddress(name.bytes)
    default:
      return undefined
  }
}

const shownCharacters = 253

function refused(request: AttributeRequest, defect: NameDefect): Fault {
  const value = request.value.slice(0, shownCharacters)
  return new Fault('name_refused', { parameter: request.parameter, value, defect })
}
