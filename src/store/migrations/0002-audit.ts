import type { Migration } from './migration.ts'

/** Hash-chained events, the heads of their chains, and how far chains vouch for one another. */
export const audit: Migration = {
  number: 2,
  name: 'audit chains',
  up: ({ table, index }) => [
    table('chain', { id: 'integer*', name: 'text', sequence: 'long', hash: 'bytes', batches: 'long' }),
    index('chain_name', 'chain', ['name'], { unique: true }),
    table(
      'event',
      { chain_id: 'integer', sequence: 'long', body: 'text', hash: 'bytes' },
      { primaryKey: ['chain_id', 'sequence'], clustered: true },
    ),
    table('anchor', { chain_id: 'integer*', sequence: 'long' }),
  ],
}
