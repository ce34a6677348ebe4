import { parseCertificate } from '../../pki/certificate.ts'
import { findExtension } from '../../pki/extensions/extension.ts'
import { parseNameConstraints } from '../../pki/extensions/name-constraints.ts'
import { parseName } from '../../pki/names.ts'
import { oids } from '../../pki/oids.ts'
import { keyKindOf, parseSubjectPublicKeyInfo } from '../../pki/spki.ts'
import type { Caller } from '../audit/caller.ts'
import type { AccountId, AuthorityId, Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { authorityProfiles } from '../profiles/profiles.ts'
import type { AuthorityRecord } from './authority.ts'
import { authorityOf } from './authority-of.ts'
import type { AuthorityRequest } from './authority-request.ts'
import { certifyAuthority, createAuthority } from './create-authority.ts'

export interface AuthorityRenewal {
  /** A new key makes a new CA of the same name beside the old one, which goes on answering status. */
  readonly newKey: boolean
  readonly lifetimeDays?: number
  /** The last instant; wins over `lifetimeDays`. */
  readonly notAfter?: Instant
  /** Joins the transaction that makes the new certificate count. */
  readonly whileRecording?: AuthorityRequest['whileRecording']
}

/**
 * Renews a CA: a new certificate over the same name and key, or a new CA of the same name with a new key. Both
 * generations' certificates go on being answered, each by the CA that signed them.
 *
 * @throws Fault authority_unknown, access_denied, authority_not_active, authority_unusable, validity_refused
 */
export async function renewAuthority(
  engine: Engine,
  account: AccountId,
  id: AuthorityId,
  renewal: AuthorityRenewal,
  caller: Caller,
): Promise<AuthorityRecord> {
  const authority = await authorityOf(engine, account, id)
  if (authority.status !== 'active') throw new Fault('authority_not_active', {})
  const wishes = await wishesOf(engine, authority, renewal)
  return renewal.newKey
    ? withNewKey(engine, authority, wishes, caller)
    : withSameKey(engine, authority, wishes, caller)
}

type Wishes = Awaited<ReturnType<typeof wishesOf>>

/** Profile, constraints and contact address as in the present certificate. */
async function wishesOf(engine: Engine, authority: AuthorityRecord, renewal: AuthorityRenewal) {
  const issuer = await engine.directory.issuer(authority.id)
  const profileId = await certificateProfileOf(engine, authority)
  const profile = authorityProfiles.get(profileId)
  if (profile === undefined) throw new Fault('authority_unusable', {})
  const { extensions } = parseCertificate(authority.certificateDer)
  const constraints = findExtension(extensions, oids.nameConstraints)
  return {
    issuer,
    profile,
    ...(renewal.lifetimeDays === undefined ? {} : { lifetimeDays: renewal.lifetimeDays }),
    ...(renewal.notAfter === undefined ? {} : { notAfter: renewal.notAfter }),
    ...(renewal.whileRecording && { whileRecording: renewal.whileRecording }),
    ...(constraints === undefined ? {} : { nameConstraints: parseNameConstraints(constraints.value) }),
    writesContact: findExtension(extensions, oids.subjectAltName) !== undefined,
  }
}

async function certificateProfileOf(engine: Engine, authority: AuthorityRecord): Promise<string> {
  const { serialNumber } = parseCertificate(authority.certificateDer)
  const record = await engine.store.read((view) =>
    view.certificates.bySerialNumber(authority.parentId ?? authority.id, serialNumber),
  )
  if (record === undefined) throw new Fault('authority_unusable', {})
  return record.profile
}

async function withSameKey(
  engine: Engine,
  authority: AuthorityRecord,
  wishes: Wishes,
  caller: Caller,
): Promise<AuthorityRecord> {
  const parent = authority.parentId === null ? undefined : await engine.directory.issuer(authority.parentId)
  if (parent !== undefined && parent.authority.status !== 'active')
    throw new Fault('authority_not_active', {})
  const key = await engine.store.read((view) => view.keys.byId(authority.keyId))
  if (key === undefined) throw new Fault('authority_unusable', {})
  await certifyAuthority(engine, wishes, authority, key, parent, caller)
  return authorityOf(engine, authority.accountId, authority.id)
}

function withNewKey(
  engine: Engine,
  authority: AuthorityRecord,
  wishes: Wishes,
  caller: Caller,
): Promise<AuthorityRecord> {
  const keyKind = keyKindOf(parseSubjectPublicKeyInfo(authority.spkiDer))
  if (keyKind === undefined) throw new Fault('authority_unusable', {})
  return createAuthority(
    engine,
    {
      ...wishes,
      accountId: authority.accountId,
      parentId: authority.parentId,
      role: authority.role,
      origin: authority.origin,
      name: authority.name,
      subject: parseName(authority.subjectDer),
      keyKind,
      signatureAlgorithm: authority.signatureAlgorithm,
      strictness: authority.strictness,
      grants: authority.grants,
      leafProfile: authority.profile,
      crlShards: authority.crlShards,
      contactEmail: authority.contactEmail,
      succeedsId: authority.id,
    },
    caller,
  )
}
