import type { Migration } from './migration.ts'

/** Organizations of accounts, and domains whose control they prove. */
export const organizationsAndDomains: Migration = {
  number: 11,
  name: 'organizations, domains',
  collections: [
    {
      name: 'organization',
      columns: { container_id: 'integer', name: 'text', is_active: 'flag', ends_at: 'instant' },
      indexes: [['container_id'], ['name'], ['ends_at']],
    },
    {
      name: 'domain',
      columns: {
        container_id: 'integer',
        organization_id: 'integer',
        name: 'text',
        locked_name: 'text',
        is_active: 'flag',
        has_ov: 'flag',
        has_ev: 'flag',
        method: 'text',
        proven_at: 'instant',
        due_at: 'instant',
      },
      indexes: [['container_id'], ['organization_id'], ['name'], ['proven_at']],
      globalIndexes: [['locked_name'], ['due_at']],
      unique: [['account_id', 'name', 'organization_id']],
      searched: true,
    },
  ],
  up: () => [],
}
