import type { KeyKind } from '../../pki/key-kinds.ts'
import { oids } from '../../pki/oids.ts'
import type { AccountRecord } from '../accounts/account.ts'
import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { issuingAuthority, rootAuthority } from '../profiles/authorities.ts'
import { tlsServer } from '../profiles/tls.ts'
import type { AuthorityRecord } from './authority.ts'
import { createAuthority } from './create-authority.ts'
import { privateHierarchyGrants } from './grants.ts'

/** The CAs an account can issue from at once. */
export interface AccountHierarchy {
  readonly root: AuthorityRecord
  readonly issuing: AuthorityRecord
}

/**
 * Makes the private hierarchy of an account: a root and a CA below it that issues TLS certificates for any
 * internal name.
 * @param keyKind of both CAs
 */
export async function createAccountHierarchy(
  engine: Engine,
  account: Pick<AccountRecord, 'id' | 'name' | 'email'>,
  caller: Caller,
  keyKind: KeyKind = 'p-256',
): Promise<AccountHierarchy> {
  const organization = organizationOf(account)
  const common = {
    accountId: account.id,
    origin: 'installation' as const,
    keyKind,
    strictness: 'private-tls' as const,
    grants: privateHierarchyGrants,
    leafProfile: tlsServer.id,
    contactEmail: account.email,
  }
  const root = await createAuthority(
    engine,
    {
      ...common,
      parentId: null,
      profile: rootAuthority,
      role: 'root',
      name: 'Root CA',
      subject: subjectOf(organization, 'Root CA'),
    },
    caller,
  )
  const issuing = await createAuthority(
    engine,
    {
      ...common,
      parentId: root.id,
      profile: issuingAuthority,
      role: 'issuing',
      name: 'Issuing CA',
      subject: subjectOf(organization, 'Issuing CA'),
    },
    caller,
  )
  return { root, issuing }
}

function subjectOf(organization: string, title: string) {
  return [
    { type: oids.organizationName, value: organization },
    { type: oids.commonName, value: `${organization.slice(0, 50)} ${title}`.trim() },
  ]
}

/** RFC 5280 appendix A.1 allows 64 characters. */
function organizationOf(account: Pick<AccountRecord, 'name' | 'email'>): string {
  return (account.name === '' ? account.email : account.name).slice(0, 64)
}
