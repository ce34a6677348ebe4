import { oids } from '../../pki/oids.ts'
import type { LeafProfile } from './profile.ts'

/**
 * Certificates for hosts and their clients in a private hierarchy: names from the alternative names alone,
 * the common name a copy of one of them.
 */
function tlsProfile(id: string, extKeyUsage: readonly string[]): LeafProfile {
  return {
    type: 'leaf',
    id,
    version: 1,
    keyUsage: {
      critical: true,
      usages: { rsa: ['digitalSignature', 'keyEncipherment'], signature: ['digitalSignature'] },
    },
    extKeyUsage,
    netscapeCertType: false,
    alternativeNames: { types: ['dns', 'ip'], required: true, urisWithoutScheme: false },
    commonName: 'among-names',
    subjectAttributes: [
      oids.countryName,
      oids.stateOrProvinceName,
      oids.localityName,
      oids.organizationName,
      oids.organizationalUnitName,
      oids.commonName,
    ],
    requestedExtensions: 'refuse-forbidden',
    defaultLifetimeDays: 90,
    maximumLifetimeDays: undefined,
  }
}

export const tlsServer: LeafProfile = tlsProfile('tls-server', [oids.serverAuth])
export const tlsMutual: LeafProfile = tlsProfile('tls-mutual', [oids.serverAuth, oids.clientAuth])

/** A client may be a person or a program as well as a host. */
export const tlsClient: LeafProfile = {
  ...tlsProfile('tls-client', [oids.clientAuth]),
  alternativeNames: { types: ['dns', 'ip', 'email', 'uri'], required: true, urisWithoutScheme: false },
}
