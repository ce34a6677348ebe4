import type { KeyUsage } from '../../../pki/extensions/key-usage.ts'
import { oids } from '../../../pki/oids.ts'
import type { LeafProfile } from '../profile.ts'
import { mailboxSubject, mailOrganizationSubject, sponsoredPersonSubject } from './subjects.ts'

/** S/MIME BR section 7.1.6.4: 2.23.140.1.5.<type>.<generation>. */
const types = {
  mailbox: { arc: '1', subject: mailboxSubject },
  organization: { arc: '2', subject: mailOrganizationSubject },
  sponsor: { arc: '3', subject: sponsoredPersonSubject },
} as const

/** A strict certificate is for mail alone (S/MIME BR section 7.1.2.3). */
const generations = {
  multipurpose: { arc: '2', extKeyUsage: [oids.emailProtection, oids.clientAuth] },
  strict: { arc: '3', extKeyUsage: [oids.emailProtection] },
} as const

type Usages = LeafProfile['keyUsage']['usages']

/**
 * S/MIME BR section 7.1.2.3. Keys that only sign are elliptic here: the hierarchy that issues these takes no
 * Ed25519 or ML-DSA keys, which may not agree on keys.
 */
const usages: { readonly [Usage in MailUsage]: Usages } = {
  signing: {
    rsa: ['digitalSignature', 'nonRepudiation'],
    signature: ['digitalSignature', 'nonRepudiation'],
  },
  'key-management': { rsa: ['keyEncipherment'], signature: ['keyAgreement'] },
  'dual-use': {
    rsa: ['digitalSignature', 'keyEncipherment'] satisfies KeyUsage[],
    signature: ['digitalSignature', 'keyAgreement'],
  },
}

export const mailTypes = ['mailbox', 'organization', 'sponsor'] as const
export type MailType = (typeof mailTypes)[number]
export const mailGenerations = ['strict', 'multipurpose'] as const
export type MailGeneration = (typeof mailGenerations)[number]
export const mailUsages = ['signing', 'key-management', 'dual-use'] as const
export type MailUsage = (typeof mailUsages)[number]

export function mailProfileId(type: MailType, generation: MailGeneration, usage: MailUsage): string {
  return `smime-${type}-${generation}-${usage}`
}

/** Every combination of whose mailbox it is, how strict, and what the key does. */
export const mailProfiles: readonly LeafProfile[] = mailTypes.flatMap((type) =>
  mailGenerations.flatMap((generation) => mailUsages.map((usage) => mailProfile(type, generation, usage))),
)

function mailProfile(type: MailType, generation: MailGeneration, usage: MailUsage): LeafProfile {
  const { extKeyUsage } = generations[generation]
  return {
    type: 'leaf',
    id: mailProfileId(type, generation, usage),
    version: 1,
    keyUsage: { critical: true, usages: usages[usage] },
    // RFC 5280 section 4.2.1.12: a key that only manages keys proves no client.
    extKeyUsage: usage === 'key-management' ? [oids.emailProtection] : extKeyUsage,
    policies: [`2.23.140.1.5.${types[type].arc}.${generations[generation].arc}`],
    netscapeCertType: false,
    alternativeNames: { types: ['email'], required: true, urisWithoutScheme: false },
    commonName: 'free',
    subjectAttributes: types[type].subject,
    requestedExtensions: 'refuse-forbidden',
    defaultLifetimeDays: 365,
    // S/MIME BR section 6.3.2.
    maximumLifetimeDays: 825,
  }
}
