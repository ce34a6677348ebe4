import type { AuthorityRecord } from '../core/authorities/authority.ts'
import { formatName, parseName } from '../pki/names.ts'
import { pemEncode } from '../pki/pem.ts'
import { facts, instant } from './output.ts'

/** A CA as commands show it: for `--json`, and for people. */
export function authorityView(authority: AuthorityRecord): { readonly value: object; readonly text: string } {
  const value = {
    ca_id: authority.id,
    account_id: authority.accountId,
    parent_id: authority.parentId,
    succeeds_id: authority.succeedsId,
    name: authority.name,
    role: authority.role,
    origin: authority.origin,
    status: authority.status,
    strictness: authority.strictness,
    grants: authority.grants,
    profile: authority.profile,
    algorithm: authority.signatureAlgorithm,
    subject: formatName(parseName(authority.subjectDer)),
    not_after: instant(authority.notAfter),
    pem: pemEncode('CERTIFICATE', authority.certificateDer),
  }
  const text = facts([
    ['CA', value.ca_id],
    ['account', value.account_id],
    ['parent', value.parent_id],
    ['name', value.name],
    ['role', value.role],
    ['origin', value.origin],
    ['status', value.status],
    ['strictness', value.strictness],
    ['grants', JSON.stringify(value.grants)],
    ['profile', value.profile],
    ['algorithm', value.algorithm],
    ['subject', value.subject],
    ['not after', value.not_after],
  ])
  return { value, text: `${text}\n\n${value.pem.trimEnd()}` }
}
