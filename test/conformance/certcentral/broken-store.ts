import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { order, type Shop } from './fixtures.ts'
import type { Rows } from './rows.ts'
import type { World } from './world.ts'

/** What is wrong with us: a store that somebody else keeps locked, and an account whose record was changed. */
export async function provokeBrokenStore(
  { server }: World,
  { client, organization }: Shop,
  rows: Rows,
): Promise<void> {
  const attempt = () =>
    order(client, 'private_ssl_plus', { organization, certificate: { common_name: 'store.internal' } })
  const database = new DatabaseSync(join(server.dataFolder, 'chancery.db'))
  try {
    database.exec('PRAGMA busy_timeout = 10000')
    database.exec('BEGIN IMMEDIATE')
    await rows.add(
      'service_unavailable',
      'an order while another program keeps the database locked',
      attempt(),
    )
    database.exec('ROLLBACK')
    database.prepare("UPDATE account SET email = 'other@example.test' WHERE id = ?").run(client.account)
    // The record as it was is remembered until something of the configuration changes.
    database.exec("UPDATE counter SET value = value + 1 WHERE name = 'configuration'")
  } finally {
    database.close()
  }
  await rows.add(
    'internal_error',
    'the account record was changed in the store, so its integrity check fails',
    attempt(),
  )
}
