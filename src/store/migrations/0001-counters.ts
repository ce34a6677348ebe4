import type { Migration } from './migration.ts'

/** Numbers that are drawn, the epoch of the configuration, and single values of the installation. */
export const counters: Migration = {
  number: 1,
  name: 'counters and settings',
  up: ({ table, dialect }) => [
    table('counter', { name: 'text*', value: 'long' }, { clustered: true }),
    dialect.db.insertInto('counter').values([
      { name: 'account', value: 0 },
      { name: 'authority', value: 0 },
      { name: 'chain', value: 0 },
      { name: 'configuration', value: 0 },
    ]),
    table('setting', { name: 'text*', value: 'text' }, { clustered: true }),
    table('lease', { name: 'text*', holder: 'text', until: 'long' }, { clustered: true }),
  ],
}
