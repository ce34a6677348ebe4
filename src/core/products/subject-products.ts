import type { Product } from './product.ts'

/** Addresses of one person: more are several people. */
const MOST_ADDRESSES = 25

const shared = {
  csr: 'optional',
  certificateTransparency: false,
  duplicates: false,
  orderYears: [1, 2, 3],
  customExpiration: true,
  signatureHashes: ['sha256', 'sha384', 'sha512'],
  replacement: null,
} as const satisfies Partial<Product>

const client = {
  ...shared,
  group: 'client_certificate',
  type: 'client_certificate',
  validation: 'client',
  subject: 'person',
  issuer: 'installation',
  names: { of: 'emails', maximum: MOST_ADDRESSES },
  organization: 'ov',
  // S/MIME BR section 6.3.2.
  maximumLifetimeDays: 825,
} as const satisfies Partial<Product>

const clients: readonly Product[] = [
  { ...client, nameId: 'client_premium', name: 'Premium', profiles: 'smime-sponsor' },
  {
    ...client,
    nameId: 'client_digital_signature_plus',
    name: 'Digital Signature Plus',
    profiles: 'smime-signature',
  },
  { ...client, nameId: 'client_email_security_plus', name: 'Email Security Plus', profiles: 'smime-sponsor' },
  {
    ...client,
    nameId: 'client_authentication_plus',
    name: 'Authentication Plus',
    profiles: 'client-authentication',
  },
  {
    ...client,
    nameId: 'class1_smime',
    name: 'Class 1 S/MIME',
    validation: 'smime',
    subject: 'mailbox',
    organization: null,
    profiles: 'smime-mailbox',
  },
  {
    ...client,
    nameId: 'client_premium_sha2',
    name: 'Premium SHA2',
    profiles: 'smime-sponsor',
    replacement: 'client_premium',
  },
  {
    ...client,
    nameId: 'client_digital_signature_plus_sha2',
    name: 'Digital Signature Plus SHA2',
    profiles: 'smime-signature',
    replacement: 'client_digital_signature_plus',
  },
  {
    ...client,
    nameId: 'private_client_premium',
    name: 'Private Premium',
    group: 'private_client_certificate',
    validation: 'private',
    organization: 'private_ssl',
    issuer: 'account',
    maximumLifetimeDays: 1_095,
    signatureHashes: ['sha256', 'sha384', 'sha512', 'sha1'],
    profiles: 'private-client',
  },
  {
    ...client,
    nameId: 'client_grid_private_premium',
    name: 'Grid Private Premium',
    group: 'grid_certificate',
    validation: 'private',
    organization: 'grid',
    issuer: 'account',
    // The IGTF's profile for people: 13 months.
    maximumLifetimeDays: 395,
    orderYears: [1],
    signatureHashes: ['sha256', 'sha384', 'sha512', 'sha1'],
    profiles: 'private-client',
  },
]

const secureEmail = {
  ...client,
  group: 'secure_email_certificate',
  validation: 'smime',
  organization: 'smime',
} as const satisfies Partial<Product>

const secureEmails: readonly Product[] = [
  {
    ...secureEmail,
    nameId: 'secure_email_mailbox',
    name: 'Secure Email for Individual',
    subject: 'mailbox',
    organization: null,
    profiles: 'smime-mailbox',
  },
  {
    ...secureEmail,
    nameId: 'secure_email_sponsor',
    name: 'Secure Email for Business',
    profiles: 'smime-sponsor',
  },
  {
    ...secureEmail,
    nameId: 'secure_email_organization',
    name: 'Secure Email for Organization',
    subject: 'organization',
    profiles: 'smime-organization',
  },
]

const codeSigning = {
  ...shared,
  nameId: 'code_signing',
  name: 'Code Signing',
  group: 'code_signing_certificate',
  type: 'code_signing_certificate',
  validation: 'cs',
  subject: 'code',
  issuer: 'installation',
  names: { of: 'nothing' },
  organization: 'cs',
  // One day less than CS BR section 6.3.2 allows.
  maximumLifetimeDays: 459,
  profiles: 'code-signing',
} as const satisfies Product

const documentSigning = {
  ...shared,
  group: 'document_signing_certificate',
  type: 'document_signing_certificate',
  validation: 'ds',
  subject: 'document',
  issuer: 'installation',
  names: { of: 'nothing' },
  csr: 'not-taken',
  organization: 'ds',
  maximumLifetimeDays: 1_095,
  profiles: 'document-signing',
} as const satisfies Partial<Product>

const signing: readonly Product[] = [
  codeSigning,
  {
    ...codeSigning,
    nameId: 'code_signing_ev',
    name: 'EV Code Signing',
    group: 'code_signing',
    validation: 'ev_cs',
    csr: 'not-taken',
    organization: 'ev_cs',
    profiles: 'code-signing-ev',
  },
  { ...documentSigning, nameId: 'document_signing_org_1', name: 'Document Signing - Organization (2000)' },
  { ...documentSigning, nameId: 'document_signing_org_2', name: 'Document Signing - Organization (5000)' },
]

/** Products about people, mailboxes, organizations, code and documents. */
export const subjectProducts: readonly Product[] = [...clients, ...secureEmails, ...signing]
