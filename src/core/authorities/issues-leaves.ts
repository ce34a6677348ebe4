import { type Certificate, parseCertificate } from '../../pki/certificate.ts'
import { parseBasicConstraints } from '../../pki/extensions/basic-constraints.ts'
import { findExtension } from '../../pki/extensions/extension.ts'
import { oids } from '../../pki/oids.ts'
import type { AuthorityRecord } from './authority.ts'

/**
 * Whether a CA certifies subscribers: one below which no other CA can be (RFC 5280 section 4.2.1.9, a path length of
 * zero), or one that was granted to.
 *
 * @param certificate its own, where it was parsed before
 */
export function issuesLeaves(
  { grants, certificateDer }: Pick<AuthorityRecord, 'grants' | 'certificateDer'>,
  certificate?: Certificate,
): boolean {
  if (grants.leaves === true) return true
  const { extensions } = certificate ?? parseCertificate(certificateDer)
  const constraints = findExtension(extensions, oids.basicConstraints)
  return constraints !== undefined && parseBasicConstraints(constraints.value).pathLenConstraint === 0
}
