import type { Migration } from './migration.ts'

/** Tenants and what proves a request of theirs. */
export const accounts: Migration = {
  number: 3,
  name: 'accounts, sessions, API keys',
  up: ({ table, index }) => [
    table('account', {
      id: 'integer*',
      email: 'text',
      name: 'text',
      status: 'text',
      settings: 'text',
      passphrase_parameters: 'text',
      vault_key_sealed: 'bytes',
      tinycert_key_sealed: 'bytes',
      created_at: 'long',
      integrity: 'bytes',
    }),
    index('account_email', 'account', ['email'], { unique: true }),
    table(
      'session',
      {
        token_digest: 'bytes*',
        account_id: 'integer',
        secrets_sealed: 'bytes',
        created_at: 'long',
        last_used_at: 'long',
      },
      { clustered: true, references: { account_id: 'account.id' } },
    ),
    index('session_account', 'session', ['account_id']),
    index('session_last_used', 'session', ['last_used_at']),
    table(
      'api_key',
      {
        public_id: 'text*',
        account_id: 'integer',
        digest: 'bytes',
        role: 'text',
        restriction: 'text?',
        end_date: 'text?',
        created_at: 'long',
        revoked_at: 'long?',
      },
      { references: { account_id: 'account.id' } },
    ),
    index('api_key_account', 'api_key', ['account_id']),
  ],
}
