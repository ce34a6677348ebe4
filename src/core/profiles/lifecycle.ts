import { oids } from '../../pki/oids.ts'
import type { LeafProfile } from './profile.ts'

// RFC 4519 section 2.5, RFC 2985 section 5.4
const description = '2.5.4.13'
const unstructuredName = '1.2.840.113549.1.9.2'
const unstructuredAddress = '1.2.840.113549.1.9.8'

/** Attributes that account hierarchies certify by their own rules, most significant first. */
const anySubject: readonly string[] = [
  oids.domainComponent,
  oids.countryName,
  oids.stateOrProvinceName,
  oids.localityName,
  oids.postalCode,
  oids.streetAddress,
  oids.organizationName,
  oids.organizationIdentifier,
  oids.organizationalUnitName,
  oids.title,
  oids.surname,
  oids.givenName,
  oids.pseudonym,
  oids.dnQualifier,
  oids.serialNumber,
  description,
  unstructuredName,
  unstructuredAddress,
  oids.userId,
  oids.commonName,
  oids.emailAddress,
]

function lifecycleProfile(
  id: string,
  extKeyUsage: readonly string[],
  names: Pick<LeafProfile, 'alternativeNames' | 'commonName'>,
  version = 1,
): LeafProfile {
  return {
    type: 'leaf',
    id,
    version,
    keyUsage: {
      critical: true,
      usages: { rsa: ['digitalSignature', 'keyEncipherment'], signature: ['digitalSignature'] },
    },
    extKeyUsage,
    netscapeCertType: false,
    ...names,
    subjectAttributes: anySubject,
    requestedExtensions: 'ignore',
    defaultLifetimeDays: 365,
    maximumLifetimeDays: undefined,
  }
}

const ofHosts = {
  alternativeNames: { types: ['dns', 'ip'], required: true, urisWithoutScheme: false },
  commonName: 'among-names',
} as const

const anyName = ['dns', 'ip', 'email', 'uri', 'guid', 'directory', 'registeredId', 'other'] as const
const ofAnything = {
  alternativeNames: { types: anyName, required: false, urisWithoutScheme: false },
  commonName: 'free',
} as const

/** What certificate profiles of accounts are made from: servers, servers that are clients too, devices and people. */
export const lifecycleProfiles: readonly LeafProfile[] = [
  lifecycleProfile('lifecycle-server', [oids.serverAuth], ofHosts),
  lifecycleProfile('lifecycle-mutual', [oids.serverAuth, oids.clientAuth], ofHosts),
  lifecycleProfile('lifecycle-device', [oids.clientAuth], ofAnything, 2),
  lifecycleProfile(
    'lifecycle-user',
    [oids.clientAuth, oids.emailProtection],
    { ...ofAnything, alternativeNames: { ...ofAnything.alternativeNames, types: [...anyName, 'upn'] } },
    2,
  ),
]

export const lifecycleOids = { description, unstructuredName, unstructuredAddress } as const
