import type { AccountRecord } from '../../core/accounts/account.ts'
import { type AccountId, accountId } from '../../core/brand.ts'
import type { AccountReads, AccountWrites } from '../../core/store/accounts.ts'
import type { Dialect } from '../dialect.ts'
import { atMost, type Given } from '../slots.ts'
import { statementsOf } from '../statement.ts'
import { readAccount, settingsText, stretchingText } from './account-row.ts'
import { apiKeyPrograms } from './api-keys.ts'
import { counterPrograms } from './counters.ts'
import { sessionPrograms } from './sessions.ts'

type AccountFields = Omit<AccountRecord, 'id' | 'createdAt' | 'settings' | 'passphraseParameters'> & {
  readonly settings: string
  readonly passphraseParameters: string
}

/** Accounts, with their sessions and API keys. */
export function accountPrograms(dialect: Dialect): AccountReads & AccountWrites {
  const make = statementsOf(dialect.db)
  const { db } = make
  const counters = counterPrograms(make)

  const byId = make.row(({ id }: Given<{ id: AccountId }>) =>
    db.selectFrom('account').selectAll().where('id', '=', id),
  )
  const hold = make.row(({ id }: Given<{ id: AccountId }>) =>
    db
      .selectFrom('account')
      .selectAll()
      .where('id', '=', id)
      .$if(dialect.capabilities.rowLocks, (query) => query.forUpdate()),
  )
  const byEmail = make.row(({ email }: Given<{ email: string }>) =>
    db.selectFrom('account').selectAll().where('email', '=', email),
  )
  const page = make.rows(({ after, limit }: Given<{ after: AccountId; limit: number }>) =>
    db.selectFrom('account').selectAll().where('id', '>', after).orderBy('id').limit(atMost(limit)),
  )
  const insert = make.change((given: Given<AccountFields & Pick<AccountRecord, 'id' | 'createdAt'>>) =>
    db
      .insertInto('account')
      .values({
        id: given.id,
        email: given.email,
        name: given.name,
        status: given.status,
        settings: given.settings,
        passphrase_parameters: given.passphraseParameters,
        vault_key_sealed: given.vaultKeySealed,
        tinycert_key_sealed: given.tinycertKeySealed,
        created_at: given.createdAt,
        integrity: given.integrity,
      })
      .onConflict((conflict) => conflict.column('email').doNothing()),
  )
  const update = make.change((given: Given<AccountFields & Pick<AccountRecord, 'id'>>) =>
    db
      .updateTable('account')
      .set({
        email: given.email,
        name: given.name,
        status: given.status,
        settings: given.settings,
        passphrase_parameters: given.passphraseParameters,
        vault_key_sealed: given.vaultKeySealed,
        tinycert_key_sealed: given.tinycertKeySealed,
        integrity: given.integrity,
      })
      .where('id', '=', given.id),
  )

  return {
    ...sessionPrograms(make),
    ...apiKeyPrograms(make, dialect),
    *byId(id) {
      return readAccount(yield* byId.first({ id }))
    },
    *hold(id) {
      return readAccount(yield* hold.first({ id }))
    },
    *byEmail(email) {
      return readAccount(yield* byEmail.first({ email }))
    },
    *page(after, limit) {
      const rows = yield* page.all({ after: accountId(after), limit })
      return rows.map((each) => readAccount(each))
    },
    *nextId() {
      return accountId(yield* counters.next('account'))
    },
    *insert(account) {
      return (yield* insert.run(columns(account))) === 1
    },
    *update(account) {
      yield* update.run(columns(account))
    },
  }
}

function columns(account: AccountRecord) {
  return {
    ...account,
    settings: settingsText(account.settings),
    passphraseParameters: stretchingText(account.passphraseParameters),
  }
}
