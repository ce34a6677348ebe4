import type { Command } from 'commander'
import { changePassphrase } from '../../core/accounts/passphrase-change.ts'
import type { AccountId } from '../../core/brand.ts'
import { type Options, parseAccountId, withInstallation, withStore } from '../command.ts'
import { CommandError, UsageError } from '../command-error.ts'
import { secretFromFile, secretFromTerminal } from '../secrets.ts'
import type { Services } from '../services.ts'

interface Given extends Options {
  readonly currentFile?: string
  readonly passphraseFile?: string
}

/** `chancery account passphrase` */
export function accountPassphrase(parent: Command, services: Services): void {
  const command = parent
    .command('passphrase')
    .description(
      'change the passphrase of an account; its sessions end, its keys stay usable under the new one',
    )
    .argument('<account>', 'its number', parseAccountId)
    .option('--current-file <FILE>', 'file whose first line is the present passphrase, - for standard input')
    .option('--passphrase-file <FILE>', 'file whose first line is the new passphrase')
  withStore(command, services).action((accountId: AccountId, options: Given) => {
    if (options.passphraseFile === '-')
      throw new UsageError('the new passphrase comes from a file or the terminal')
    return withInstallation(services, options, false, async ({ engine, caller, output }) => {
      const current = await currentPassphrase(options)
      const next = await newPassphrase(options)
      const sessions = await changePassphrase(engine, { accountId, current, next }, caller)
      output.result(
        { account_id: accountId, sessions_ended: sessions },
        `changed; sessions ended: ${sessions}`,
      )
    })
  })
}

function currentPassphrase({ currentFile }: Given): string | Promise<string> {
  if (currentFile !== undefined) return secretFromFile(currentFile)
  return secretFromTerminal('present passphrase', '--current-file')
}

async function newPassphrase({ passphraseFile }: Given): Promise<string> {
  if (passphraseFile !== undefined) return secretFromFile(passphraseFile)
  const first = await secretFromTerminal('new passphrase', '--passphrase-file')
  if (first !== (await secretFromTerminal('again', '--passphrase-file'))) {
    throw new CommandError('the two are not the same: nothing was changed')
  }
  return first
}
