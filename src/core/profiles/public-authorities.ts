import { oids } from '../../pki/oids.ts'
import { issuingAuthority, rootAuthority } from './authorities.ts'
import type { AuthorityProfile } from './profile.ts'

/** TLS BR section 7.1.2.1: no purposes and no policies, which those below have. */
export const publicRoot: AuthorityProfile = { ...rootAuthority, id: 'public-root' }

/**
 * Issues leaves of one purpose: a public hierarchy serves one, so that what happens to mail or code never touches
 * servers (TLS BR section 7.1.2.10.6). Any policy, because the CA is run by whoever runs the root (section 7.1.2.10.5).
 */
function publicIssuing(id: string, extKeyUsage: readonly string[]): AuthorityProfile {
  return { ...issuingAuthority, id, extKeyUsage, policies: [oids.anyPolicy] }
}

/** What the public hierarchy issues, one root and one issuing CA for each. */
export const publicPurposes = ['tls', 'mail', 'code', 'document'] as const
export type PublicPurpose = (typeof publicPurposes)[number]

export const publicIssuingAuthorities: { readonly [Purpose in PublicPurpose]: AuthorityProfile } = {
  tls: publicIssuing('public-tls-authority', [oids.serverAuth, oids.clientAuth]),
  mail: publicIssuing('public-mail-authority', [oids.emailProtection, oids.clientAuth]),
  code: publicIssuing('public-code-authority', [oids.codeSigning]),
  document: publicIssuing('public-document-authority', [oids.documentSigning, oids.microsoftDocumentSigning]),
}
