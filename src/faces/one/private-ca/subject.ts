import { readingRequest } from '../../../core/certificates/csr-faults.ts'
import { nameRequests } from '../../../core/certificates/requested-names.ts'
import type { NameRequest } from '../../../core/policy/names/name-request.ts'
import type { AttributeRequest } from '../../../core/policy/names/subject.ts'
import { parseCertificationRequest } from '../../../pki/csr.ts'
import { parseIpAddress } from '../../../pki/ip-addresses.ts'
import { oids } from '../../../pki/oids.ts'
import { readTexts } from '../lifecycle/subject-members.ts'
import type { Reader } from '../reader.ts'

/** Members are spelled otherwise than in Trust Lifecycle Manager. */
const subjectMembers = {
  common_name: { type: oids.commonName, longest: 64, most: 1 },
  organization_name: { type: oids.organizationName, longest: 64, most: 1 },
  organization_unit: { type: oids.organizationalUnitName, longest: 64, most: undefined },
  locality: { type: oids.localityName, longest: 128, most: 1 },
  state: { type: oids.stateOrProvinceName, longest: 128, most: 1 },
  country: { type: oids.countryName, longest: 2, most: 1 },
  street_address: { type: oids.streetAddress, longest: 128, most: undefined },
  postal_code: { type: oids.postalCode, longest: 16, most: 1 },
} as const

const nameMembers = { dns_names: 'dns', ip_addresses: 'ip', email_addresses: 'email', uris: 'uri' } as const

export function readPrivateCaSubject(subject: Reader): readonly AttributeRequest[] {
  return Object.entries(subjectMembers).flatMap(([name, { type, longest, most }]) =>
    readTexts(subject, name, longest, most).map(([parameter, value]) => ({ type, value, parameter })),
  )
}

export function readPrivateCaNames(san: Reader): readonly NameRequest[] {
  return Object.entries(nameMembers).flatMap(([member, type]) =>
    readTexts(san, member, 2_048, undefined).map(([parameter, value]) => ({ type, value, parameter })),
  )
}

/**
 * Whom a CSR names. A client that sends nothing else leaves it to the CA to read the names there; they are wishes like
 * those of a body, and judged alike.
 * @param csr DER
 * @throws Fault of src/core/certificates/csr-faults.ts
 */
export function readNamesOfCsr(csr: Uint8Array): {
  readonly subject: readonly AttributeRequest[]
  readonly names: readonly NameRequest[]
} {
  const { subject, subjectAltNames } = readingRequest(() => parseCertificationRequest(csr, 'keep'))
  return {
    subject: subject.map(({ type, value }) => ({ type, value, parameter: 'csr.subject' })),
    names: nameRequests(subjectAltNames, 'csr.subjectAltName'),
  }
}

/** The names with the common name before them, where it names a host and is not among them. */
export function withCommonName(
  names: readonly NameRequest[],
  subject: readonly AttributeRequest[],
): readonly NameRequest[] {
  const commonName = subject.find(({ type }) => type === oids.commonName)
  if (commonName === undefined) return names
  const wanted = commonName.value.toLowerCase()
  if (names.some(({ value }) => value.toLowerCase() === wanted)) return names
  const { value, parameter } = commonName
  return [{ type: parseIpAddress(value) === undefined ? 'dns' : 'ip', value, parameter }, ...names]
}
