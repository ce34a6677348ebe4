import { oids } from '../../../pki/oids.ts'
import type { LeafProfile } from '../profile.ts'
import { privateSubject, sponsoredPersonSubject } from './subjects.ts'

/** A person who logs in; mail is not what it is for, so an address is only a name. */
const clientAuthentication: LeafProfile = {
  type: 'leaf',
  id: 'client-authentication',
  version: 1,
  keyUsage: {
    critical: true,
    usages: { rsa: ['digitalSignature', 'keyEncipherment'], signature: ['digitalSignature'] },
  },
  extKeyUsage: [oids.clientAuth],
  netscapeCertType: false,
  alternativeNames: { types: ['email'], required: false, urisWithoutScheme: false },
  commonName: 'free',
  subjectAttributes: sponsoredPersonSubject,
  requestedExtensions: 'refuse-forbidden',
  defaultLifetimeDays: 365,
  maximumLifetimeDays: 825,
}

/** A person of an account with a CA of its own: login and mail, by the account's own rules. */
const privateClient: LeafProfile = {
  ...clientAuthentication,
  id: 'private-client',
  extKeyUsage: [oids.clientAuth, oids.emailProtection],
  subjectAttributes: [...privateSubject, oids.emailAddress],
  maximumLifetimeDays: 1_095,
}

export const clientProfiles: readonly LeafProfile[] = [clientAuthentication, privateClient]
