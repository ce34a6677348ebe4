import { sql } from 'kysely'
import { type KeyId, keyId } from '../../core/brand.ts'
import type { KeyPurpose, KeyRecord } from '../../core/keys/key-record.ts'
import type { KeyReads, KeyWrites } from '../../core/store/keys.ts'
import { keyKinds } from '../../pki/key-kinds.ts'
import type { Dialect } from '../dialect.ts'
import { keyTag, spkiDigestOf } from '../key-tag.ts'
import { member } from '../read-back.ts'
import type { PrivateKeyTable } from '../schema.ts'
import { atMost, type Given } from '../slots.ts'
import { statementsOf } from '../statement.ts'

const PURPOSES: readonly KeyPurpose[] = ['authority', 'ocsp-responder', 'tls-server', 'subscriber']
const WRAPPINGS: readonly KeyRecord['wrapping'][] = ['master', 'vault']

/** Sealed private keys. */
export function keyPrograms(dialect: Dialect): KeyReads & KeyWrites {
  const { db, row, rows, change } = statementsOf(dialect.db)

  const byId = row(({ id }: Given<{ id: KeyId }>) =>
    db.selectFrom('private_key').selectAll().where('id', '=', id),
  )
  const byTag = rows(({ tag }: Given<{ tag: number }>) =>
    db.selectFrom('private_key').selectAll().where('key_tag', '=', tag),
  )
  const masterWrapped = rows(({ after, limit }: Given<{ after: KeyId; limit: number }>) =>
    db
      .selectFrom('private_key')
      .selectAll()
      .where('wrapping', '=', sql.lit('master'))
      .where('id', '>', after)
      .orderBy('id')
      .limit(atMost(limit)),
  )
  const insert = change((given: Given<KeyRecord & { tag: number }>) =>
    db.insertInto('private_key').values({
      id: given.id,
      account_id: given.accountId,
      kind: given.kind,
      purpose: given.purpose,
      wrapping: given.wrapping,
      spki_der: given.spkiDer,
      key_tag: given.tag,
      sealed: given.sealed,
      created_at: given.createdAt,
    }),
  )
  const rewrap = change(({ id, sealed }: Given<{ id: KeyId; sealed: Uint8Array }>) =>
    db.updateTable('private_key').set({ sealed }).where('id', '=', id),
  )
  return {
    *byId(id) {
      const found = yield* byId.first({ id })
      return found === undefined ? undefined : readKey(found)
    },
    *bySpkiDigest(spkiDigest) {
      const candidates = yield* byTag.all({ tag: keyTag(spkiDigest) })
      const found = candidates.find(
        (candidate) => Buffer.compare(spkiDigestOf(candidate.spki_der), spkiDigest) === 0,
      )
      return found === undefined ? undefined : readKey(found)
    },
    *masterWrapped(after, limit) {
      return (yield* masterWrapped.all({ after: keyId(after), limit })).map(readKey)
    },
    *insert(key) {
      yield* insert.run({ ...key, tag: keyTag(spkiDigestOf(key.spkiDer)) })
    },
    *rewrap(id, sealed) {
      yield* rewrap.run({ id, sealed })
    },
  }
}

function readKey(row: PrivateKeyTable): KeyRecord {
  return {
    id: row.id,
    accountId: row.account_id,
    kind: member(row.kind, keyKinds, 'key kind'),
    purpose: member(row.purpose, PURPOSES, 'key purpose'),
    wrapping: member(row.wrapping, WRAPPINGS, 'key wrapping'),
    spkiDer: row.spki_der,
    sealed: row.sealed,
    createdAt: row.created_at,
  }
}
