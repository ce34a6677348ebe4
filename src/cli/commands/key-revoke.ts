import type { Command } from 'commander'
import { revokeApiKey } from '../../core/accounts/api-key-create.ts'
import type { AccountId } from '../../core/brand.ts'
import { type Options, parseAccountId, withInstallation, withStore } from '../command.ts'
import type { Services } from '../services.ts'

interface Given extends Options {
  readonly account: AccountId
}

/** `chancery key revoke` */
export function keyRevoke(parent: Command, services: Services): void {
  const command = parent
    .command('revoke')
    .description('end an API key now')
    .argument('<key>', 'its public part: 26 hex digits')
    .requiredOption('--account <ID>', 'number of the account', parseAccountId)
  withStore(command, services).action((publicId: string, options: Given) =>
    withInstallation(services, options, false, async ({ engine, caller, output }) => {
      await revokeApiKey(engine, options.account, publicId, caller)
      output.result({ key_id: publicId, revoked: true }, `revoked ${publicId}`)
    }),
  )
}
