import { oids } from '../../../pki/oids.ts'
import { reservedPolicies } from '../../lint/classification.ts'
import type { LeafProfile } from '../profile.ts'
import { organizationSubject, registeredSubject } from './subjects.ts'

/** An organization that signs, and nothing that is on a network. */
const signer: Omit<LeafProfile, 'id' | 'keyUsage' | 'extKeyUsage' | 'maximumLifetimeDays'> = {
  type: 'leaf',
  version: 1,
  netscapeCertType: false,
  alternativeNames: { types: [], required: false, urisWithoutScheme: false },
  commonName: 'free',
  subjectAttributes: organizationSubject,
  requestedExtensions: 'refuse-forbidden',
  defaultLifetimeDays: 365,
}

/** CS BR sections 7.1.2.3 and 7.1.4.2. */
const codeSigning: LeafProfile = {
  ...signer,
  id: 'code-signing',
  keyUsage: {
    critical: true,
    usages: { rsa: ['digitalSignature'], signature: ['digitalSignature'] },
  },
  extKeyUsage: [oids.codeSigning],
  policies: [reservedPolicies.codeSigning],
  // One day less than CS BR section 6.3.2 allows.
  maximumLifetimeDays: 459,
}

const codeSigningEv: LeafProfile = {
  ...codeSigning,
  id: 'code-signing-ev',
  policies: [reservedPolicies.extendedValidationCodeSigning],
  subjectAttributes: registeredSubject,
}

/** RFC 9336: signatures that stand for an organization, which it cannot deny later. */
const documentSigning: LeafProfile = {
  ...signer,
  id: 'document-signing',
  keyUsage: {
    critical: true,
    usages: {
      rsa: ['digitalSignature', 'nonRepudiation'],
      signature: ['digitalSignature', 'nonRepudiation'],
    },
  },
  extKeyUsage: [oids.documentSigning, oids.microsoftDocumentSigning],
  maximumLifetimeDays: 1_095,
}

export const signingProfiles: readonly LeafProfile[] = [codeSigning, codeSigningEv, documentSigning]
