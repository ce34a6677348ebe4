import type { LeafProfile } from '../profiles/profile.ts'
import type { AuthorityGrants } from './authority.ts'

/**
 * Rules of the linter that certificates below a CA depart from, because a grant of the CA or the contract behind
 * a profile says so.
 * @param profile of the leaf; absent for CA certificates and responders
 */
export function lintDepartures(grants: AuthorityGrants, profile?: LeafProfile): ReadonlySet<string> {
  return new Set([
    ...(grants.sha1 === true ? ['signature-digest'] : []),
    ...(grants.underscores === true ? ['subject-dns-name-underscore'] : []),
    // RFC 5280 section 4.2.1.6 wants absolute URIs; clients of the TinyCert API send bare host names.
    ...(profile?.alternativeNames.urisWithoutScheme === true ? ['subject-uri-absolute'] : []),
  ])
}
