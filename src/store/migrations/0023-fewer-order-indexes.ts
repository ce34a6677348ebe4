import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/**
 * Every index costs each order an entry, and each commit a page of the log. What nobody finds few rows by stands in the
 * index of an account's rows instead, where a list looks through it without reading the rows. Certificates of orders
 * are asked for by order or by time of change, never all of them.
 */
export const fewerOrderIndexes: Migration = {
  number: 23,
  name: 'fewer indexes of orders',
  up: ({ dialect: { db }, index }) => [
    ...[
      'certificate_order_account_id',
      'certificate_order_account_id_validity_years',
      'certificate_order_account_id_is_renewed',
      'certificate_order_account_id_no_renewal_notices',
      'order_certificate_account_id',
      'order_request_account_id',
      'order_request_account_id_created_at',
    ].map((name) => ({ compile: () => sql`drop index ${sql.id(name)}`.compile(db) })),
    index('certificate_order_account_id_id', 'certificate_order', [
      'account_id',
      'id',
      'is_renewed',
      'no_renewal_notices',
      'validity_years',
    ]),
    index('order_request_account_id_id', 'order_request', ['account_id', 'id', 'created_at']),
  ],
}
