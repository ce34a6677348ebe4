import type { Command } from 'commander'
import { loadAccount } from '../../core/accounts/load-account.ts'
import type { AccountId } from '../../core/brand.ts'
import { type Options, parseAccountId, withInstallation, withStore } from '../command.ts'
import { instant, table } from '../output.ts'
import type { Services } from '../services.ts'

interface Given extends Options {
  readonly account: AccountId
}

/** `chancery key list` */
export function keyList(parent: Command, services: Services): void {
  const command = parent
    .command('list')
    .description('API keys of an account, without their secret part')
    .requiredOption('--account <ID>', 'number of the account', parseAccountId)
  withStore(command, services).action((options: Given) =>
    withInstallation(services, options, false, async ({ engine, output }) => {
      const keys = await engine.store.read(function* (view) {
        yield* loadAccount(view, engine.sealer, options.account)
        return yield* view.accounts.apiKeysOf(options.account)
      })
      const shown = keys.map((key) => ({
        key_id: key.publicId,
        role: key.role,
        restriction: key.restriction,
        end_date: key.endDate,
        created: instant(key.createdAt),
        revoked: key.revokedAt === null ? null : instant(key.revokedAt),
      }))
      const rows = shown.map((key) => [
        key.key_id,
        key.role,
        key.restriction ?? '–',
        key.end_date ?? '–',
        key.created,
        key.revoked ?? '–',
      ])
      output.result({ keys: shown }, table(['KEY', 'ROLE', 'RESTRICTION', 'END', 'CREATED', 'REVOKED'], rows))
    }),
  )
}
