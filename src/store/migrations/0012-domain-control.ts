import type { Migration } from './migration.ts'

/** Mails that ask whoever runs a domain to approve, and keys from which request tokens are derived. */
export const domainControl: Migration = {
  number: 12,
  name: 'approval mails, AuthKeys',
  collections: [
    {
      name: 'approval_mail',
      columns: { domain_id: 'integer', order_id: 'integer', due_at: 'instant' },
      indexes: [['domain_id'], ['order_id']],
      globalIndexes: [['due_at']],
    },
    {
      name: 'auth_key',
      columns: { public_id: 'text', expires_at: 'instant' },
      indexes: [['expires_at']],
      unique: [['public_id']],
    },
  ],
  up: () => [],
}
