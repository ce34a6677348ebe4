import { oids } from '../../pki/oids.ts'
import type { AuthorityProfile, ResponderProfile } from './profile.ts'

const subjectAttributes: readonly string[] = [
  oids.countryName,
  oids.stateOrProvinceName,
  oids.localityName,
  oids.organizationName,
  oids.organizationalUnitName,
  oids.commonName,
]

/** A CA signs certificates and CRLs, and its OCSP answers where no responder is delegated. */
const authorityKeyUsage: AuthorityProfile['keyUsage'] = {
  critical: true,
  usages: {
    rsa: ['digitalSignature', 'keyCertSign', 'cRLSign'],
    signature: ['digitalSignature', 'keyCertSign', 'cRLSign'],
  },
}

export const rootAuthority: AuthorityProfile = {
  type: 'authority',
  id: 'root-authority',
  version: 1,
  keyUsage: authorityKeyUsage,
  pathLenConstraint: undefined,
  subjectAttributes,
  lifetimeDays: 7300,
}

/** Issues leaves only. */
export const issuingAuthority: AuthorityProfile = {
  ...rootAuthority,
  id: 'issuing-authority',
  pathLenConstraint: 0,
  lifetimeDays: 3650,
}

/** Issues CAs below a root, which issue leaves. */
export const intermediateAuthority: AuthorityProfile = {
  ...rootAuthority,
  id: 'intermediate-authority',
  lifetimeDays: 5475,
}

/** A CA made at the TinyCert face: a root that issues leaves itself, ten years as documented there. */
export const tinycertAuthority: AuthorityProfile = {
  ...rootAuthority,
  id: 'tinycert-authority',
  lifetimeDays: 3650,
}

/** Nocheck makes revoking a responder pointless, so it lives a month and is made anew in time. */
export const ocspResponder: ResponderProfile = {
  type: 'ocsp-responder',
  id: 'ocsp-responder',
  version: 1,
  keyUsage: { critical: true, usages: { rsa: ['digitalSignature'], signature: ['digitalSignature'] } },
  lifetimeDays: 30,
}
