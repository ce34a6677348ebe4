import type { Migration } from './migration.ts'

/** What accounts allow their divisions to order. */
export const productLimits: Migration = {
  number: 16,
  name: 'product limits',
  collections: [{ name: 'product_limit', columns: {} }],
  up: () => [],
}
