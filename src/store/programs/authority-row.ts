import type { AuthorityGrants, AuthorityRecord } from '../../core/authorities/authority.ts'
import { Fault } from '../../core/faults.ts'
import { type SignatureAlgorithm, signatureAlgorithms } from '../../pki/algorithms.ts'
import { isKeyKind } from '../../pki/key-kinds.ts'
import {
  integerWithin,
  jsonObject,
  member,
  optionalBoolean,
  optionalTexts,
  orFault,
  present,
  RowUnreadable,
} from '../read-back.ts'
import type { AuthorityTable } from '../schema.ts'

const ROLES: readonly AuthorityRecord['role'][] = ['root', 'issuing']
const ORIGINS: readonly AuthorityRecord['origin'][] = ['installation', 'tinycert', 'operator']
const STRICTNESSES: readonly AuthorityRecord['strictness'][] = ['public-tls', 'private-tls']
const STATES: readonly AuthorityRecord['status'][] = ['pending', 'active', 'closed', 'deleted']

/** The columns a record is read from. */
export const authorityColumns = [
  'id',
  'account_id',
  'parent_id',
  'succeeds_id',
  'role',
  'origin',
  'name',
  'strictness',
  'grants',
  'profile',
  'key_id',
  'signature_algorithm',
  'subject_der',
  'spki_der',
  'certificate_der',
  'not_after',
  'crl_shards',
  'contact_email',
  'status',
  'created_at',
] as const satisfies readonly (keyof AuthorityTable)[]

type AuthorityRow = Pick<AuthorityTable, (typeof authorityColumns)[number]>

/**
 * The record of a row, or undefined for no row.
 * @throws Fault authority_unusable
 */
export function readAuthority(row: AuthorityRow): AuthorityRecord
export function readAuthority(row: AuthorityRow | undefined): AuthorityRecord | undefined
export function readAuthority(row: AuthorityRow | undefined): AuthorityRecord | undefined {
  if (row === undefined) return undefined
  return orFault(
    () => ({
      id: row.id,
      accountId: row.account_id,
      parentId: row.parent_id,
      succeedsId: row.succeeds_id,
      role: member(row.role, ROLES, 'authority role'),
      origin: member(row.origin, ORIGINS, 'authority origin'),
      name: row.name,
      strictness: member(row.strictness, STRICTNESSES, 'authority strictness'),
      grants: readGrants(row.grants),
      profile: row.profile,
      keyId: row.key_id,
      signatureAlgorithm: readSignatureAlgorithm(row.signature_algorithm),
      subjectDer: row.subject_der,
      spkiDer: row.spki_der,
      certificateDer: row.certificate_der,
      notAfter: row.not_after,
      crlShards: integerWithin(row.crl_shards, 1, 65_536, 'authority CRL shards'),
      contactEmail: row.contact_email,
      status: member(row.status, STATES, 'authority status'),
      createdAt: row.created_at,
    }),
    (cause) => new Fault('authority_unusable', {}, { cause }),
  )
}

export function grantsText(grants: AuthorityGrants): string {
  return JSON.stringify(grants)
}

/** A grant that cannot be read is an error, never a grant. */
function readGrants(text: string): AuthorityGrants {
  const what = 'authority grants'
  const grants = jsonObject(text, what)
  const days = grants.maximumLifetimeDays
  return present<AuthorityGrants>({
    internalNames: optionalTexts(grants.internalNames, what),
    privateAddresses: optionalTexts(grants.privateAddresses, what),
    serverKeys: optionalBoolean(grants.serverKeys, what),
    hold: optionalBoolean(grants.hold, what),
    reversibleRevocation: optionalBoolean(grants.reversibleRevocation, what),
    freeCommonName: optionalBoolean(grants.freeCommonName, what),
    keyKinds: optionalTexts(grants.keyKinds, what)?.map((kind) => {
      if (!isKeyKind(kind)) throw new RowUnreadable(what)
      return kind
    }),
    underscores: optionalBoolean(grants.underscores, what),
    maximumLifetimeDays: days === undefined ? undefined : integerWithin(days, 1, 1_000_000, what),
    sha1: optionalBoolean(grants.sha1, what),
    leaves: optionalBoolean(grants.leaves, what),
  })
}

function readSignatureAlgorithm(text: string): SignatureAlgorithm {
  if (!isSignatureAlgorithm(text)) throw new RowUnreadable('signature algorithm')
  return text
}

function isSignatureAlgorithm(text: string): text is SignatureAlgorithm {
  return Object.hasOwn(signatureAlgorithms, text)
}
