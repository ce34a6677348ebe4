import type { Command } from 'commander'
import { loadAccount } from '../../core/accounts/load-account.ts'
import type { AccountId } from '../../core/brand.ts'
import { type Options, parseAccountId, withInstallation, withStore } from '../command.ts'
import { facts, instant } from '../output.ts'
import type { Services } from '../services.ts'

/** `chancery account show` */
export function accountShow(parent: Command, services: Services): void {
  const command = parent
    .command('show')
    .description('one account, what it was granted, its CAs and API keys; no secrets')
    .argument('<account>', 'its number', parseAccountId)
  withStore(command, services).action((id: AccountId, options: Options) =>
    withInstallation(services, options, false, async ({ engine, output }) => {
      const found = await engine.store.read(function* (view) {
        const account = yield* loadAccount(view, engine.sealer, id)
        const authorities = yield* view.authorities.ofAccount(id)
        const keys = yield* view.accounts.apiKeysOf(id)
        return { account, authorities, keys }
      })
      const { account, authorities, keys } = found
      const shown = {
        account_id: account.id,
        email: account.email,
        name: account.name,
        status: account.status,
        settings: account.settings,
        created: instant(account.createdAt),
        cas: authorities.map((authority) => authority.id),
        keys: keys.map((key) => key.publicId),
      }
      output.result(
        shown,
        facts([
          ['account', account.id],
          ['email', account.email],
          ['name', account.name],
          ['status', account.status],
          ['settings', JSON.stringify(account.settings)],
          ['created', shown.created],
          ['CAs', shown.cas.join(', ')],
          ['API keys', shown.keys.join(', ')],
        ]),
      )
    }),
  )
}
