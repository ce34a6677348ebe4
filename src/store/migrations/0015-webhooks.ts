import type { Migration } from './migration.ts'

/** Whom accounts want to be told, and what they were told. */
export const webhooks: Migration = {
  number: 15,
  name: 'webhooks and their deliveries',
  collections: [
    {
      name: 'webhook',
      columns: { status: 'text' },
      indexes: [['status']],
      globalIndexes: [['status']],
      unique: [['account_id']],
    },
    {
      name: 'webhook_delivery',
      columns: {
        event: 'text',
        status: 'text',
        reference: 'text',
        due_at: 'instant',
        created_at: 'instant',
      },
      indexes: [['event'], ['status'], ['created_at']],
      globalIndexes: [['due_at'], ['created_at']],
      unique: [['account_id', 'reference']],
    },
  ],
  up: () => [],
}
