import type { Command } from 'commander'
import { type Options, operator, outputFor, settingFlags, withStore } from '../command.ts'
import type { Services } from '../services.ts'

/** `chancery restore` */
export function restore(parent: Command, services: Services): void {
  const command = parent
    .command('restore')
    .description('put a backup into an empty place: a new data folder, or an empty database')
    .argument('<file>', 'the backup')
    .addHelpText(
      'after',
      '\nPut the master key that belongs to the backup into the new data folder first (folder 0700, file 0600), or\nname it with --master-key-file.',
    )
  withStore(command, services).action(async (file: string, options: Options) => {
    const output = outputFor(options)
    await services.restore(settingFlags(options, services.storeOptions), file, operator())
    output.result({ restored: true }, 'restored')
    output.note(
      '\nWhat was issued and revoked after the backup is unknown to it: revoke again what has to be revoked.\n"chancery audit verify" checks the copy; "chancery serve" starts it.',
    )
  })
}
