import type { Migration } from './migration.ts'

/** Revoked and held certificates in the order CRLs list them, CRLs and when they are due, blocked keys. */
export const status: Migration = {
  number: 7,
  name: 'status and CRLs',
  up: ({ table, index }) => [
    table(
      'status',
      {
        authority_id: 'integer',
        certificate_id: 'integer',
        serial_number: 'bytes',
        status: 'text',
        reason: 'integer',
        changed_at: 'long',
        not_after: 'long',
      },
      { primaryKey: ['authority_id', 'certificate_id'], clustered: true },
    ),
    table('crl_schedule', { authority_id: 'integer*', changes: 'long', due_at: 'long' }),
    index('crl_schedule_due', 'crl_schedule', ['due_at']),
    table(
      'crl',
      {
        authority_id: 'integer',
        shard: 'integer',
        number: 'long',
        this_update: 'long',
        next_update: 'long',
        entries: 'integer',
        der: 'bytes',
      },
      { primaryKey: ['authority_id', 'shard'] },
    ),
    table('blocked_key', { spki_digest: 'bytes*', reason: 'text', blocked_at: 'long' }, { clustered: true }),
  ],
}
