import type { Migration } from './migration.ts'

/** What accounts have to spend, and how it came and went; accounts below others. */
export const finance: Migration = {
  number: 14,
  name: 'funds and their ledger, subaccounts',
  collections: [
    { name: 'account_funds', columns: { entries: 'integer' } },
    {
      name: 'ledger_entry',
      columns: {
        container_id: 'integer',
        kind: 'text',
        order_id: 'integer',
        reference: 'text',
        created_at: 'instant',
      },
      indexes: [['container_id'], ['kind'], ['order_id'], ['created_at']],
      unique: [['account_id', 'reference']],
    },
    { name: 'subaccount', columns: { name: 'text', email: 'text' }, indexes: [['name']] },
  ],
  up: () => [],
}
