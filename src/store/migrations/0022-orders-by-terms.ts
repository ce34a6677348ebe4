import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/**
 * Serial numbers and thumbprints of orders are found by the index of terms; certificates of orders by the engine's
 * certificate of that serial number. Indexes over random values cost each order a page of the log.
 */
export const ordersByTerms: Migration = {
  number: 22,
  name: 'orders found by terms',
  scattered: { certificate_order: ['serial_number', 'thumbprint'] },
  up: ({ dialect: { db } }) =>
    [
      'certificate_order_account_id_serial_number',
      'certificate_order_account_id_thumbprint',
      'order_certificate_account_id_serial_number',
      // An order is found by the id of any of its certificates, there.
      'certificate_order_account_id_certificate_id',
    ].map((index) => ({ compile: () => sql`drop index ${sql.id(index)}`.compile(db) })),
}
