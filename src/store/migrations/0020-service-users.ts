import type { Migration } from './migration.ts'

/** Programs that use an account, how they log in, and what was told them about the end of that. */
export const serviceUsers: Migration = {
  number: 20,
  name: 'service users, client certificates, notices',
  collections: [
    {
      name: 'service_user',
      columns: { name_key: 'text', end_date: 'text' },
      globalIndexes: [['end_date']],
      unique: [['account_id', 'name_key']],
    },
    {
      name: 'client_certificate',
      columns: { user_id: 'integer', name_key: 'text', fingerprint: 'text', not_after: 'instant' },
      indexes: [['user_id']],
      globalIndexes: [['not_after']],
      unique: [['fingerprint'], ['account_id', 'name_key']],
    },
    {
      name: 'end_notice',
      columns: { credential: 'text', end_date: 'text', days: 'integer' },
      unique: [['account_id', 'credential', 'end_date', 'days']],
    },
  ],
  up: ({ index }) => [index('api_key_end', 'api_key', ['end_date'])],
}
