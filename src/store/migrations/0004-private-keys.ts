import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** Sealed private keys. Those under the master key are few; an index of their own finds them. */
export const privateKeys: Migration = {
  number: 4,
  name: 'private keys',
  up: ({ table, index }) => [
    table('private_key', {
      id: 'text*',
      account_id: 'integer',
      kind: 'text',
      purpose: 'text',
      wrapping: 'text',
      spki_der: 'bytes',
      key_tag: 'long',
      sealed: 'bytes',
      created_at: 'long',
    }),
    index('private_key_tag', 'private_key', ['key_tag']),
    index('private_key_master', 'private_key', ['id'], { where: sql<boolean>`wrapping = 'master'` }),
  ],
}
