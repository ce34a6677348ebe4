import type {
  AuthorityCertificateRecord,
  AuthorityRecord,
  IssuerHashes,
} from '../../core/authorities/authority.ts'
import { type AccountId, type AuthorityId, authorityId, type Instant } from '../../core/brand.ts'
import type { AuthorityReads, AuthorityWrites } from '../../core/store/authorities.ts'
import type { Dialect } from '../dialect.ts'
import { atMost, type Given } from '../slots.ts'
import { statementsOf } from '../statement.ts'
import { authorityColumns, grantsText, readAuthority } from './authority-row.ts'
import { counterPrograms } from './counters.ts'
import { responderPrograms } from './responders.ts'

type InsertedAuthority = Omit<AuthorityRecord, 'grants'> & IssuerHashes & { readonly grants: string }

/** What its owner does not see. */
const HIDDEN: readonly AuthorityRecord['status'][] = ['pending', 'deleted']

/** CAs with their certificates and OCSP responders. */
export function authorityPrograms(dialect: Dialect): AuthorityReads & AuthorityWrites {
  const make = statementsOf(dialect.db)
  const { db, row, rows, change } = make
  const counters = counterPrograms(make)
  const selected = db.selectFrom('authority').select(authorityColumns)

  const byId = row(({ id }: Given<{ id: AuthorityId }>) => selected.where('id', '=', id))
  const ofAccount = rows(({ account }: Given<{ account: AccountId }>) =>
    selected.where('account_id', '=', account).where('status', 'not in', HIDDEN).orderBy('id'),
  )
  const ofAccountAndOrigin = rows((given: Given<{ account: AccountId; origin: AuthorityRecord['origin'] }>) =>
    selected
      .where('account_id', '=', given.account)
      .where('origin', '=', given.origin)
      .where('status', 'not in', HIDDEN)
      .orderBy('id'),
  )
  const page = rows(({ after, limit }: Given<{ after: AuthorityId; limit: number }>) =>
    selected.where('id', '>', after).where('status', '<>', 'pending').orderBy('id').limit(atMost(limit)),
  )
  const bySha1 = row(({ name, key }: Given<{ name: Uint8Array; key: Uint8Array }>) =>
    db.selectFrom('authority').select('id').where('key_sha1', '=', key).where('name_sha1', '=', name),
  )
  const bySha256 = row(({ name, key }: Given<{ name: Uint8Array; key: Uint8Array }>) =>
    db.selectFrom('authority').select('id').where('key_sha256', '=', key).where('name_sha256', '=', name),
  )
  const countCreated = row(
    (given: Given<{ account: AccountId; origin: AuthorityRecord['origin']; since: Instant }>) =>
      db
        .selectFrom('authority')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('account_id', '=', given.account)
        .where('origin', '=', given.origin)
        .where('created_at', '>=', given.since),
  )
  const certificatesOf = rows(({ id }: Given<{ id: AuthorityId }>) =>
    db
      .selectFrom('authority_certificate')
      .select([
        'authority_id as authorityId',
        'serial_number as serialNumber',
        'certificate_der as certificateDer',
        'not_before as notBefore',
        'not_after as notAfter',
      ])
      .where('authority_id', '=', id)
      .orderBy('not_before', 'desc')
      .orderBy('not_after', 'desc'),
  )
  const withSerialNumber = rows((given: Given<{ account: AccountId; serialNumber: Uint8Array }>) =>
    db
      .selectFrom('authority')
      .innerJoin('authority_certificate', 'authority_certificate.authority_id', 'authority.id')
      .select('authority.id as id')
      .where('authority.account_id', '=', given.account)
      .where('authority_certificate.serial_number', '=', given.serialNumber),
  )

  const insert = change((given: Given<InsertedAuthority>) =>
    db.insertInto('authority').values({
      id: given.id,
      account_id: given.accountId,
      parent_id: given.parentId,
      succeeds_id: given.succeedsId,
      role: given.role,
      origin: given.origin,
      name: given.name,
      strictness: given.strictness,
      grants: given.grants,
      profile: given.profile,
      key_id: given.keyId,
      signature_algorithm: given.signatureAlgorithm,
      subject_der: given.subjectDer,
      spki_der: given.spkiDer,
      certificate_der: given.certificateDer,
      not_after: given.notAfter,
      crl_shards: given.crlShards,
      contact_email: given.contactEmail,
      status: given.status,
      created_at: given.createdAt,
      certificates_hidden: 0,
      responder_until: 0,
      name_sha1: given.nameSha1,
      key_sha1: given.keySha1,
      name_sha256: given.nameSha256,
      key_sha256: given.keySha256,
    }),
  )
  const schedule = change(({ id }: Given<{ id: AuthorityId }>) =>
    db.insertInto('crl_schedule').values({ authority_id: id, changes: 0, due_at: 0 }),
  )
  const insertCertificate = change((given: Given<AuthorityCertificateRecord>) =>
    db.insertInto('authority_certificate').values({
      authority_id: given.authorityId,
      serial_number: given.serialNumber,
      certificate_der: given.certificateDer,
      not_before: given.notBefore,
      not_after: given.notAfter,
    }),
  )
  const renew = change((given: Given<{ id: AuthorityId; certificateDer: Uint8Array; notAfter: Instant }>) =>
    db
      .updateTable('authority')
      .set({ certificate_der: given.certificateDer, not_after: given.notAfter })
      .where('id', '=', given.id),
  )
  const setStatus = change(({ id, status }: Given<Pick<AuthorityRecord, 'id' | 'status'>>) =>
    db.updateTable('authority').set({ status }).where('id', '=', id),
  )
  const setGrants = change(({ id, grants }: Given<{ id: AuthorityId; grants: string }>) =>
    db.updateTable('authority').set({ grants }).where('id', '=', id),
  )

  return {
    ...responderPrograms(make),
    *byId(id) {
      return readAuthority(yield* byId.first({ id }))
    },
    *ofAccount(account, origin) {
      const found =
        origin === undefined
          ? yield* ofAccount.all({ account })
          : yield* ofAccountAndOrigin.all({ account, origin })
      return found.map((each) => readAuthority(each))
    },
    *page(after, limit) {
      return (yield* page.all({ after: authorityId(after), limit })).map((each) => readAuthority(each))
    },
    *certificatesOf(id) {
      return (yield* certificatesOf.all({ id })).map((found) => ({ ...found }))
    },
    *withSerialNumber(account, serialNumber) {
      return (yield* withSerialNumber.all({ account, serialNumber })).map(({ id }) => id)
    },
    *byIssuerHashes(algorithm, name, key) {
      const statement = algorithm === 'sha1' ? bySha1 : bySha256
      return (yield* statement.first({ name, key }))?.id
    },
    *countCreatedSince(account, origin, since) {
      return (yield* countCreated.first({ account, origin, since }))?.count ?? 0
    },
    *nextId() {
      return authorityId(yield* counters.next('authority'))
    },
    *insert(authority, hashes) {
      yield* insert.run({ ...authority, ...hashes, grants: grantsText(authority.grants) })
      yield* schedule.run({ id: authority.id })
    },
    *insertCertificate(certificate) {
      yield* insertCertificate.run(certificate)
    },
    *renew(id, certificateDer, notAfter) {
      yield* renew.run({ id, certificateDer, notAfter })
    },
    *setStatus(id, status) {
      yield* setStatus.run({ id, status })
    },
    *setGrants(id, grants) {
      yield* setGrants.run({ id, grants: grantsText(grants) })
    },
  }
}
