import { oids } from '../../pki/oids.ts'
import type { LeafProfile } from './profile.ts'

/**
 * What the TinyCert API issues: one year, free common name, any of four kinds of alternative name, generous
 * usages that are not critical. The service's timeStamping purpose is left out because RFC 3161 section 2.3
 * wants it alone and critical, and keyAgreement because RSA keys have none (RFC 4055 section 1.2) and those that
 * only sign may not have it (RFC 8410 section 5, RFC 9881 section 5).
 */
export const tinycertLeaf: LeafProfile = {
  type: 'leaf',
  id: 'tinycert-leaf',
  version: 1,
  keyUsage: {
    critical: false,
    usages: {
      rsa: ['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'dataEncipherment'],
      signature: ['digitalSignature', 'nonRepudiation'],
    },
  },
  extKeyUsage: [oids.serverAuth, oids.clientAuth, oids.codeSigning, oids.emailProtection],
  netscapeCertType: true,
  alternativeNames: { types: ['dns', 'ip', 'email', 'uri'], required: false, urisWithoutScheme: true },
  commonName: 'free',
  subjectAttributes: [
    oids.countryName,
    oids.stateOrProvinceName,
    oids.localityName,
    oids.organizationName,
    oids.organizationalUnitName,
    oids.commonName,
  ],
  requestedExtensions: 'ignore',
  defaultLifetimeDays: 365,
  maximumLifetimeDays: 365,
}
