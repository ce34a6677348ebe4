import type { Command } from 'commander'
import { createTenant } from '../../core/identity/create-tenant.ts'
import { type Options, withInstallation, withStore } from '../command.ts'
import { facts } from '../output.ts'
import { secretFromFile } from '../secrets.ts'
import type { Services } from '../services.ts'

interface Given extends Options {
  readonly email: string
  readonly name?: string
  readonly passphraseFile?: string
}

/** `chancery account create` */
export function accountCreate(parent: Command, services: Services): void {
  const command = parent
    .command('create')
    .description('make an account that can issue at once, with its secrets; they are shown this one time')
    .requiredOption('--email <ADDRESS>', 'address of the account, unique')
    .option('--name <NAME>', 'what people call it; the address when absent')
    .option(
      '--passphrase-file <FILE>',
      'file whose first line is the passphrase, - for standard input; made when absent',
    )
  withStore(command, services).action((options: Given) =>
    withInstallation(services, options, true, async ({ engine, caller, output }) => {
      const { email, name, passphraseFile } = options
      const request = {
        email,
        ...(name === undefined ? {} : { name }),
        ...(passphraseFile === undefined ? {} : { passphrase: secretFromFile(passphraseFile) }),
      }
      const { account, tinycertKey, generatedPassphrase, apiKey } = await createTenant(
        engine,
        request,
        caller,
      )
      const shown = {
        account_id: account.id,
        email: account.email,
        tinycert_api_key: tinycertKey,
        ...(generatedPassphrase === undefined ? {} : { passphrase: generatedPassphrase }),
        api_key: apiKey,
      }
      output.result(shown, facts(Object.entries(shown)))
      output.note('\nKeep these now: only digests and sealed copies stay here.')
    }),
  )
}
