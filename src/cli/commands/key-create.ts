import { type Command, Option } from 'commander'
import type { ApiKeyRestriction, ApiKeyRole } from '../../core/accounts/account.ts'
import { createApiKey } from '../../core/accounts/api-key-create.ts'
import type { AccountId } from '../../core/brand.ts'
import { type Options, parseAccountId, withInstallation, withStore } from '../command.ts'
import { facts } from '../output.ts'
import type { Services } from '../services.ts'

const roles: readonly ApiKeyRole[] = ['administrator', 'standard', 'limited', 'finance', 'manager']
const restrictions: readonly ApiKeyRestriction[] = ['orders', 'orders-domains-organizations', 'view', 'users']

interface Given extends Options {
  readonly account: AccountId
  readonly role: ApiKeyRole
  readonly restrict?: ApiKeyRestriction
  readonly endDate?: string
}

/** `chancery key create` */
export function keyCreate(parent: Command, services: Services): void {
  const command = parent
    .command('create')
    .description('make an API key; it is shown this one time')
    .requiredOption('--account <ID>', 'number of the account', parseAccountId)
    .addOption(new Option('--role <ROLE>', 'what it may do').choices(roles).default('administrator'))
    .addOption(new Option('--restrict <TO>', 'what it is narrowed to').choices(restrictions))
    .option('--end-date <DAY>', 'last UTC day it works, YYYY-MM-DD')
  withStore(command, services).action((options: Given) =>
    withInstallation(services, options, false, async ({ engine, caller, output }) => {
      const { account, role, restrict, endDate } = options
      const request = { accountId: account, role, restriction: restrict ?? null, endDate: endDate ?? null }
      const { record, text } = await createApiKey(engine, request, caller)
      const shown = { key_id: record.publicId, api_key: text }
      output.result(shown, facts(Object.entries(shown)))
      output.note('\nKeep it now: only its digest stays here.')
    }),
  )
}
