import { type CompiledQuery, sql } from 'kysely'
import type { Migration } from './migration.ts'

/** Divisions and users of accounts, whose API keys are, what accounts ask of orders and allow them. */
export const identity: Migration = {
  number: 10,
  name: 'containers, users, account policies',
  collections: [
    {
      name: 'container',
      columns: { parent_id: 'integer', is_active: 'flag' },
      indexes: [['parent_id']],
    },
    {
      name: 'account_user',
      columns: {
        username: 'text',
        email: 'text',
        first_name: 'text',
        last_name: 'text',
        container_id: 'integer',
        role: 'text',
        status: 'text',
        is_api_only: 'flag',
      },
      indexes: [['container_id'], ['is_api_only'], ['email']],
      unique: [['username']],
    },
    {
      name: 'custom_field',
      columns: { label: 'text', is_active: 'flag' },
      unique: [['account_id', 'label']],
    },
    { name: 'account_policy', columns: { root_container_id: 'integer' } },
  ],
  up: ({ dialect, index }) => {
    const { db, types } = dialect
    const { schema } = db
    const statement = (query: ReturnType<typeof sql>): { compile(): CompiledQuery<unknown> } => ({
      compile: () => query.compile(db),
    })
    return [
      schema.alterTable('api_key').addColumn('id', 'integer', (column) => column.notNull().defaultTo(0)),
      schema.alterTable('api_key').addColumn('user_id', 'integer'),
      schema
        .alterTable('api_key')
        .addColumn('name', sql.raw(types.text), (column) => column.notNull().defaultTo('')),
      schema.alterTable('api_key').addColumn('last_used_at', types.long),
      statement(sql`update api_key set id =
        (select count(*) from api_key as other where other.public_id <= api_key.public_id)`),
      statement(sql`insert into counter (name, value) select 'api_key', count(*) from api_key`),
      index('api_key_id', 'api_key', ['id'], { unique: true }),
    ]
  },
}
