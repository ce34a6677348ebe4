import type { Command } from 'commander'
import type { AccountRecord } from '../../core/accounts/account.ts'
import type { Engine } from '../../core/engine.ts'
import { type Options, withInstallation, withStore } from '../command.ts'
import { instant, table } from '../output.ts'
import type { Services } from '../services.ts'

const pageLength = 500

/** `chancery account list` */
export function accountList(parent: Command, services: Services): void {
  const command = parent.command('list').description('every account')
  withStore(command, services).action((options: Options) =>
    withInstallation(services, options, false, async ({ engine, output }) => {
      const accounts = await allAccounts(engine)
      const shown = accounts.map(({ id, email, name, status, createdAt }) => ({
        account_id: id,
        email,
        name,
        status,
        created: instant(createdAt),
      }))
      const rows = shown.map((row) => [String(row.account_id), row.email, row.name, row.status, row.created])
      output.result({ accounts: shown }, table(['ID', 'EMAIL', 'NAME', 'STATUS', 'CREATED'], rows))
    }),
  )
}

async function allAccounts(engine: Engine): Promise<readonly AccountRecord[]> {
  const accounts: AccountRecord[] = []
  for (let after = 0; ; ) {
    const page = await engine.store.read((view) => view.accounts.page(after, pageLength))
    accounts.push(...page)
    after = page.at(-1)?.id ?? after
    if (page.length < pageLength) return accounts
  }
}
