import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/**
 * Reservations and what becomes of them. The two rows of a reservation are written once; each way it can go on
 * is a row in a table beside it, so that no row is ever rewritten and no index entry moves. Every index here
 * is paid for by each issuance. Serial numbers and key tags are random, so their indexes are kept narrow.
 */
export const certificates: Migration = {
  number: 6,
  name: 'certificates',
  up: ({ table, index, dialect }) => {
    const { orderedById } = dialect.types
    return [
      table('certificate', {
        id: 'identity*',
        account_id: 'integer',
        authority_id: 'integer',
        serial_number: 'bytes',
        origin: 'integer',
        not_before: 'long',
        not_after: 'long',
        created_at: 'long',
        key_tag: 'long',
        name: 'text',
      }),
      index('certificate_serial', 'certificate', ['authority_id', 'serial_number'], { unique: true }),
      index('certificate_account', 'certificate', ['account_id', ...orderedById]),
      index('certificate_authority', 'certificate', ['authority_id', 'account_id', ...orderedById]),
      index('certificate_created', 'certificate', ['account_id', 'origin', 'created_at']),
      index('certificate_key', 'certificate', ['key_tag', ...orderedById]),
      table('certificate_body', {
        certificate_id: 'integer*',
        attempt: 'bytes',
        profile: 'text',
        key_id: 'text?',
        supersedes: 'integer?',
        spki_digest: 'bytes',
        tbs_der: 'bytes',
        csr_der: 'bytes?',
      }),
      table('open_reservation', { certificate_id: 'integer*', attempt: 'bytes', created_at: 'long' }),
      table('ended_reservation', {
        certificate_id: 'integer*',
        state: 'text',
        account_id: 'integer',
        authority_id: 'integer',
        serial_number: 'bytes',
        origin: 'integer',
        not_after: 'long',
        created_at: 'long',
      }),
      index('ended_reservation_aborted', 'ended_reservation', ['account_id', 'origin', 'created_at'], {
        where: sql<boolean>`state = 'aborted'`,
      }),
      index('ended_reservation_closed', 'ended_reservation', ['authority_id', 'certificate_id'], {
        where: sql<boolean>`state = 'closed'`,
      }),
      table('issuance', { certificate_id: 'integer*', signature: 'bytes', issued_at: 'long' }),
      table('supersession', { certificate_id: 'integer*', successor_id: 'integer', superseded_at: 'long' }),
    ]
  },
}
